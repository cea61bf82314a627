import { posix } from "node:path";
import {
  type ChecksumEntry,
  checkSubjectName,
  MAX_METADATA_BYTES,
  parseChecksumText,
  TouchmarkError,
} from "@touchmark/core";
import type { Host, HostFile } from "@touchmark/plugin";
import { type DeclaredDigest, declaredDigest } from "./declared-digest.ts";
import type { Dist } from "./dist-folder.ts";
import { type ExtraFiles, fileOrNull, findExtraFiles } from "./extra-files.ts";
import { placeOf } from "./layout.ts";
import { type ReleasedFile, unlistedFile } from "./released-file.ts";

/** What a checksum list says of one name. */
export interface Listing {
  /** The list's own name. */
  readonly list: string;
  readonly name: string;
  readonly digest: DeclaredDigest;
}

/** What the lists say, and the files that only they name. */
export interface Listed {
  readonly listings: readonly Listing[];
  /** `checksum.extra_files`: in the list, not in artifacts.json. */
  readonly extras: readonly ReleasedFile[];
}

/** One line and where it stands. */
interface Line {
  readonly list: string;
  /** The file that a split list belongs to; null for a list of many, and where that file is not at its place. */
  readonly of: HostFile | null;
  readonly entry: ChecksumEntry;
  readonly digest: DeclaredDigest;
}

/**
 * Reads the checksum lists of a dist, one for all files or (`split: true`) one for each, and finds what they name.
 *
 * The algorithm is the configured one. It is not taken from extra.Checksum, which publishers that need a sha256 (Homebrew,
 * Scoop, Krew …) overwrite after the list was written.
 *
 * @param released - the files that artifacts.json names.
 * @throws TouchmarkError `ARTIFACT_MISSING` for a listed file that is nowhere; `INPUT_INVALID` for a list that is cut off or
 * not a list; `DIGEST_MISMATCH` for a list that was written again after it was signed.
 */
export async function readListings(host: Host, dist: Dist, released: readonly ReleasedFile[]): Promise<Listed> {
  const lists = released.filter(({ type }) => type === "Checksum");
  if (lists.length === 0) return { listings: [], extras: [] };
  const lines = (await Promise.all(lists.map((list) => linesOf(host, dist, list)))).flat();
  refuseSignedBefore(lines, released);
  const rules = await findExtraFiles(host, dist, dist.config.checksum?.extra_files ?? []);
  const listings: Listing[] = [];
  const extras: ReleasedFile[] = [];
  const byName = groupedBy(released, ({ name }) => name);
  const byPath = groupedBy(released, ({ file }) => file.path);
  for (const line of lines) {
    const known = line.of === null ? byName.get(line.entry.name ?? "") : byPath.get(line.of.path);
    const named = known ?? (await findListed(host, dist, line, rules));
    if (known === undefined) extras.push(...named);
    listings.push(...named.map(({ name }) => ({ list: line.list, name, digest: line.digest })));
  }
  requireListed(dist, released, rules, listings);
  return { listings, extras };
}

/** Map.groupBy is not in Node 20. */
function groupedBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

async function linesOf(host: Host, dist: Dist, list: ReleasedFile): Promise<readonly Line[]> {
  const entries = parseChecksumText(await host.readBytes(list.file.path, { max: MAX_METADATA_BYTES }), list.name);
  const split = list.checksumOf !== null;
  if (entries.some(({ name }) => (name === null) !== split) || (split && entries.length !== 1)) {
    throw new TouchmarkError("INPUT_INVALID", `${list.name} is not a checksum list as GoReleaser writes it`, {
      expected: split ? "one bare digest: artifacts.json says which file it is of" : "lines of a digest and a name",
      actual: `${entries.length} lines, ${entries.filter(({ name }) => name === null).length} of them without a name`,
    });
  }
  const algorithm = dist.config.checksum?.algorithm ?? "none in config.yaml";
  const place = list.checksumOf === null ? null : placeOf(dist.layout, list.checksumOf);
  const of = place === null ? null : await fileOrNull(host, place);
  return entries.map((entry) => ({
    list: list.name,
    of,
    entry,
    digest: declaredDigest(algorithm, entry.hex, `"${entry.name ?? list.name}" in ${list.name}`),
  }));
}

