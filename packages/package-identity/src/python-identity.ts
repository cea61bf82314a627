import { readCoreMetadata } from "./core-metadata.ts";
import type { PackageIdentity } from "./package-identity.ts";
import { normalisedPythonName, pythonPurl } from "./python-name.ts";
import { findManifest } from "./tarball-file.ts";
import { unreadable } from "./unreadable.ts";
import { findWheelMetadata } from "./wheel-file.ts";

/**
 * Says which package a wheel is, from its bytes alone and as pip would install it.
 *
 * @returns null when this is no wheel: no zip, or no METADATA in it.
 * @throws TouchmarkError `PACKAGE_UNREADABLE` when it is one and damaged, ambiguous, beyond a limit, or named as PyPI would
 * not allow.
 */
export async function identifyWheel(wheel: Uint8Array): Promise<PackageIdentity | null> {
  const found = await findWheelMetadata(wheel);
  if (found === null) return null;
  const { name, version } = readCoreMetadata(found.bytes, "METADATA");
  const purl = pythonPurl(name, version);
  // pip refuses a wheel whose folder is another package's; the version in it may be spelled in another way.
  const folder = found.folder.slice(0, found.folder.lastIndexOf("-"));
  if (normalisedPythonName(folder) === normalisedPythonName(name)) return { name, version, purl };
  throw unreadable("the wheel's METADATA is of another package than its folder", found.folder, name);
}

/**
 * The same for an sdist in a gzip'd tar. Other archives with a PKG-INFO at the top have an identity here too; comparing the
 * purl is the caller's part.
 *
 * @returns null when this is no sdist: no gzip, no tar inside, no PKG-INFO below the first segment.
 * @throws TouchmarkError `PACKAGE_UNREADABLE` as {@link identifyWheel}.
 */
export async function identifySdist(sdist: Uint8Array): Promise<PackageIdentity | null> {
  const found = await findManifest(sdist, "PKG-INFO");
  if (found === null) return null;
  const { name, version } = readCoreMetadata(found.bytes, "PKG-INFO");
  return { name, version, purl: pythonPurl(name, version) };
}
