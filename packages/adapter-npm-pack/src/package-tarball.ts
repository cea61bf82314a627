import { createHash } from "node:crypto";
import {
  type DigestSet,
  isTouchmarkError,
  type ResourceDescriptor,
  type Subject,
  TouchmarkError,
} from "@touchmark/core";
import { identifyNpmTarball, MAX_TARBALL_BYTES, type NpmIdentity } from "@touchmark/package-identity";
import type { Host, HostFile } from "@touchmark/plugin";

/** A tarball that was read: its digests and what it says it is are of the same bytes. */
export interface PackageTarball {
  readonly file: HostFile;
  /** `name@version`, for messages. */
  readonly label: string;
  readonly identity: NpmIdentity;
  /** sha1, sha256, sha384 and sha512: whatever a tool may have declared. */
  readonly digest: DigestSet;
}

/**
 * Reads a tarball once, hashes it and looks inside.
 *
 * @returns null when it is no npm tarball.
 * @throws TouchmarkError `INPUT_INVALID` for a damaged or ambiguous one; `INPUT_TOO_LARGE`.
 */
export async function readPackageTarball(host: Host, file: HostFile): Promise<PackageTarball | null> {
  const bytes = await host.readBytes(file.path, { max: MAX_TARBALL_BYTES });
  const identity = await identify(bytes, file.name);
  if (identity === null) return null;
  const digests = ["sha1", "sha256", "sha384", "sha512"].map((name) => [name, hexDigest(name, bytes)] as const);
  return { file, label: `${identity.name}@${identity.version}`, identity, digest: Object.fromEntries(digests) };
}

/** The subject: npm's own verifier compares the purl and sha512; every other one wants sha256. */
export function subjectOf({ identity, digest }: PackageTarball): Subject {
  return { name: identity.purl, digest: releaseDigest(digest) };
}

/** The same tarball as a thing that was made and is not released. */
export function byproductOf({ file, digest }: PackageTarball): ResourceDescriptor {
  return { name: file.name, digest: releaseDigest(digest) };
}

function releaseDigest(digest: DigestSet): DigestSet {
  return { sha256: digest["sha256"] ?? "", sha512: digest["sha512"] ?? "" };
}

export function hexDigest(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("hex");
}

async function identify(bytes: Uint8Array, fileName: string): Promise<NpmIdentity | null> {
  try {
    return await identifyNpmTarball(bytes);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    const { expected, actual } = error;
    throw new TouchmarkError("INPUT_INVALID", `${fileName}: ${error.message}`, { expected, actual, cause: error });
  }
}
