import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sameDigests, subjectKey } from "@touchmark/core";
import type { Adapter } from "@touchmark/plugin";
import { type Artifact, artifactsOf, sample } from "../artifacts.ts";
import { type FixtureCopy, withFixture } from "../fixture-copy.ts";
import { KEPT, type Law, type LawCase, type LawResult } from "../law.ts";
import { baseline, type Outcome, run, showOutcome } from "../outcome.ts";

/** Changed artifacts in one case; a case with more is sampled. Unit: runs of the adapter. */
const MAX_CHANGES = 40;

export const changedByte: Law = {
  number: 9,
  title: "a changed byte is noticed",
  why: "a file that was changed after the build is what verifying is about; the builder is the first who can see it",
  async check(adapter, lawCase) {
    if (lawCase.declared) return { status: "skipped", reason: "the artifacts are not in the fixture" };
    return withFixture(lawCase, async (copy) => {
      const output = await baseline(adapter, lawCase, copy);
      if ("broken" in output) return broken("changed nothing yet", output.broken, false);
      const artifacts = artifactsOf(output, lawCase, copy).filter(({ paths }) => paths.length > 0);
      if (artifacts.length === 0) return broken("looked for the artifacts in the fixture", "none", false);
      const metadata = lawCase.metadata ?? [];
      for (const artifact of sample(artifacts, MAX_CHANGES)) {
        if (artifact.paths.some((path) => metadata.includes(path))) continue; // law 5 spoils these
        const strict = isDeclared(artifact, adapter, lawCase);
        const outcome = await withChangedByte(artifact, copy, () => run(adapter, lawCase, copy.folder));
        if (isNoticed(outcome, artifact, strict)) continue;
        return broken(`changed a byte of ${artifact.paths.join(" and ")}`, showOutcome(outcome), strict);
      }
      return KEPT;
    });
  },
};

/** The last byte: headers are read by more tools than tails. */
async function withChangedByte<T>({ paths }: Artifact, copy: FixtureCopy, use: () => Promise<T>): Promise<T> {
  const originals = await Promise.all(paths.map((path) => readFile(join(copy.folder, path))));
  const write = (change: (bytes: Uint8Array) => Uint8Array) =>
    Promise.all(
      paths.map((path, index) => writeFile(join(copy.folder, path), change(originals[index] ?? new Uint8Array()))),
    );
  await write((bytes) => (bytes.length === 0 ? new Uint8Array([1]) : flipLast(bytes)));
  const result = await use();
  await write((bytes) => bytes);
  return result;
}

function flipLast(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}

function isNoticed(outcome: Outcome, { subject }: Artifact, strict: boolean): boolean {
  if (outcome.kind === "refused") return true;
  if (strict || outcome.kind !== "output") return false;
  const now = outcome.output.subjects.find((other) => subjectKey(other) === subjectKey(subject));
  return now !== undefined && !sameDigests(now.digest, subject.digest);
}

/** True where the tool wrote down a digest that the byte contradicts. */
function isDeclared({ subject }: Artifact, adapter: Adapter, { undeclared }: LawCase): boolean {
  const without = undeclared ?? (adapter.completeness === "manifest" ? [] : "all");
  return without !== "all" && !without.includes(subject.name);
}

function broken(did: string, got: string, strict: boolean): LawResult {
  return {
    status: "broken",
    did,
    got,
    expected: strict ? "DIGEST_MISMATCH" : "an error, or another digest for that subject",
    remedy: strict
      ? "compare the hashed digests with every digest that the tool declared; what it declares no digest of, the case names in undeclared"
      : "hash the bytes at every run; do not keep or guess digests",
  };
}
