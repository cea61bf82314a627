import { isTouchmarkError, subjectKey } from "@touchmark/core";
import { withFixture } from "../fixture-copy.ts";
import { KEPT, type Law, type LawResult } from "../law.ts";
import { baseline, canonical } from "../outcome.ts";

export const keys: Law = {
  number: 6,
  title: "every subject has a key of its own",
  why: "two files under one name cannot be told apart by anyone who verifies them",
  async check(adapter, lawCase) {
    return withFixture(lawCase, async (copy) => {
      const output = await baseline(adapter, lawCase, copy);
      if ("broken" in output) return broken(output.broken);
      const seen = new Set<string>();
      for (const subject of output.subjects) {
        if (seen.has(subjectKey(subject))) return broken(`${subject.name} twice`);
        seen.add(subjectKey(subject));
      }
      try {
        canonical(adapter, output);
        return KEPT;
      } catch (error) {
        if (!isTouchmarkError(error)) throw error;
        return broken(`${error.code}: ${error.message}`);
      }
    });
  },
};

function broken(got: string): LawResult {
  return {
    status: "broken",
    did: "looked at the subjects' names",
    got,
    expected: "names that core accepts, each once; of images, repository and digest once",
    remedy: "fold equal files with mergeSubjects, and throw SUBJECT_CONFLICT for two that differ",
  };
}
