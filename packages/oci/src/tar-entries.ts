import { createHash } from "node:crypto";
import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { algorithmOf, type Measured } from "./layout-files.ts";
import { layoutPath } from "./layout-path.ts";
import { MAX_TAR_ENTRIES, MAX_TAR_HEADER_BYTES } from "./limits.ts";
import { type PaxRecords, parsePaxRecords } from "./pax-records.ts";
import { type TarBytes, tarBytes } from "./tar-bytes.ts";
import { readTarHeader, type TarHeader, tarText, unlike } from "./tar-header.ts";

/** What a tar has under a name. */
export type TarEntry =
  | (Measured & { readonly kind: "file"; readonly bytes: Uint8Array | null })
  /** A link or a device. */
  | { readonly kind: "other"; readonly type: string };

/** Says whether the bytes of a file are to be kept, when its first byte is there. */
export type Keep = (path: string, size: number, firstByte: number) => boolean;

/**
 * Reads a tar once, hashing every file while it passes. What docker, containerd or a shell's tar could read in another way
 * than this is refused: a reader of our own, since one that takes all it can would see other images than they do.
 *
 * @param chunks - each may be overwritten when the next is asked for.
 * @throws TouchmarkError `IMAGE_MALFORMED` for what is no whole tar, is compressed, or has a name that leads out of it,
 * stands for two different files, or is a file's or link's and a folder's too; `LIMIT_EXCEEDED`; those of `chunks`.
 */