function missing(name: string, list: string): TouchmarkError {
  return new TouchmarkError("ARTIFACT_MISSING", `"${name}" is listed in ${list} and is not there`, {
    expected:
      "the file in dist, or where checksum.extra_files of config.yaml says (option runFolder: where GoReleaser ran)",
    actual: "no such file",
  });
}

/**
 * GoReleaser 2.15.0 writes checksums.txt again after it was signed, to add the signature to it: the signature that is
 * published covers other bytes than the list that is published (2.16.0 does not). No list can hold the digest of a
 * signature over itself, so that this shows without looking at keys.
 */
function refuseSignedBefore(lines: readonly Line[], released: readonly ReleasedFile[]): void {
  const signatures = new Set(released.filter(({ type }) => type === "Signature").map(({ name }) => name));
  const line = lines.find(({ list, entry }) => entry.name?.startsWith(`${list}.`) && signatures.has(entry.name));
  if (line === undefined) return;
  throw new TouchmarkError(
    "DIGEST_MISMATCH",
    `${line.list} was written again after it was signed: it lists "${line.entry.name}"`,
    {
      expected: "a list that its own signature covers; GoReleaser 2.15.0 has this defect, 2.16.0 does not",
      actual: `line ${line.entry.line} lists the signature of ${line.list}`,
    },
  );
}

/**
 * A file that is in a list and not in artifacts.json: where `checksum.extra_files` says, else in dist under its name.
 * The second only with a digest that can be compared, since then it cannot be another file.
 */
async function findListed(
  host: Host,
  dist: Dist,
  line: Line,
  rules: readonly ExtraFiles[],
): Promise<readonly ReleasedFile[]> {
  const candidates = rules.flatMap(({ files }) => files ?? []);
  const name = line.entry.name ?? nameOfSplit(line, candidates, dist);
  checkSubjectName(name);
  if (line.of !== null) return [unlistedFile(name, "File", line.of)];
  const ruled = candidates.filter((found) => found.name === name);
  if (ruled.length > 0) return ruled.map(({ file }) => unlistedFile(name, "File", file));
  const inDist = line.digest.kind === "comparable" ? posix.join(dist.layout.folder, name) : null;
  const file = inDist === null ? null : await fileOrNull(host, inDist);
  if (file === null) throw missing(name, line.list);
  return [unlistedFile(name, "File", file)];
}

function nameOfSplit(line: Line, candidates: ReadonlyArray<{ name: string; file: HostFile }>, dist: Dist): string {
  const ruled = candidates.find(({ file }) => file.path === line.of?.path);
  if (ruled !== undefined) return ruled.name;
  // The default name_template of a split list: {{ .ArtifactName }}.{{ .Algorithm }}
  const suffix = `.${dist.config.checksum?.algorithm ?? ""}`;
  return line.list.endsWith(suffix) ? line.list.slice(0, -suffix.length) : (line.of?.name ?? line.list);
}

/**
 * A list that lost its last lines still reads well; what GoReleaser put into it tells. Under `checksum.ids` only some
 * artifacts are in it, and other publishers set extra.Checksum too, so that then only extra_files can be held to it.
 */
function requireListed(
  dist: Dist,
  released: readonly ReleasedFile[],
  rules: readonly ExtraFiles[],
  listings: readonly Listing[],
): void {
  const listed = new Set(listings.map(({ name }) => name));
  const signed = new Set(["Checksum", "Signature", "Certificate"]);
  const due =
    dist.config.checksum?.ids === undefined
      ? released.filter(({ declared, type }) => declared && !signed.has(type))
      : [];
  const extras = rules.flatMap(({ files }) => files ?? []);
  const absent = [...due, ...extras].find(({ name }) => !listed.has(name));
  if (absent === undefined) return;
  throw new TouchmarkError("INPUT_INVALID", `no checksum list has a line for "${absent.name}"`, {
    expected: "one line for each file that GoReleaser says it put in",
    actual: "a list that was cut off or changed",
  });
}
