import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { isTouchmarkError } from "@touchmark/core";
import { type Extract, extract } from "tar-stream";
import { MAX_MANIFEST_BYTES, MAX_TARBALL_BYTES, MAX_TARBALL_ENTRIES, MAX_UNPACKED_BYTES } from "./limits.ts";
import { unreadable } from "./unreadable.ts";

/** The file of a package that says which package it is. */
export type Manifest = "package.json" | "PKG-INFO" | "Cargo.toml";

/** A manifest, and the folder in which it stands. */
export interface FoundManifest {
  readonly bytes: Uint8Array;
  /** The first path segment: `package`, `demo-1.0.0`. */
  readonly folder: string;
}

interface Found {
  readonly bytes: Buffer;
  readonly folder: string;
  /** True once an entry is called like the manifest in exactly its case. */
  readonly exact: boolean;
}

/**
 * The manifest of a package in a tarball: the file that stands right below the first path segment, whatever that segment
 * is (`package/package.json`, `demo-1.0.0/PKG-INFO`).
 *
 * npm, pip and cargo let a later entry replace an earlier one, so the whole tarball is read; two entries that differ are
 * refused, since a reader that stops at the first one would see another package than the one that is installed.
 *
 * @returns null when the bytes are no gzip'd tar, or hold no such file.
 * @throws TouchmarkError `PACKAGE_UNREADABLE` for a gzip or tar that is damaged or cut off, that goes beyond a limit, or
 * whose manifest is a link or stands there in two versions.
 */
export async function findManifest(tarball: Uint8Array, manifest: Manifest): Promise<FoundManifest | null> {
  if (tarball[0] !== 0x1f || tarball[1] !== 0x8b) return null; // RFC 1952, section 2.3.1: ID1 and ID2
  if (tarball.byteLength > MAX_TARBALL_BYTES) {
    throw unreadable("the tarball is too large", `at most ${MAX_TARBALL_BYTES} bytes`, `${tarball.byteLength} bytes`);
  }
  const progress = { entries: 0 };
  const tar = extract();
  const feeding = pipeline([tarball], createGunzip(), bounded, tar);
  feeding.catch(() => {}); // its error also ends the loop below, which reports it
  try {
    const found = await search(tar, manifest, progress);
    await feeding;
    return found;
  } catch (error) {
    if (isTouchmarkError(error)) throw error;
    // A gzip that is whole and holds something else is somebody else's file; a gzip that is broken is damage.
    if (progress.entries === 0 && !isZlibError(error)) return null;
    throw unreadable("the tarball is damaged", "a complete gzip'd tar", describe(error), error);
  }
}

async function search(tar: Extract, manifest: Manifest, progress: { entries: number }): Promise<FoundManifest | null> {
  let found: Found | undefined;
  for await (const entry of tar) {
    progress.entries += 1;
    if (progress.entries > MAX_TARBALL_ENTRIES) {
      throw unreadable("the tarball has too many entries", `at most ${MAX_TARBALL_ENTRIES}`, "more");
    }
    const { name, size } = entry.header;
    const type: string | null = entry.header.type;
    // tar-stream does not know old kinds of extended header (Solaris "X"), which npm's reader takes as a new name.
    if (type === null) throw unreadable("the tarball has an entry of an unknown kind", "files and folders", name);
    const path = installedPath(name);
    if (path.toLowerCase() !== manifest.toLowerCase()) {
      entry.resume();
      continue;
    }
    if (type !== "file" && type !== "contiguous-file") {
      throw unreadable(`the tarball's ${manifest} is not a file`, "a regular file", type);
    }
    const bytes = await readEntry(entry, manifest, size);
    if (found !== undefined && !found.bytes.equals(bytes)) {
      throw unreadable(`the tarball holds two different ${manifest}`, "one, or equal ones", `another one as ${name}`);
    }
    // Package.json replaces package.json where the disk ignores case; alone it is not what npm reads.
    const exact: boolean = found?.exact === true || path === manifest;
    found = { bytes, folder: name.split(/[\\/]/, 1)[0] ?? "", exact };
  }
  return found?.exact ? { bytes: found.bytes, folder: found.folder } : null;
}

/** Where an extraction without the first segment (npm's `strip: 1`) puts an entry, without `.` and empty segments; `\` counts on Windows. */
function installedPath(name: string): string {
  return name
    .split(/[\\/]/)
    .slice(1)
    .filter((segment) => segment !== "" && segment !== ".")
    .join("/");
}

async function readEntry(chunks: AsyncIterable<unknown>, manifest: Manifest, size: number): Promise<Buffer> {
  if (size > MAX_MANIFEST_BYTES) {
    throw unreadable(`the tarball's ${manifest} is too large`, `at most ${MAX_MANIFEST_BYTES} bytes`, `${size}`);
  }
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk as Uint8Array);
  return Buffer.concat(parts);
}

async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.byteLength;
    if (total > MAX_UNPACKED_BYTES) {
      throw unreadable("the tarball unpacks to too much", `at most ${MAX_UNPACKED_BYTES} bytes`, "more");
    }
    yield chunk;
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : "an unknown error";
}
