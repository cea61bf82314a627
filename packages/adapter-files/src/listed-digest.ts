import {
  ACCEPTABLE_ALGORITHMS,
  type ChecksumEntry,
  type DigestAlgorithm,
  isWellFormedDigest,
  parseChecksumText,
  TouchmarkError,
} from "@touchmark/core";
import type { HashAlgorithm } from "@touchmark/plugin";
import { algorithmOfListName, stemOfDigestFile } from "./list-name.ts";

/** What one line of a list says about a file. */
export interface ListedDigest {
  readonly hex: string;
  /** What the digest may be: one where the line, the option or the list's name says so, else all of its length. */
  readonly algorithms: readonly HashAlgorithm[];
  readonly line: number;
}

/** Files by their name, in the list's order, with every line about each. */
export type ListedFiles = ReadonlyMap<string, readonly ListedDigest[]>;

const COMPUTED: readonly HashAlgorithm[] = [
  ...ACCEPTABLE_ALGORITHMS,
  "sha1",
  "sha224",
  "sha512_224",
  "sha3_224",
  "sm3",
  "md5",
];

/**
 * Reads a checksum list: names without their leading `./`, and the algorithms that each digest may be of.
 *
 * @param list - the list's base name; it may say the algorithm, and a bare digest's file.
 * @param algorithm - for lines that name none; null asks the list's name.
 * @throws TouchmarkError `INPUT_INVALID`, with the line; `SUBJECTS_EMPTY` when no file is listed.
 */
export function readListedFiles(bytes: Uint8Array, list: string, algorithm: DigestAlgorithm | null): ListedFiles {
  const customary = algorithm ?? algorithmOfListName(list);
  const files = new Map<string, ListedDigest[]>();
  for (const entry of parseChecksumText(bytes, list)) {
    const name = entry.name === null ? bareName(list) : entry.name.replace(/^(?:\.\/)+/, "");
    const digest = { hex: entry.hex, algorithms: algorithmsOf(entry, customary, list), line: entry.line };
    files.set(name, [...(files.get(name) ?? []), digest]);
  }
  if (files.size > 0) return files;
  throw new TouchmarkError("SUBJECTS_EMPTY", `${list} lists no file`, {
    expected: "at least one line",
    actual: "none",
  });
}

function bareName(list: string): string {
  const stem = stemOfDigestFile(list);
  if (stem !== null) return stem;
  throw new TouchmarkError("INPUT_INVALID", `${list} holds a digest without a name`, {
    expected: "HEX  NAME, or a digest file that is named after its file, such as tool.sha256",
    actual: list,
  });
}

function algorithmsOf(entry: ChecksumEntry, customary: DigestAlgorithm | null, list: string): readonly HashAlgorithm[] {
  const said = entry.algorithm ?? customary;
  const fitting = COMPUTED.filter((one) => (said === null || one === said) && isWellFormedDigest(one, entry.hex));
  if (fitting.length > 0) return fitting;
  throw new TouchmarkError("INPUT_INVALID", `${list} line ${entry.line} has ${entry.hex.length} hex digits`, {
    expected:
      said === null ? "the length of a digest that we know" : `a ${said} digest; the option algorithm says otherwise`,
    actual: `${entry.hex.slice(0, 128)}`,
  });
}