export async function scanTar(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
  keep: Keep,
): Promise<ReadonlyMap<string, TarEntry>> {
  const tar = tarBytes(uncompressed(chunks, label));
  try {
    return await scan(tar, label, keep);
  } catch (error) {
    if (isTouchmarkError(error)) throw error;
    throw new TouchmarkError("IMAGE_MALFORMED", `${label} is not a whole tar`, {
      expected: "an uncompressed tar of an image",
      actual: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  } finally {
    await tar.close();
  }
}

async function scan(tar: TarBytes, label: string, keep: Keep): Promise<ReadonlyMap<string, TarEntry>> {
  const entries = new Map<string, TarEntry>();
  const folders = new Set<string>();
  let count = 0;
  for (let header = await nextEntry(tar, label); header !== null; header = await nextEntry(tar, label)) {
    count += 1;
    if (count > MAX_TAR_ENTRIES) {
      throw new TouchmarkError("LIMIT_EXCEEDED", `${label} has too many entries`, {
        expected: `at most ${MAX_TAR_ENTRIES}`,
        actual: "more",
      });
    }
    const path = layoutPath(header.name, label);
    if (header.kind === "directory") {
      folders.add(path);
      continue;
    }
    // Some take a file with such a name for a folder.
    if (header.name.endsWith("/")) throw unlike(label, "a folder where a name ends in a slash", `a ${header.kind}`);
    const found: TarEntry =
      header.kind === "file" ? await readFile(tar, path, header.size, keep) : { kind: "other", type: header.kind };
    const before = entries.get(path);
    if (before === undefined) entries.set(path, found);
    else if (!sameContent(before, found)) throw twice(label, path);
  }
  requireTree(entries, folders, label);
  return entries;
}

/** The next header with what those before it say of it; null at the end. */
async function nextEntry(tar: TarBytes, label: string): Promise<TarHeader | null> {
  let longName: string | null = null;
  let records: PaxRecords | null = null;
  for (;;) {
    const block = await tar.block();
    const header = block === null ? null : readTarHeader(block, label);
    if (header === null) {
      if (longName !== null || records !== null) throw unlike(label, "an entry after a header about it", "the end");
      if (block !== null) await requireEnd(tar, label);
      return null;
    }
    switch (header.kind) {
      case "pax-records":
        if (records !== null) throw unlike(label, "one header about an entry", "two");
        records = parsePaxRecords(await special(tar, header, label), label);
        break;
      case "long-name":
        if (longName !== null) throw unlike(label, "one header about an entry", "two");
        longName = upToZero(await special(tar, header, label));
        break;
      case "long-link":
        await special(tar, header, label);
        break;
      default:
        return described(header, longName, records, label);
    }
  }
}

function described(header: TarHeader, longName: string | null, records: PaxRecords | null, label: string): TarHeader {
  const path = records?.path ?? null;
  // GNU's own reader and Go's prefer one, others the other.
  if (longName !== null && path !== null) throw unlike(label, "one name for an entry", "GNU's long one and a path");
  const size = records?.size ?? header.size;
  if (size > 0 && header.kind !== "file") throw unlike(label, `no content of a ${header.kind}`, `${size} bytes`);
  return { ...header, name: longName ?? path ?? header.name, size };
}

async function special(tar: TarBytes, { size }: TarHeader, label: string): Promise<Uint8Array> {
  if (size > MAX_TAR_HEADER_BYTES)
    throw unlike(label, `headers of at most ${MAX_TAR_HEADER_BYTES} bytes`, `${size} bytes`);
  const pieces: Uint8Array[] = [];
  await tar.content(size, (piece) => pieces.push(new Uint8Array(piece)));
  return Buffer.concat(pieces);
}

function upToZero(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  return tarText(zero === -1 ? bytes : bytes.subarray(0, zero));
}

/** What follows the end some readers read and others do not. */
async function requireEnd(tar: TarBytes, label: string): Promise<void> {
  for (let block = await tar.block(); block !== null; block = await tar.block()) {
    if (block.some((byte) => byte !== 0)) throw unlike(label, "nothing after its end", "something");
  }
}

async function readFile(tar: TarBytes, path: string, size: number, keep: Keep): Promise<TarEntry> {
  const algorithm = algorithmOf(path);
  const hash = createHash(algorithm);
  const kept: Uint8Array[] = [];
  let isKept: boolean | null = null;
  await tar.content(size, (piece) => {
    isKept ??= keep(path, size, piece[0] ?? 0);
    if (isKept) kept.push(new Uint8Array(piece));
    hash.update(piece);
  });
  const bytes = isKept === true ? Buffer.concat(kept) : null;
  return { kind: "file", digest: `${algorithm}:${hash.digest("hex")}`, size, bytes };
}

function sameContent(left: TarEntry, right: TarEntry): boolean {
  return left.kind === "file" && right.kind === "file" && left.digest === right.digest;
}

/**
 * Refuses a name that leads through a link or a file: whoever unpacks the tar gets that content elsewhere, or other content
 * in its place.
 */
function requireTree(entries: ReadonlyMap<string, TarEntry>, folders: ReadonlySet<string>, label: string): void {
  for (const path of folders) if (entries.has(path)) throw twice(label, path);
  for (const path of [...folders, ...entries.keys()]) {
    for (let slash = path.lastIndexOf("/"); slash !== -1; slash = path.lastIndexOf("/", slash - 1)) {
      const above = path.slice(0, slash);
      if (entries.has(above)) throw twice(label, above);
    }
  }
}

function twice(label: string, path: string): TouchmarkError {
  return new TouchmarkError("IMAGE_MALFORMED", `${label} has two different entries of one name`, {
    expected: "each name once",
    actual: path,
  });
}

async function* uncompressed(chunks: AsyncIterable<Uint8Array>, label: string): AsyncIterable<Uint8Array> {
  let first = true;
  for await (const chunk of chunks) {
    if (first) refuseCompressed(chunk, label);
    first = false;
    yield chunk;
  }
}

/** RFC 1952 and RFC 8878: the first bytes of gzip and zstd. */
function refuseCompressed(chunk: Uint8Array, label: string): void {
  const start = Buffer.from(chunk.subarray(0, 4)).toString("hex");
  if (!start.startsWith("1f8b") && start !== "28b52ffd") return;
  throw new TouchmarkError("IMAGE_MALFORMED", `${label} is compressed`, {
    expected: "a tar as docker and BuildKit write it; unpack it with gunzip or zstd -d",
    actual: start === "28b52ffd" ? "zstd" : "gzip",
  });
}
