import { type Finding, finding, releaseOf } from "@touchmark/core";
import semver from "semver";
import type { StatementFacts } from "../facts.ts";

/** The version of the tag that something was built from. */
export function expectReleaseVersion(range: string, { provenance }: StatementFacts): Finding | null {
  if (provenance === null) return null;
  const { ref } = provenance.source;
  const version = ref === null ? null : versionOf(ref);
  if (isWithin(version, range)) return null;
  return finding("RELEASE_MISMATCH", "it belongs to another release", {
    expected: range,
    actual: version ?? `no version, built from ${ref ?? "no ref"}`,
  });
}

/** Whether a list's version is in a range; `v1.2.3` is version 1.2.3. */
export function isListedVersion(version: string, range: string): boolean {
  return isWithin(versionOf(`refs/tags/${version}`), range);
}

function versionOf(ref: string): string | null {
  return releaseOf(ref)?.version ?? null;
}

function isWithin(version: string | null, range: string): boolean {
  return version !== null && semver.satisfies(version, range);
}
