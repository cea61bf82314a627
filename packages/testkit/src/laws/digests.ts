import type { BuildOutput } from "@touchmark/core";
import { artifactsOf, wrongDigest } from "../artifacts.ts";
import { withFixture } from "../fixture-copy.ts";
import { KEPT, type Law, type LawCase, type LawResult } from "../law.ts";
import { baseline } from "../outcome.ts";

export const digests: Law = {
  number: 3,
  title: "digests are those of the bytes",
  why: "metadata of every tool has been seen to disagree with the disk; what is signed must be what is shipped",
  async check(adapter, lawCase) {
    return withFixture(lawCase, async (copy) => {
      const output = await baseline(adapter, lawCase, copy);
      if ("broken" in output) return broken(output.broken, "an output");
      const other = differsFromPinned(output, lawCase);
      if (other !== null) return broken(other, "the case's subjects, each with its digest, and no other");
      for (const artifact of artifactsOf(output, lawCase, copy)) {
        const pinned = lawCase.subjects?.[artifact.subject.name] !== undefined;
        if (artifact.paths.length === 0 && pinned) continue; // a folder's digest, or one that the case vouches for
        const wrong = await wrongDigest(artifact, copy);
        if (wrong !== null) return broken(`${artifact.subject.name}: ${wrong}`, "the digests of a file of the fixture");
      }
      if (lawCase.declared !== true || lawCase.subjects !== undefined) return KEPT;
      return { status: "skipped", reason: "the case is declared and pins no subjects" };
    });
  },
};

/** Compares with the list that the case's author wrote by hand or with another tool. */
function differsFromPinned(output: BuildOutput, { subjects }: LawCase): string | null {
  if (subjects === undefined) return null;
  const got = new Map(output.subjects.map((subject) => [subject.name, subject.digest]));
  for (const [name, pinned] of Object.entries(subjects)) {
    const [algorithm = "", hex] = pinned.split(":");
    const digest = got.get(name);
    if (digest === undefined) return `no subject ${name}`;
    if (digest[algorithm] !== hex) return `${name} with ${algorithm}:${digest[algorithm]}`;
  }
  const extra = [...got.keys()].filter((name) => !Object.hasOwn(subjects, name));
  return extra.length === 0 ? null : `${extra.join(", ")} besides`;
}

function broken(got: string, expected: string): LawResult {
  return {
    status: "broken",
    did: "hashed the fixture's files",
    got,
    expected,
    remedy:
      "hash with host.digest or subjectsOf, never copy a digest from metadata; mark as declared what only metadata can know",
  };
}
