import type { ArtifactReport } from "@touchmark/engine";

const NOT_FAILING: readonly ArtifactReport["status"][] = ["verified", "evidence", "exception"];

/** Artifacts that do not hold, and of which it cannot be said. */
export function failingAmong(artifacts: readonly ArtifactReport[]): readonly ArtifactReport[] {
  return artifacts.filter(({ status }) => !NOT_FAILING.includes(status));
}
