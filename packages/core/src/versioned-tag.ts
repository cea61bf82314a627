/** `v1`, `v1.2`, `v1.2.3`, `v1.2.3-rc.1+build`: a semantic version as Go writes it (golang.org/x/mod/semver). */
export interface GoVersion {
  readonly major: string;
  readonly minor: string | null;
  readonly patch: string | null;
  /** With the hyphen; empty without. */
  readonly prerelease: string;
  /** With the plus; empty without. */
  readonly build: string;
}

const NUMBER = "(?:0|[1-9]\\d*)";
const IDENTIFIER = "[0-9A-Za-z-]+";
const VERSION = new RegExp(
  `^v(${NUMBER})(?:\\.(${NUMBER})(?:\\.(${NUMBER})(-${IDENTIFIER}(?:\\.${IDENTIFIER})*)?(\\+${IDENTIFIER}(?:\\.${IDENTIFIER})*)?)?)?$`,
);

/** @returns null for a text that is no such version. */
export function readGoVersion(text: string): GoVersion | null {
  const [whole, major = "", minor = null, patch = null, prerelease = "", build = ""] = VERSION.exec(text) ?? [];
  if (whole === undefined) return null;
  // semver.org, 9: a number in a pre-release has no leading zero.
  if (
    prerelease
      .slice(1)
      .split(".")
      .some((identifier) => /^0\d+$/.test(identifier))
  )
    return null;
  return { major, minor, patch, prerelease, build };
}

/** How a tag compares with a shorter one that stands for many. */
export type VersionedTagComparison =
  | { readonly kind: "same" }
  /** The one of the two that is no version as Go writes it. */
  | { readonly kind: "no-version"; readonly text: string }
  | {
      readonly kind: "differs";
      readonly part: "major" | "minor" | "patch";
      readonly expected: string;
      readonly actual: string;
    };

/**
 * `v13` stands for any `v13.x.y`, `v13.0` for any `v13.0.x`; what the tag itself leaves out counts as 0. Compared part by
 * part between the dots, so that of a pre-release only what stands before its first dot counts. So does slsa-verifier's
 * `--source-versioned-tag`.
 */
export function compareVersionedTag(tag: string, expected: string): VersionedTagComparison {
  const wanted = readGoVersion(expected);
  if (wanted === null) return { kind: "no-version", text: expected };
  const found = readGoVersion(tag);
  if (found === null) return { kind: "no-version", text: tag };
  const [, wantedMinor, wantedPatch] = expected.split(".");
  const [, , foundPatch = "0"] = withoutBuild(tag, found).split(".");
  const parts = [
    ["major", wanted.major, found.major],
    ["minor", wantedMinor, found.minor ?? "0"],
    ["patch", wantedPatch === undefined ? undefined : withoutBuild(wantedPatch, wanted), foundPatch],
  ] as const;
  for (const [part, want, got] of parts) {
    if (want !== undefined && want !== got) return { kind: "differs", part, expected: want, actual: got };
  }
  return { kind: "same" };
}

function withoutBuild(text: string, { build }: GoVersion): string {
  return build !== "" && text.endsWith(build) ? text.slice(0, -build.length) : text;
}
