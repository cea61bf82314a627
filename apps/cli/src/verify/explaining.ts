import type { CheckReport } from "@touchmark/engine";
import { explanationOf } from "@touchmark/engine/reports";
import { TraceBook } from "@touchmark/verify";
import { explanationLines } from "../render/explanation.ts";
import type { Terminal } from "../render/terminal.ts";
import type { Belief } from "./belief.ts";

/** Explains one artifact: what `check` notes while it works, and what of it is shown. */
export interface Explaining {
  readonly book: TraceBook;
  /** The report with its explanation. @throws TouchmarkError as `explanationOf`. */
  explained(report: CheckReport, belief: Belief): CheckReport;
  lines(report: CheckReport, terminal: Terminal): readonly string[];
}

/** @param artifact - as the report calls it, or the last segment of that. */
export function explaining(artifact: string): Explaining {
  const book = new TraceBook(artifact);
  return {
    book,
    explained: (report, belief) => ({ ...report, explanation: explanationOf(report, book, artifact, belief) }),
    lines: ({ explanation, inputs }, terminal) =>
      explanation === undefined ? [] : explanationLines(explanation, terminal, { byFlags: inputs.trust === null }),
  };
}
