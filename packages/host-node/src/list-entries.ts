import { isUtf8 } from "node:buffer";
import { type Dirent, readdirSync, type Stats } from "node:fs";
import { sep } from "node:path";
import { compareText, TouchmarkError } from "@touchmark/core";
import type { HostEntry } from "@touchmark/plugin";
import { type Boundary, forwardSlashes, look } from "./boundary.ts";
import { fileError, refusedFile } from "./file-error.ts";
import { ENTRIES_PER_TURN, yieldToEvents } from "./yield-to-events.ts";

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
  { recursive = true, limit = MAX_ENTRIES }: { readonly recursive?: boolean; readonly limit?: number } = {},
): Promise<readonly HostEntry[]> {
  const { boundary, signal } = context;
  if (boundary.follow(folder) === null) throw refusedFile("missing", null, folder);
  const top = boundary.resolve(folder);
  const entries: HostEntry[] = [];
  const prefix = top.endsWith(sep) ? top.length : top.length + 1;
  const waiting = [top];
  let seen = 0;
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const children = childrenOf(place, place === top ? folder : boundary.show(place));
    if (seen < MANY_ENTRIES && seen + children.length >= MANY_ENTRIES) context.onMany();
    for (const entry of children) {
      seen += 1;
      if (seen > limit) throw tooMany(folder, limit);
      if (seen % ENTRIES_PER_TURN === 0) await yieldToEvents(signal);
      const child = place.endsWith(sep) ? place + entry.name : place + sep + entry.name;
      if (entry.badlyNamed === true) {
        const name = forwardSlashes(child.slice(prefix));
        entries.push({ path: boundary.show(child), name, kind: "badly-named", size: 0 });
      } else if (!entry.isDirectory()) {
        const path = boundary.show(child);
        const stats = statsOf(child, path);
        entries.push({ path, name: forwardSlashes(child.slice(prefix)), kind: kindOfEntry(stats), size: stats.size });
      } else if (recursive) {
        waiting.push(child);
      }
    }
  }
  return entries.sort((left, right) => compareText(left.path, right.path));
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

export function kindOfEntry(stats: Stats): "file" | "link" | "other" {
  return stats.isFile() ? "file" : stats.isSymbolicLink() ? "link" : "other";
}

interface Child {
  readonly name: string;
  /** True when the name is not UTF-8: what we have of it leads nowhere, or to another file. */
  readonly badlyNamed?: boolean;
  isDirectory(): boolean;
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
  const { name } = child;
  return { name: name.toString("utf8"), badlyNamed: !isUtf8(name), isDirectory: () => child.isDirectory() };
}
