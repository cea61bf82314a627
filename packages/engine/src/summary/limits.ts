import { MAX_EVIDENCE_LINES } from "@touchmark/core";

/** Summaries that one run writes: more lines than this `verify` reads of no file. Unit: summaries. */
export const MAX_SUMMARIES = MAX_EVIDENCE_LINES;
