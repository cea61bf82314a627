import { randomBytes } from "node:crypto";
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { look } from "./boundary.ts";
import { throwIfAborted } from "./file-error.ts";
import { conflict, outputError } from "./output-error.ts";

/** A file to write into a folder. */
export interface OutputFile {
  /** One segment, no separators. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** 0o644 less the umask when absent. */
  readonly mode?: number;
}

interface Place {
  readonly path: string;
  /** As people see it. */
  readonly shown: string;
  readonly temporary: string;
  readonly backup: string;
  readonly file: OutputFile;
}

/**
 * Writes files into a folder: all or none; see WritableHost.
 *
 * Complete and on the disk beside their places first, then renamed without a pause. A rename that fails in the middle
 * brings back what the earlier ones replaced.
 *
 * @param folder - as the user gave it.
 * @param workspace - what a relative folder is relative to.
 */
export async function writeFiles(
  folder: string,
  files: readonly OutputFile[],
  workspace: string,
  signal: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  if (files.length === 0) return;
  const absolute = resolve(workspace, folder);
  const places = placesOf(absolute, folder, files);
  const made = makeFolder(absolute, folder);
  try {
    for (const place of places) refuseTaken(place);
    for (const place of places) {
      throwIfAborted(signal);
      const written = await writeWhole(place.temporary, place.file.bytes, place.file.mode ?? 0o644, place.shown);
      if (!written) throw conflict(place.shown, "a temporary file of the same random name");
    }
    throwIfAborted(signal);
    renameAll(places);
    await flushFolder(absolute);
  } catch (error) {
    for (const place of places) rmSync(place.temporary, { force: true });
    removeEmpty(made, absolute);
    throw error;
  }
}

/**
 * Writes a new file and flushes it to the disk; nothing of it remains when that fails.
 *
 * @param shown - its path as people see it.
 * @returns false, and nothing is touched, when something has that name.
 */
export async function writeWhole(path: string, bytes: Uint8Array, mode: number, shown: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx", mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw outputError(error, shown);
  }
}

/**
 * Makes a folder and those above it; none of them remains when that fails.
 *
 * One level at a time: a recursive mkdirSync never returns where the system says ENOENT inside a folder that exists
 * (`/proc/new`), since it takes that for a missing parent.
 *
 * @returns the topmost one that was made; undefined when all were there.
 * @throws TouchmarkError `OUTPUT_UNWRITABLE`, `DISK_FULL`.
 */
export function makeFolder(absolute: string, shown: string): string | undefined {
  let made: string | undefined;
  try {
    for (const path of missingFolders(absolute)) {
      try {
        if (makeOne(path)) made ??= path;
      } catch (error) {
        removeEmpty(made, dirname(path));
        throw error;
      }
    }
    return made;
  } catch (error) {
    throw outputError(error, shown);
  }
}

/** Takes back folders that were made: from `absolute` up to `made`, as long as they are empty. */
export function removeEmpty(made: string | undefined, absolute: string): void {
  if (made === undefined) return;
  try {
    for (let path = absolute; path.length >= made.length; path = dirname(path)) rmdirSync(path);
  } catch {
    // Somebody else has put something there meanwhile: it is theirs.
  }
}

/** The folders that have to be made, the topmost first. */
function missingFolders(absolute: string): readonly string[] {
  const missing: string[] = [];
  for (let path = absolute; !isFolder(path); path = dirname(path)) {
    missing.unshift(path);
    // A drive that is not there has no folder above it.
    if (path === dirname(path)) break;
  }
  return missing;
}

/** @returns false when somebody else has made it meanwhile. */
function makeOne(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && isFolder(path)) return false;
    throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}

function placesOf(absolute: string, folder: string, files: readonly OutputFile[]): readonly Place[] {
  const names = new Set<string>();
  return files.map((file) => {
    if (file.name !== basename(file.name) || /[/\\\0]/.test(file.name) || [".", "..", ""].includes(file.name)) {
      throw new TouchmarkError("NAME_REFUSED", `${JSON.stringify(file.name)} cannot be the name of an output file`, {
        expected: "a name without separators",
        actual: JSON.stringify(file.name),
      });
    }
    const shown = join(folder, file.name);
    if (names.has(file.name)) throw conflict(shown, "another file of the same output");
    names.add(file.name);
    // NAME_MAX is 255 bytes; a long name is cut so that the name beside it still fits.
    const stem = `.${file.name.slice(0, 48)}.${randomBytes(6).toString("hex")}`;
    const path = join(absolute, file.name);
    return { path, shown, temporary: join(absolute, `${stem}.tmp`), backup: join(absolute, `${stem}.old`), file };
  });
}

function refuseTaken({ path, shown }: Place): void {
  const stats = lookOrThrow(path, shown);
  if (stats === undefined || stats.isFile()) return;
  throw conflict(shown, stats.isDirectory() ? "a folder" : stats.isSymbolicLink() ? "a link" : "a FIFO or a device");
}

function lookOrThrow(path: string, shown: string): Stats | undefined {
  try {
    return look(path);
  } catch (error) {
    throw outputError(error, shown);
  }
}

/** No await in here: an interruption finds either none or all of them renamed. */
function renameAll(places: readonly Place[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const place of places) {
      try {
        refuseTaken(place);
        const replaced = places.length > 1 && keepBackup(place);
        renameSync(place.temporary, place.path);
        undo.push(() => (replaced ? renameSync(place.backup, place.path) : rmSync(place.path, { force: true })));
      } catch (error) {
        throw outputError(error, place.shown);
      }
    }
  } catch (error) {
    for (const step of undo.reverse()) attempt(step);
    throw error;
  } finally {
    for (const place of places) attempt(() => rmSync(place.backup, { force: true }));
  }
}

/** @returns false when there is nothing to keep. */
function keepBackup({ path, backup }: Place): boolean {
  if (look(path) === undefined) return false;
  try {
    linkSync(path, backup);
  } catch {
    // A file system without hard links.
    copyFileSync(path, backup, constants.COPYFILE_EXCL);
  }
  return true;
}

/** As far as possible: what cannot be brought back must not hide why. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The first error is the one to tell.
  }
}

/** The names are on the disk too; a system that cannot flush a folder has nothing to offer here. */
async function flushFolder(absolute: string): Promise<void> {
  try {
    const handle = await open(absolute, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows, and file systems over a network.
  }
}
