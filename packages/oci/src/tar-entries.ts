import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { type Extract, extract } from "tar-stream";
import { algorithmOf, type Measured } from "./layout-files.ts";
import { layoutPath } from "./layout-path.ts";
import { MAX_TAR_ENTRIES } from "./limits.ts";

type Entry = Extract extends AsyncIterable<infer Source> ? Source : never;

/** What a tar has under a name. */
export type TarEntry =
  | (Measured & { readonly kind: "file"; readonly bytes: Uint8Array | null })
  /** A link, a device and whatever else is neither file nor folder, as tar-stream calls it. */
  | { readonly kind: "other"; readonly type: string };

/** Says whether the bytes of a file are to be kept, when its first byte is there. */
export type Keep = (path: string, size: number, firstByte: number) => boolean;

/**
 * Reads a tar once, hashing every file while it passes.
 *
 * @param chunks - each may be overwritten when the next is asked for, so they are copied: tar-stream holds on to them.
 * @throws TouchmarkError `IMAGE_MALFORMED` for what is no whole tar, is compressed, or has a name that leads out of it or
 * stands for two different files; `LIMIT_EXCEEDED`; those of `chunks`.
 */
export async function scanTar(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
  keep: Keep,
): Promise<ReadonlyMap<string, TarEntry>> {
  const entries = new Map<string, TarEntry>();
  const tar = extract();
  const feeding = pipeline(() => copies(chunks, label), tar);
  feeding.catch(() => {}); // its error also ends the loop below, which reports it
  let count = 0;
  try {
    for await (const entry of tar) {
      count += 1;
      if (count > MAX_TAR_ENTRIES) {
        throw new TouchmarkError("LIMIT_EXCEEDED", `${label} has too many entries`, {
          expected: `at most ${MAX_TAR_ENTRIES}`,
          actual: "more",
        });
      }
      await note(entries, entry, label, keep);
    }
    await feeding;
    return entries;
  } catch (error) {
    if (isTouchmarkError(error)) throw error;
    throw new TouchmarkError("IMAGE_MALFORMED", `${label} is not a whole tar`, {
      expected: "an uncompressed tar of an image",
      actual: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  } finally {
    await feeding.catch(() => {}); // so that the file is closed
  }
}

async function* copies(chunks: AsyncIterable<Uint8Array>, label: string): AsyncIterable<Uint8Array> {
  let first = true;
  for await (const chunk of chunks) {
    if (first) refuseCompressed(chunk, label);
    first = false;
    yield new Uint8Array(chunk);
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

async function note(entries: Map<string, TarEntry>, entry: Entry, label: string, keep: Keep): Promise<void> {
  const path = layoutPath(entry.header.name, label);
  // The types of tar-stream leave out what it gives for a kind that it does not know, such as GNU's sparse files.
  const type: string | null = entry.header.type;
  if (type === "directory") {
    entry.resume();
    return;
  }
  const found = await readEntry(entry, path, type, keep);
  const before = entries.get(path);
  if (before !== undefined && !sameContent(before, found)) {
    throw new TouchmarkError("IMAGE_MALFORMED", `${label} has two different entries of one name`, {
      expected: "each name once",
      actual: path,
    });
  }
  if (before === undefined) entries.set(path, found);
}

async function readEntry(entry: Entry, path: string, type: string | null, keep: Keep): Promise<TarEntry> {
  if (type !== "file" && type !== "contiguous-file") {
    entry.resume();
    return { kind: "other", type: type ?? "an entry of an unknown kind" };
  }
  const algorithm = algorithmOf(path);
  const hash = createHash(algorithm);
  let kept: Uint8Array[] | null = null;
  let size = 0;
  for await (const chunk of entry as AsyncIterable<Uint8Array>) {
    if (size === 0 && keep(path, entry.header.size, chunk[0] ?? 0)) kept = [];
    kept?.push(chunk);
    hash.update(chunk);
    size += chunk.byteLength;
  }
  const bytes = kept === null ? null : Buffer.concat(kept);
  return { kind: "file", digest: `${algorithm}:${hash.digest("hex")}`, size, bytes };
}

function sameContent(left: TarEntry, right: TarEntry): boolean {
  return left.kind === "file" && right.kind === "file" && left.digest === right.digest;
}
