import { boundedArray } from "@touchmark/core";
import { z } from "@touchmark/plugin";
import { MAX_INDEX_FILES } from "./limits.ts";

/** A file as an index of Python packages lists it. */
export interface IndexFile {
  readonly filename: string;
  /** Absolute, or relative to the page. */
  readonly url: string;
  readonly hashes: Readonly<Record<string, string>>;
  /** Unit: bytes. */
  readonly size?: number | null | undefined;
  /** Where the index has the attestations of the file (PEP 740). */
  readonly provenance?: string | null | undefined;
}

const FileAnswer = z.object({
  filename: z.string(),
  url: z.string(),
  hashes: z.record(z.string().max(32), z.string().max(200)),
  size: z.int().min(0).nullish(),
  provenance: z.string().nullish(),
});

/** https://packaging.python.org/en/latest/specifications/simple-repository-api/#json-based-simple-api-for-python-package-indexes */
export const ProjectAnswer = z.object({ files: boundedArray(FileAnswer, MAX_INDEX_FILES) });
