import { parseJson, TouchmarkError } from "@touchmark/core";
import { MAX_MANIFEST_BYTES } from "./limits.ts";
import { npmPurl } from "./npm-name.ts";
import type { PackageIdentity } from "./package-identity.ts";
import { findManifest } from "./tarball-file.ts";
import { asUnreadable } from "./unreadable.ts";

/** What a package.json says of the package itself; null where it does not say. */
export interface NpmPackageJson {
  readonly name: string | null;
  /** As written, build metadata included. */
  readonly version: string | null;
  /** True for any truthy `private`: npm refuses to publish such a package. */
  readonly private: boolean;
}

/** Which package a tarball holds. The version is as written, build metadata included; the purl has the published form. */
export interface NpmIdentity extends PackageIdentity {
  readonly private: boolean;
}

/**
 * Says which package a tarball is, from its bytes alone and as npm would install it.
 *
 * For verifiers: ask only for bytes whose digest a subject with an npm purl has. Any archive with a `package.json` one
 * level down (a source archive of a JavaScript project) has an identity here; comparing the purl is the caller's part.
 *
 * @returns null when this is no npm tarball: no gzip, no tar inside, no package.json, or one without name or version.
 * @throws TouchmarkError `PACKAGE_UNREADABLE` when it is one and damaged, ambiguous, beyond a limit, or named as npm
 * would not allow.
 */
export async function identifyNpmTarball(tarball: Uint8Array): Promise<NpmIdentity | null> {
  const manifest = await readNpmPackageJson(tarball);
  if (manifest === null || manifest.name === null || manifest.version === null) return null;
  const { name, version } = manifest;
  return { name, version, purl: asUnreadable(() => npmPurl(name, version)), private: manifest.private };
}

/**
 * Reads the package.json of a tarball. A byte order mark is allowed, as npm allows it; a key that is repeated is not.
 *
 * @returns null when the bytes are no gzip'd tar, or hold no package.json below the first path segment.
 * @throws TouchmarkError `PACKAGE_UNREADABLE` for a damaged tarball, or a package.json that is not an object with a name
 * and a version that are texts.
 */
export async function readNpmPackageJson(tarball: Uint8Array): Promise<NpmPackageJson | null> {
  const found = await findManifest(tarball, "package.json");
  if (found === null) return null;
  return asUnreadable(() => parse(found.bytes));
}

function parse(bytes: Uint8Array): NpmPackageJson {
  const what = "the tarball's package.json";
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const json = parseJson(marked ? bytes.subarray(3) : bytes, { what, maxBytes: MAX_MANIFEST_BYTES });
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw new TouchmarkError("PACKAGE_UNREADABLE", `${what} is not an object`, {
      expected: "an object with name and version",
      actual: Array.isArray(json) ? "an array" : JSON.stringify(json).slice(0, 80),
    });
  }
  const members: Readonly<Record<string, unknown>> = json as Readonly<Record<string, unknown>>;
  return {
    name: textOrNull(members, "name"),
    version: textOrNull(members, "version"),
    private: Boolean(members["private"]),
  };
}

function textOrNull(members: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = Object.hasOwn(members, key) ? members[key] : undefined;
  if (value === undefined) return null;
  if (typeof value === "string") return value;
  throw new TouchmarkError("PACKAGE_UNREADABLE", `the tarball's package.json has a ${key} that is not a text`, {
    expected: "a text",
    actual: JSON.stringify(value).slice(0, 80),
  });
}
