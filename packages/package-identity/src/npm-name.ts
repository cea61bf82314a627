import { TouchmarkError } from "@touchmark/core";
import semver from "semver";
import { MAX_PACKAGE_NAME_LENGTH, MAX_VERSION_LENGTH } from "./limits.ts";

/** What encodeURIComponent leaves as it is: the characters that npm allows in a scope and in a name. */
const SEGMENT = /^[A-Za-z0-9!'()*~-][A-Za-z0-9._!'()*~-]*$/;

/**
 * The purl under which npm's own provenance names a package: `pkg:npm/%40scope/name@1.2.3`.
 *
 * Built as npm's `toPurl` builds it (npm-package-arg), after libnpmpublish's `semver.clean`, which drops build metadata.
 * Not by a purl library: packageurl-js lowers the name, and `JSONStream` and `jsonstream` are two packages on npm.
 *
 * @throws TouchmarkError `INPUT_INVALID` for a name or a version that npm would not publish.
 */
export function npmPurl(name: string, version: string): string {
  checkName(name);
  return `pkg:npm/${name.replace(/^@/, "%40")}@${publishedVersion(name, version)}`;
}

/**
 * The file name that `npm pack` gives: `scope-name-1.2.3+build.tgz`. Two packages can share one: `@x/y` and `x-y`.
 *
 * @throws TouchmarkError `INPUT_INVALID` as {@link npmPurl}.
 */
export function npmTarballFileName(name: string, version: string): string {
  checkName(name);
  publishedVersion(name, version);
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}

/** True when the registry would take both for one version: equal but for build metadata and a leading `v` or `=`. */
export function isSameNpmVersion(left: string, right: string): boolean {
  const cleaned = cleanVersion(left);
  return cleaned !== null && cleaned === cleanVersion(right);
}

function publishedVersion(name: string, version: string): string {
  const cleaned = cleanVersion(version);
  if (cleaned !== null) return cleaned;
  throw new TouchmarkError("INPUT_INVALID", `the npm package "${name}" has a version that npm would not publish`, {
    expected: "a semantic version such as 1.2.3",
    actual: JSON.stringify(version.slice(0, 80)),
  });
}

function cleanVersion(version: string): string | null {
  return version.length > MAX_VERSION_LENGTH ? null : semver.clean(version);
}

/** The rules of validate-npm-package-name for old packages, which npm-package-arg asks for. */
function checkName(name: string): void {
  const segments = name.startsWith("@") ? name.slice(1).split("/") : [name];
  const wellFormed =
    segments.length === (name.startsWith("@") ? 2 : 1) &&
    segments.every((segment) => SEGMENT.test(segment)) &&
    !name.startsWith("-") &&
    name.length <= MAX_PACKAGE_NAME_LENGTH &&
    !["node_modules", "favicon.ico"].includes(name.toLowerCase());
  if (wellFormed) return;
  throw new TouchmarkError("INPUT_INVALID", `${JSON.stringify(name.slice(0, 80))} is not the name of an npm package`, {
    expected: "name or @scope/name in letters, digits and - . _ ~",
    actual: name.length > MAX_PACKAGE_NAME_LENGTH ? `${name.length} characters` : JSON.stringify(name.slice(0, 80)),
  });
}
