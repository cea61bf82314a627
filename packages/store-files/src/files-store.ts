import { compareText, MAX_BUNDLE_LINES, MAX_EVIDENCE_BYTES, subjectKey, TouchmarkError } from "@touchmark/core";
import type { Publisher, SignedEnvelope } from "@touchmark/plugin";
import { checkStem, uniqueFileNames } from "./file-name.ts";
import { asLine, type OutputFile, writeOutput } from "./write-output.ts";

export interface FilesStoreOptions {
  /** As the user gave it; made when it is missing. */
  readonly folder: string;
  /** The stem: `releaseStem` chooses it. */
  readonly name: string;
  /** The statements have one subject each, and their files are named after it. */
  readonly perSubject: boolean;
}

/**
 * Writes bundles as files:
 *
 * - `<name>.intoto.jsonl`: all of them, one a line. What most verifiers and GitHub releases look for.
 * - `<name>.sigstore.json`: the bundle, when there is one.
 * - else `<subject>.sigstore.json` for each, when they are per subject, and `<name>-<n>.sigstore.json` when a large
 *   statement was split.
 *
 * All or none of them; files of the same name are replaced, others stay.
 *
 * @throws TouchmarkError `NAME_REFUSED` here. In `publish`: `SUBJECTS_EMPTY` without envelopes, `LIMIT_EXCEEDED` when no
 * verifier of ours would read the file, `OUTPUT_CONFLICT`, `OUTPUT_UNWRITABLE`, `DISK_FULL`; `OUTSIDE_ROOTS` when the host
 * may not read in the folder.
 */
export function filesStore(options: FilesStoreOptions): Publisher {
  checkStem(options.name);
  return {
    name: "files",
    async publish(envelopes, host) {
      return writeOutput(options.folder, outputFiles(options, envelopes), host);
    },
  };
}

function outputFiles(options: FilesStoreOptions, envelopes: readonly SignedEnvelope[]): readonly OutputFile[] {
  const [first, second] = envelopes;
  if (first === undefined) {
    throw new TouchmarkError("SUBJECTS_EMPTY", "there is no signed statement to write", {
      expected: "at least one",
      actual: "none",
    });
  }
  const lines = envelopes.map((envelope) => asLine(envelope.bundle));
  const all: OutputFile = { name: `${options.name}.intoto.jsonl`, bytes: joined(lines), subject: null };
  if (second === undefined) return [all, { ...all, name: `${options.name}.sigstore.json` }];
  if (options.perSubject) return [all, ...perSubject(envelopes, lines)];
  const parts = lines.map((bytes, index) => {
    return { name: `${options.name}-${index + 1}.sigstore.json`, bytes, subject: null };
  });
  return [all, ...parts];
}

function perSubject(envelopes: readonly SignedEnvelope[], lines: readonly Uint8Array[]): readonly OutputFile[] {
  const entries = envelopes.map((envelope, index) => {
    const [subject, second] = envelope.subjects;
    if (subject === undefined || second !== undefined) {
      throw new TouchmarkError("INPUT_INVALID", "statements per subject must have one subject each", {
        expected: "1",
        actual: String(envelope.subjects.length),
      });
    }
    return { key: subjectKey(subject), subject: subject.name, bytes: lines[index] ?? new Uint8Array() };
  });
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  if (byKey.size !== entries.length) {
    throw new TouchmarkError("OUTPUT_CONFLICT", "two statements are about one subject", {
      expected: `${entries.length} subjects`,
      actual: `${byKey.size} different ones`,
    });
  }
  const names = uniqueFileNames([...byKey.keys()], (key) => byKey.get(key)?.subject ?? key);
  return entries
    .map(({ key, subject, bytes }) => ({ name: `${names.get(key)}.sigstore.json`, bytes, subject }))
    .sort((left, right) => compareText(left.name, right.name));
}

/** What is written here must be readable by `verify`, which has the same limits. */
function joined(lines: readonly Uint8Array[]): Uint8Array {
  const size = lines.reduce((sum, line) => sum + line.byteLength, 0);
  if (lines.length > MAX_BUNDLE_LINES || size > MAX_EVIDENCE_BYTES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", "the signed statements are too large for one file", {
      expected: `at most ${MAX_BUNDLE_LINES} statements and ${MAX_EVIDENCE_BYTES} bytes`,
      actual: `${lines.length} statements, ${size} bytes`,
    });
  }
  return Buffer.concat(lines);
}
