import { withTemporaryFolder } from "../fixture-copy.ts";
import { KEPT, type Law } from "../law.ts";
import { run, showOutcome } from "../outcome.ts";

export const absence: Law = {
  number: 1,
  title: "nothing of mine in an empty folder gives null",
  why: "an adapter that finds something where there is nothing would speak for other tools' files",
  async check(adapter, lawCase) {
    const outcome = await withTemporaryFolder((folder) => run(adapter, lawCase, folder));
    if (outcome.kind === "null" && lawCase.absent === undefined) return KEPT;
    if (outcome.kind === "refused" && outcome.error.code === lawCase.absent) return KEPT;
    return {
      status: "broken",
      did: "ran it in an empty folder",
      got: showOutcome(outcome),
      expected: lawCase.absent === undefined ? "null" : `${lawCase.absent}, as the case says`,
      remedy:
        "return null when your tool left no trace; an adapter that is told by name what to read throws instead, and its case says which code: absent",
    };
  },
};
