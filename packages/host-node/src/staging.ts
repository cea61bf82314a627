import { createHash } from "node:crypto";
import { lstatSync, renameSync } from "node:fs";
import { chmod, mkdir, mkdtemp, open, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { throwIfAborted } from "./file-error.ts";
import { conflict, outputError } from "./output-error.ts";

/**
 * What a staging takes: files that were hashed are read again to copy them, and one may have grown meanwhile without end.
 * Unit: bytes.
 */
const MAX_STAGED_BYTES = 256 * 1024 ** 3;

/** A private folder in which something is put together before anybody sees it. Names have forward slashes. */
export interface Staging {
  /** The folder with what was put together; absolute. */
  readonly content: string;
  /**
   * Writes a new file, and hashes exactly the bytes that it writes.
   *
   * @returns the digest, lowercase hex.
   * @throws TouchmarkError `OUTPUT_CONFLICT` where something has the name already, `OUTPUT_UNWRITABLE`, `DISK_FULL`,
   * `NAME_REFUSED`, `LIMIT_EXCEEDED`, `ABORTED`; what the chunks throw.
   */
  write(
    name: string,
    chunks: AsyncIterable<Uint8Array>,
    options: { readonly algorithm: "sha256" | "sha384" | "sha512"; readonly executable: boolean },
  ): Promise<string>;
  /** Makes a folder, and those above it; it may be there. */
  folder(name: string): Promise<void>;
  /** Makes a symbolic link. */
  link(name: string, target: string): Promise<void>;
  /** Takes the right to write away from every file and folder, also from ourselves. */
  seal(): Promise<void>;
  /**
   * Gives the content the place where people look for it, all at once.
   *
   * @param place - absolute, on the same file system; nothing stands there.
   * @throws TouchmarkError `OUTPUT_CONFLICT`, `OUTPUT_UNWRITABLE`.
   */
  moveTo(place: string, shown: string): void;
  /** Removes whatever is still there; may be called twice. */
  remove(): Promise<void>;
}

/**
 * Makes a folder that only this user may look into (0700).
 *
 * @param parent - absolute; must be there.
 * @param options.shown - what messages call the result.
 * @param options.flush - wait until each file is on the disk: for what stays.
 * @throws TouchmarkError `OUTPUT_UNWRITABLE`, `DISK_FULL`.
 */
export async function openStaging(
  parent: string,
  { shown, flush, signal }: { readonly shown: string; readonly flush: boolean; readonly signal: AbortSignal },
): Promise<Staging> {
  throwIfAborted(signal);
  const root = await told(shown, () => mkdtemp(join(parent, ".touchmark-")));
  const content = join(root, "content");
  await told(shown, () => mkdir(content));
  let staged = 0;
  let isSealed = false;
  const folder = (segments: readonly string[]) =>
    told([shown, ...segments].join("/"), () => mkdir(join(content, ...segments), { recursive: true }));

  return {
    content,
    async write(name, chunks, { algorithm, executable }) {
      const segments = segmentsOf(name);
      await folder(segments.slice(0, -1));
      const path = join(content, ...segments);
      const hash = createHash(algorithm);
      const place = `${shown}/${name}`;
      const handle = await told(place, () => open(path, "wx", executable ? 0o777 : 0o666));
      try {
        for await (const chunk of chunks) {
          throwIfAborted(signal);
          staged += chunk.byteLength;
          if (staged > MAX_STAGED_BYTES) throw tooMuch(shown);
          hash.update(chunk);
          for (let at = 0; at < chunk.byteLength; ) {
            at += (await told(place, () => handle.write(chunk, at))).bytesWritten;
          }
        }
        if (flush) await told(place, () => handle.sync());
      } finally {
        await handle.close();
      }
      return hash.digest("hex");
    },
    async folder(name) {
      await folder(segmentsOf(name));
    },
    async link(name, target) {
      const segments = segmentsOf(name);
      await folder(segments.slice(0, -1));
      await told(`${shown}/${name}`, () => symlink(target, join(content, ...segments)));
    },
    async seal() {
      isSealed = true;
      await everywhere(content, (path, kind) => chmod(path, kind === "folder" ? 0o555 : modeOf(path) & 0o555));
    },
    moveTo(place, as) {
      try {
        // A folder that is empty would be replaced.
        if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) throw conflictAt(as);
        renameSync(content, place);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR" ? conflictAt(as) : outputError(error, as);
      }
    },
    async remove() {
      if (isSealed) await everywhere(content, (path, kind) => (kind === "folder" ? chmod(path, 0o700) : undefined));
      await rm(root, { recursive: true, force: true });
    },
  };
}

function segmentsOf(name: string): readonly string[] {
  const segments = name.split("/");
  const isPlain = (segment: string) => segment !== "" && segment !== "." && segment !== ".." && !segment.includes("\0");
  // On Windows a backslash separates, and a colon names a drive or a stream.
  if (segments.every((one) => isPlain(one) && (process.platform !== "win32" || !/[\\:]/.test(one)))) return segments;
  throw new TouchmarkError("NAME_REFUSED", `${JSON.stringify(name)} cannot be the name of a file here`, {
    expected: "a relative path without . and ..",
    actual: JSON.stringify(name),
  });
}

function tooMuch(shown: string): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", `${shown} would become too large`, {
    expected: `at most ${MAX_STAGED_BYTES} bytes`,
    actual: "more",
  });
}

function conflictAt(shown: string): TouchmarkError {
  return conflict(shown, "something stands there already");
}

function modeOf(path: string): number {
  return lstatSync(path).mode;
}

/** Links are passed over: their mode says nothing. */
async function everywhere(
  folder: string,
  visit: (path: string, kind: "file" | "folder") => Promise<void> | undefined,
): Promise<void> {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  await visit(folder, "folder");
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await everywhere(path, visit);
    else if (entry.isFile()) await visit(path, "file");
  }
}

async function told<T>(shown: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === "EEXIST" || code === "ENOTDIR" ? conflictAt(shown) : outputError(error, shown);
  }
}
