import { identifyCrate } from "./crate-identity.ts";
import { identifyNpmTarball } from "./npm-identity.ts";
import type { PackageIdentity } from "./package-identity.ts";
import { identifySdist, identifyWheel } from "./python-identity.ts";

/** What a file is read as, by the end of its name. Which package it is, its content alone says. */
const READERS: ReadonlyMap<string, (bytes: Uint8Array) => Promise<PackageIdentity | null>> = new Map([
  [".tgz", identifyNpmTarball],
  [".whl", identifyWheel],
  [".tar.gz", identifySdist],
  [".crate", identifyCrate],
]);

/** The ends of names of files that are read. */
export const PACKAGE_SUFFIXES: readonly string[] = [...READERS.keys()];

/**
 * Says which package a file is.
 *
 * @param fileName - decides how the bytes are read, and nothing else.
 * @returns null for a file that is no package of the kind that its name says.
 * @throws TouchmarkError `PACKAGE_UNREADABLE`.
 */
export async function identifyPackage(bytes: Uint8Array, fileName: string): Promise<PackageIdentity | null> {
  for (const [suffix, identify] of READERS) if (fileName.endsWith(suffix)) return identify(bytes);
  return null;
}
