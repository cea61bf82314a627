import type { ListExpectation, ReleaseExpectation } from "../compiled-policy.ts";
import type { ReleaseEntry } from "../document/policy-file.ts";
import { isListedVersion } from "./release-version.ts";

/** What a policy says of the release; null where it says nothing. */
export function releaseExpectation(entry: ReleaseEntry | undefined): ReleaseExpectation | null {
  if (entry === undefined) return null;
  const monotonic = entry.version === "monotonic";
  const version = monotonic ? null : (entry.version ?? null);
  return { version, monotonic, list: entry.list === undefined ? null : listExpectation(version, entry.name ?? null) };
}

function listExpectation(range: string | null, name: string | null): ListExpectation {
  const series = name === null ? null : seriesOf(name);
  const words = [...(range === null ? [] : [`version ${range}`]), ...(series === null ? [] : [series])];
  return {
    of: words.length === 0 ? null : words.join(" of "),
    accepts: (release) =>
      (series === null || release.series === series) && (range === null || isListedVersion(release.version, range)),
  };
}

/** As `attest --release-manifest` names a release; whatever makes lists otherwise is named by its whole purl. */
function seriesOf(name: string): string {
  return name.startsWith("pkg:") ? name : `pkg:generic/${encodeURIComponent(name)}`;
}
