import { type DigestSet, isTouchmarkError, type Subject, TouchmarkError } from "@touchmark/core";
import type { HashAlgorithm, Host, HostFile } from "@touchmark/plugin";
import { type Listing, readListings } from "./checksum-lists.ts";
import { parseDeclared, requireDeclared } from "./declared-digest.ts";
import type { Dist } from "./dist-folder.ts";
import { releasedExtraFiles } from "./extra-files.ts";
import { insideDist, placeOf } from "./layout.ts";
import { type ReleasedFile, unlistedFile } from "./released-file.ts";
import { isBuiltBinary, type Role } from "./roles.ts";
import type { Artifact } from "./schema.ts";

/** The files of a release and what its checksum lists say of them. */
export interface Release {
  readonly files: readonly ReleasedFile[];
  readonly listings: readonly Listing[];
}

/** Finds every file that one dist folder's release consists of. */
export async function findReleased(host: Host, dist: Dist, roles: ReadonlyMap<Artifact, Role>): Promise<Release> {
  const files: ReleasedFile[] = [];
  for (const artifact of dist.artifacts) {
    const role = roles.get(artifact);
    if (role === "released") files.push(await findArtifact(host, dist, artifact));
    else if (role === "intermediate") await requireThere(host, dist, artifact);
  }
  for (const { name, file } of await releasedExtraFiles(host, dist)) files.push(unlistedFile(name, "File", file));
  // release.include_meta uploads metadata.json beside the artifacts.
  if (dist.config.release?.include_meta === true)
    files.push(unlistedFile("metadata.json", "Metadata", dist.metadataFile));
  const { listings, extras } = await readListings(host, dist, files);
  return { files: [...files, ...extras], listings };
}

async function findArtifact(host: Host, dist: Dist, artifact: Artifact): Promise<ReleasedFile> {
  const place = requirePlace(dist, artifact);
  const { extra, type } = artifact;
  const name = isBuiltBinary(artifact) ? (insideDist(dist.layout, artifact.path) ?? artifact.name) : artifact.name;
  return {
    name,
    type,
    place,
    file: await fileAt(host, place, artifact),
    declared: extra?.Checksum === undefined ? null : parseDeclared(extra.Checksum, `"${name}" in artifacts.json`),
    checksumOf: extra?.ChecksumOf ?? null,
  };
}

async function fileAt(host: Host, place: string, artifact: Artifact): Promise<HostFile> {
  try {
    return await host.file(place);
  } catch (error) {
    throw isTouchmarkError(error) && error.code === "INPUT_MISSING" ? missing(artifact, error) : error;
  }
}

/** Not a subject; but a dist from which something was taken away is not the one that GoReleaser made. */
async function requireThere(host: Host, dist: Dist, artifact: Artifact): Promise<void> {
  if ((await host.kind(requirePlace(dist, artifact))) === null) throw missing(artifact, null);
}

function requirePlace(dist: Dist, artifact: Artifact): string {
  const place = placeOf(dist.layout, artifact.path);
  if (place !== null) return place;
  throw new TouchmarkError(
    "ARTIFACT_MISSING",
    `"${artifact.name}" does not lie in dist, and where GoReleaser ran is not known`,
    {
      expected: `dist at its place in the folder in which GoReleaser ran, or the option runFolder`,
      actual: `${artifact.path}, relative to that folder`,
    },
  );
}

function missing({ name, path, type }: Artifact, cause: unknown): TouchmarkError {
  return new TouchmarkError("ARTIFACT_MISSING", `"${name}" is listed in artifacts.json and is not there`, {
    expected: `${path} (${type})`,
    actual: "no such file",
    cause,
  });
}

/**
 * Hashes the files and compares the bytes with everything that GoReleaser wrote down about them.
 *
 * @returns one subject a name, with sha256 alone: sigstore-python refuses a statement with keys like blake2b, and a second
 * digest of a customary algorithm adds nothing.
 * @throws TouchmarkError `DIGEST_MISMATCH`, `SUBJECT_CONFLICT`.
 */
export async function hashReleased(host: Host, { files, listings }: Release): Promise<readonly Subject[]> {
  const digests = await host.digest(
    files.map(({ file }) => file),
    algorithmsOf(files, listings),
  );
  const byName = new Map<string, { readonly place: string; readonly digest: DigestSet }>();
  for (const [index, { name, place, declared }] of files.entries()) {
    const digest = digests[index] ?? {};
    if (declared !== null) requireDeclared(declared, digest, name, "artifacts.json");
    const earlier = byName.get(name);
    if (earlier !== undefined && earlier.digest["sha256"] !== digest["sha256"])
      throw conflict(name, earlier, { place, digest });
    byName.set(name, { place, digest });
  }
  for (const { list, name, digest } of listings) requireDeclared(digest, byName.get(name)?.digest ?? {}, name, list);
  requireEqualOpaque(files, listings);
  return [...byName].map(([name, { digest }]) => ({ name, digest: { sha256: digest["sha256"] ?? "" } }));
}

function algorithmsOf(files: readonly ReleasedFile[], listings: readonly Listing[]): readonly HashAlgorithm[] {
  const declared = [...files.map((file) => file.declared), ...listings.map(({ digest }) => digest)];
  return [
    ...new Set<HashAlgorithm>([
      "sha256",
      ...declared.flatMap((one) => (one?.kind === "comparable" ? one.algorithm : [])),
    ]),
  ];
}

type Hashed = { readonly place: string; readonly digest: DigestSet };

function conflict(name: string, one: Hashed, other: Hashed): TouchmarkError {
  const [first, second] = one.place < other.place ? [one, other] : [other, one];
  return new TouchmarkError(
    "SUBJECT_CONFLICT",
    `two different files are both named "${name}": ${first.place} and ${second.place}`,
    {
      expected: `one file a name; ${first.place} has sha256:${first.digest["sha256"]}`,
      actual: `${second.place} has sha256:${second.digest["sha256"]}`,
    },
  );
}

/** blake3 and crc32 cannot be compared with the bytes; what GoReleaser says twice must at least be the same. */
function requireEqualOpaque(files: readonly ReleasedFile[], listings: readonly Listing[]): void {
  for (const { list, name, digest } of listings) {
    const declared = files.find((file) => file.name === name)?.declared ?? null;
    if (digest.kind !== "opaque" || declared?.kind !== "opaque" || digest.algorithm !== declared.algorithm) continue;
    if (digest.hex === declared.hex) continue;
    throw new TouchmarkError("DIGEST_MISMATCH", `${list} and artifacts.json do not agree on "${name}"`, {
      expected: `${declared.algorithm}:${declared.hex}`,
      actual: `${digest.algorithm}:${digest.hex}`,
    });
  }
}
