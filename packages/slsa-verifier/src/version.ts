import { compareVersionedTag, readGoVersion } from "@touchmark/core";
import { tagOf } from "./git-ref.ts";
import { Refusal } from "./refusal.ts";

/** A builder is pinned by a tag `vX.Y.Z`, nothing else. @throws Refusal `ErrorInvalidRef`. */
export function checkBuilderTag(ref: string): void {
  const tag = tagOf(ref);
  const version = readGoVersion(tag);
  if (version !== null && version.patch !== null && version.prerelease === "" && version.build === "") return;
  throw new Refusal("ErrorInvalidRef", `${tag}: not of the form vX.Y.Z`);
}

/** JReleaser pins by `vX.Y.Z-java`. @throws Refusal `ErrorInvalidRef`. */
export function checkJReleaserTag(ref: string): void {
  const tag = tagOf(ref);
  const version = readGoVersion(tag);
  if (version !== null && version.patch !== null && version.prerelease === "-java" && version.build === "") return;
  throw new Refusal("ErrorInvalidRef", `${tag}: not of the form vX.Y.Z-<language>`);
}

/**
 * A tag that a shorter one stands for: `v13` for any `v13.x.y`.
 *
 * @throws Refusal `ErrorInvalidSemver`, `ErrorMismatchVersionedTag`.
 */
export function checkVersionedTag(tag: string, expected: string): void {
  const compared = compareVersionedTag(tag, expected);
  if (compared.kind === "no-version") throw new Refusal("ErrorInvalidSemver", compared.text);
  if (compared.kind === "same") return;
  throw new Refusal(
    "ErrorMismatchVersionedTag",
    `${compared.part} version expected '${compared.expected}', got '${compared.actual}'`,
  );
}
