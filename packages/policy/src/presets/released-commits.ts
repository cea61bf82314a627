import { PRESETS } from "./presets.ts";

/**
 * The commits that presets know to be releases of a workflow, of all dates.
 *
 * @param workflow - `https://github.com/OWNER/REPO/.github/workflows/FILE.yml`.
 */
export function releasedCommits(workflow: string): readonly string[] {
  const known = PRESETS.flatMap(({ released }) => released).filter((one) => one.workflow === workflow);
  return [...new Set(known.flatMap(({ commits }) => commits))];
}
