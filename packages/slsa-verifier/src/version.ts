import { tagOf } from "./git-ref.ts";
import { Refusal } from "./refusal.ts";

/** `v1`, `v1.2`, `v1.2.3`, `v1.2.3-rc.1+build`: a semantic version as Go writes it (golang.org/x/mod/semver). */
interface Version {
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

function parseVersion(text: string): Version | null {
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

/** A builder is pinned by a tag `vX.Y.Z`, nothing else. @throws Refusal `ErrorInvalidRef`. */
export function checkBuilderTag(ref: string): void {
  const tag = tagOf(ref);
  const version = parseVersion(tag);
  if (version !== null && version.patch !== null && version.prerelease === "" && version.build === "") return;
  throw new Refusal("ErrorInvalidRef", `${tag}: not of the form vX.Y.Z`);
}

/** JReleaser pins by `vX.Y.Z-java`. @throws Refusal `ErrorInvalidRef`. */
export function checkJReleaserTag(ref: string): void {
  const tag = tagOf(ref);
  const version = parseVersion(tag);
  if (version !== null && version.patch !== null && version.prerelease === "-java" && version.build === "") return;
  throw new Refusal("ErrorInvalidRef", `${tag}: not of the form vX.Y.Z-<language>`);
}

/**
 * `v13` stands for any `v13.x.y`, `v13.0` for any `v13.0.x`; what the tag itself leaves out counts as 0. Compared part by
 * part between the dots, so that of a pre-release only what stands before its first dot counts.
 *
 * @throws Refusal `ErrorInvalidSemver`, `ErrorMismatchVersionedTag`.
 */
export function checkVersionedTag(tag: string, expected: string): void {
  const wanted = parseVersion(expected);
  if (wanted === null) throw new Refusal("ErrorInvalidSemver", expected);
  const found = parseVersion(tag);
  if (found === null) throw new Refusal("ErrorInvalidSemver", tag);
  const [, wantedMinor, wantedPatch] = expected.split(".");
  const [, , foundPatch = "0"] = withoutBuild(tag, found).split(".");
  const parts = [
    ["major", wanted.major, found.major],
    ["minor", wantedMinor, found.minor ?? "0"],
    ["patch", wantedPatch === undefined ? undefined : withoutBuild(wantedPatch, wanted), foundPatch],
  ] as const;
  for (const [part, want, got] of parts) {
    if (want === undefined || want === got) continue;
    throw new Refusal("ErrorMismatchVersionedTag", `${part} version expected '${want}', got '${got}'`);
  }
}

function withoutBuild(text: string, { build }: Version): string {
  return build !== "" && text.endsWith(build) ? text.slice(0, -build.length) : text;
}
