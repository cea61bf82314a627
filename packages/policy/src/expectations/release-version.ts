import { type Finding, finding, releaseOf } from "@touchmark/core";
import semver from "semver";
import type { StatementFacts } from "../facts.ts";

/** The version of the tag that something was built from. */
export function expectReleaseVersion(range: string, { provenance }: StatementFacts): Finding | null {
  if (provenance === null) return null;
  const ref = provenance.source.ref;
  const release = ref === null ? null : releaseOf(ref);
  if (release !== null && semver.satisfies(release.version, range)) return null;
  return finding("RELEASE_MISMATCH", "it belongs to another release", {
    expected: range,
    actual: release?.version ?? `no version, built from ${ref ?? "no ref"}`,
  });
}
