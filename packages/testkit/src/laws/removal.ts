import { rename } from "node:fs/promises";
import { join } from "node:path";
import { artifactsOf, sample } from "../artifacts.ts";
import { withFixture } from "../fixture-copy.ts";
import { KEPT, type Law, type LawResult } from "../law.ts";
import { baseline, run, showOutcome } from "../outcome.ts";

/** Removals in one case; a case with more artifacts is sampled. Unit: runs of the adapter. */
const MAX_REMOVALS = 40;

export const removal: Law = {
  number: 4,
  title: "a removed artifact is noticed",
  why: "a release that silently lost a file is what this project exists to prevent",
  async check(adapter, lawCase) {
    if (lawCase.declared) return { status: "skipped", reason: "the artifacts are not in the fixture" };
    return withFixture(lawCase, async (copy) => {
      const output = await baseline(adapter, lawCase, copy);
      if ("broken" in output) return broken("removed nothing yet", output.broken, "");
      const artifacts = artifactsOf(output, lawCase, copy).filter(({ paths }) => paths.length > 0);
      if (artifacts.length === 0) {
        return broken(
          "looked for the artifacts in the fixture",
          "none",
          "put them there, name them in artifacts, or say declared",
        );
      }
      for (const { paths } of sample(artifacts, MAX_REMOVALS)) {
        for (const path of paths) await rename(join(copy.folder, path), aside(copy.folder, path));
        const outcome = await run(adapter, lawCase, copy.folder);
        for (const path of paths) await rename(aside(copy.folder, path), join(copy.folder, path));
        if (outcome.kind === "refused") continue;
        return broken(`removed ${paths.join(" and ")}`, showOutcome(outcome), REMEDY[adapter.completeness]);
      }
      return KEPT;
    });
  },
};

const REMEDY = {
  listing:
    "your tool writes no list of its outputs: compare what you found with options.expect, requireAll(names, options.expect), and let the case expect all of them",
  manifest:
    "look up every file that the tool's list names, and throw ARTIFACT_MISSING with the names of those that are not there",
};

/** Out of the workspace: beside it, a pattern could still find it. */
function aside(folder: string, path: string): string {
  return `${folder}.removed-${encodeURIComponent(path)}`;
}

function broken(did: string, got: string, remedy: string): LawResult {
  return { status: "broken", did, got, expected: "an error that names it (ARTIFACT_MISSING)", remedy };
}
