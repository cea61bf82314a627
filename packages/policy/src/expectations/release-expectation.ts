import type { ListExpectation, ReleaseExpectation } from "../compiled-policy.ts";
import type { ReleaseEntry } from "../document/policy-file.ts";
import { isListedVersion } from "./release-version.ts";

/** What a policy says of the release; null where it says nothing. */
export function releaseExpectation(entry: ReleaseEntry | undefined): ReleaseExpectation | null {
  if (entry === undefined) return null;
  const monotonic = entry.version === "monotonic";
  const version = monotonic ? null : (entry.version ?? null);
  // Only a list names a release: who names it asks for the list.
  const hasList = entry.list !== undefined || entry.name !== undefined;
  return { version, monotonic, list: hasList ? listExpectation(version, entry.name ?? null) : null };
}

function listExpectation(range: string | null, name: string | null): ListExpectation {
  const words = [...(name === null ? [] : [name]), ...(range === null ? [] : [`version ${range}`])];
  return {
    of: words.length === 0 ? null : words.join(", "),
    accepts: ({ series, version }) =>
      (name === null || nameOf(series) === name) && (range === null || isListedVersion(version, range)),
  };
}

/** All of it behind the purl's type: a namespace belongs to it. */
function nameOf(series: string): string {
  const [, path = ""] = /^pkg:[^/]+\/(.+)$/.exec(series) ?? [];
  return decodeURIComponent(path); // what cannot be decoded was no purl of a list
}
