import { type Dirent, readdirSync, type Stats } from "node:fs";
import { sep } from "node:path";
import { compareText, TouchmarkError } from "@touchmark/core";
import type { HostEntry } from "@touchmark/plugin";
import { type Boundary, forwardSlashes, look } from "./boundary.ts";
import { fileError, refusedFile } from "./file-error.ts";
import { NAMES_PER_TURN, yieldToEvents } from "./yield-to-events.ts";

/** Entries below one folder. A tree of a million files is some 200 MB of names; more is a mistake. Unit: entries. */
export const MAX_ENTRIES = 1_000_000;

/** From here on hashing is shared with workers, which start while the rest is listed. Unit: entries. */
export const MANY_ENTRIES = 5_000;

export interface ListContext {
  readonly boundary: Boundary;
  readonly signal: AbortSignal;
  /** Called when there are so many files that hashing them will take a while. */
  onMany(): void;
}

/** An entry as it was found: nobody has asked for its size. */
export type Found = Omit<HostEntry, "size">;

interface WalkOptions {
  readonly recursive?: boolean;
  readonly limit?: number;
}

/**
 * Every entry below a folder that is not itself a folder, sorted by path in code unit order. What has a name that is
 * not UTF-8 is `badly-named`, a folder too: nobody can say what is in it.
 *
 * @param options - `recursive`: false for only what lies in the folder itself; `limit` for tests, {@link MAX_ENTRIES} otherwise.
 * @throws TouchmarkError `INPUT_MISSING`, `FILE_REFUSED` when it is not a folder, `OUTSIDE_ROOTS`, `LIMIT_EXCEEDED`,
 * `FILE_UNREADABLE` for a folder below that cannot be read.
 */
export async function listEntries(
  folder: string,
  context: ListContext,
  options: WalkOptions = {},
): Promise<readonly HostEntry[]> {
  const { boundary } = context;
  // One class for each listing, with one getter in its prototype: a getter in each of 20,000 objects takes 20 ms.
  class ListedEntry implements HostEntry {
    readonly path: string;
    readonly name: string;
    readonly kind: HostEntry["kind"];
    constructor({ path, name, kind }: Found) {
      this.path = path;
      this.name = name;
      this.kind = kind;
    }
    get size() {
      return sizeOf(this, boundary);
    }
  }
  return (await walk(folder, context, options)).map((found) => new ListedEntry(found));
}

/** {@link listEntries}, for those who need no sizes. */
export async function walk(
  folder: string,
  { boundary, signal, onMany }: ListContext,
  { recursive = true, limit = MAX_ENTRIES }: WalkOptions = {},
): Promise<readonly Found[]> {
  if (boundary.follow(folder) === null) throw refusedFile("missing", null, folder);
  const top = boundary.resolve(folder);
  const found: Found[] = [];
  const topLength = top.endsWith(sep) ? top.length : top.length + 1;
  const waiting = [top];
  let seen = 0;
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const children = childrenOf(place, place === top ? folder : boundary.show(place));
    if (seen < MANY_ENTRIES && seen + children.length >= MANY_ENTRIES) onMany();
    const prefix = place.endsWith(sep) ? place : place + sep;
    for (const entry of children) {
      seen += 1;
      if (seen > limit) throw tooMany(folder, limit);
      if (seen % NAMES_PER_TURN === 0) await yieldToEvents(signal);
      const child = prefix + entry.name;
      if (entry.badlyNamed === true || !entry.isDirectory()) {
        const kind = entry.badlyNamed === true ? "badly-named" : kindOfEntry(entry);
        found.push({ path: boundary.show(child), name: forwardSlashes(child.slice(topLength)), kind });
      } else if (recursive) {
        waiting.push(child);
      }
    }
  }
  return found.sort((left, right) => compareText(left.path, right.path));
}

/**
 * The size that a listed entry has now. One system call for each entry doubles the time that a listing takes, and most
 * sizes are asked by nobody.
 *
 * @throws TouchmarkError `FILE_CHANGED` when it is gone.
 */
export function sizeOf({ path, kind }: Pick<HostEntry, "path" | "kind">, boundary: Boundary): number {
  return kind === "badly-named" ? 0 : statsOf(boundary.resolve(path), path).size;
}

/** The error for a folder with more in it than we look at. */
export function tooMany(folder: string, limit: number): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", `${folder} holds too many files`, {
    expected: `at most ${limit} entries`,
    actual: "more",
  });
}

/**
 * What a listed name stands for now.
 *
 * @throws TouchmarkError `NAME_REFUSED` for a name that is not UTF-8, `FILE_CHANGED` when it is gone.
 */
export function statsOf(absolute: string, path: string): Stats {
  let stats: Stats | undefined;
  try {
    stats = look(absolute);
  } catch (error) {
    throw fileError(error, path);
  }
  if (stats !== undefined) return stats;
  // Node decodes names as UTF-8 with replacement characters: such a name leads nowhere.
  if (!path.includes("\uFFFD")) throw refusedFile("changed", null, path);
  throw badName(path);
}

/** `NAME_REFUSED`: a name that is not UTF-8 leads nowhere and cannot be stated. */
export function badName(path: string): TouchmarkError {
  return new TouchmarkError("NAME_REFUSED", `${path} has a name that is not UTF-8`, {
    expected: "file names in UTF-8",
    actual: JSON.stringify(path),
  });
}

export function kindOfEntry(entry: Pick<Stats, "isFile" | "isSymbolicLink">): "file" | "link" | "other" {
  return entry.isFile() ? "file" : entry.isSymbolicLink() ? "link" : "other";
}

interface Child extends Pick<Dirent, "name" | "isDirectory" | "isFile" | "isSymbolicLink"> {
  /** True when the name is not UTF-8: what we have of it leads nowhere, or to another file. */
  readonly badlyNamed?: boolean;
}

function childrenOf(place: string, path: string): readonly Child[] {
  try {
    const children = readdirSync(place, { withFileTypes: true });
    if (!children.some(({ name }) => name.includes("\uFFFD"))) return children;
    // A proper name may hold U+FFFD as well, even the very one that a bad name is decoded to: only the bytes tell.
    return readdirSync(place, { withFileTypes: true, encoding: "buffer" }).map(decoded);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw code === "ENOTDIR" ? refusedFile("not-a-file", null, path) : fileError(error, path);
  }
}

function decoded(child: Dirent<Buffer>): Child {
  const name = child.name.toString("utf8");
  return {
    name,
    badlyNamed: !Buffer.from(name, "utf8").equals(child.name),
    isDirectory: () => child.isDirectory(),
    isFile: () => child.isFile(),
    isSymbolicLink: () => child.isSymbolicLink(),
  };
}
