import { type Dirent, readdir, statSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { compareText, TouchmarkError } from "@touchmark/core";
import type { HostFile } from "@touchmark/plugin";
import { type Boundary, look } from "./boundary.ts";
import { fileError, refusedFile, refusedKind, throwIfAborted } from "./file-error.ts";
import {
  badName,
  type Found,
  kindOfEntry,
  type ListContext,
  MANY_ENTRIES,
  MAX_ENTRIES,
  sizeOf,
  statsOf,
  tooMany,
  walk,
} from "./list-entries.ts";
import { LOOKS_PER_TURN, yieldToEvents } from "./yield-to-events.ts";

/**
 * Regular files that a pattern names, sorted by path in code unit order.
 *
 * A name that stands there literally wins over its reading as a pattern (`a[1].txt`), except for stars and question
 * marks: no file called `*` can hide its neighbours.
 *
 * @throws TouchmarkError `FILE_REFUSED` for a match that is a link, lies behind one, or is a FIFO or a device;
 * `NAME_REFUSED` for one that has a line end in its name or a name that is not UTF-8; `OUTSIDE_ROOTS`, `LIMIT_EXCEEDED`, `FILE_UNREADABLE`; `INPUT_INVALID` for a pattern with `..` after its first wildcard.
 */
export async function globFiles(pattern: string, context: ListContext): Promise<readonly HostFile[]> {
  const { boundary } = context;
  if (isNamed(pattern, boundary)) return [found(boundary.resolve(pattern), boundary)].map(regularFiles(boundary));
  const { base, rest } = splitPattern(pattern, boundary);
  if (rest === "" || boundary.follow(base) === null || !isFolder(boundary.resolve(base))) return [];
  // Everything below a folder needs no matching: half the time for the most common pattern.
  if (rest === "**" || rest === "**/*") return (await walk(base, context)).map(regularFiles(boundary));
  return match(base, rest, context);
}

type Match = Pick<Found, "path" | "kind">;

/** Makes files of what was found, and refuses what is none. */
function regularFiles(boundary: Boundary): (found: Match) => HostFile {
  class ListedFile implements HostFile {
    readonly path: string;
    readonly name: string;
    constructor(path: string) {
      this.path = path;
      this.name = path.slice(path.lastIndexOf("/") + 1);
    }
    get size() {
      return sizeOf({ path: this.path, kind: "file" }, boundary);
    }
  }
  return ({ path, kind }) => {
    switch (kind) {
      case "file":
        return new ListedFile(path);
      case "link":
        throw refusedFile("link", null, path);
      case "other":
        throw refusedFile("not-a-file", null, path);
      case "badly-named":
        throw badName(path);
    }
  };
}

function found(absolute: string, boundary: Boundary): Match {
  const path = boundary.show(absolute);
  return { path, kind: kindOfEntry(statsOf(absolute, path)) };
}

/** True when something other than a folder has the pattern's own text as its name; a link to a folder is not a folder. */
function isNamed(pattern: string, boundary: Boundary): boolean {
  if (WILDCARD.test(pattern) || boundary.followParent(pattern) === null) return false;
  return look(boundary.resolve(pattern))?.isDirectory() === false;
}

const WILDCARD = /[*?\\]/;
const SPECIAL = /[*?[\](){}!+@|\\]/;

/** The folder to look in, and the pattern that remains below it; "" when there is nothing to interpret. */
function splitPattern(pattern: string, boundary: Boundary): { readonly base: string; readonly rest: string } {
  const segments = pattern.split("/");
  let at = 0;
  for (; at < segments.length; at += 1) {
    const segment = segments[at] ?? "";
    if (!SPECIAL.test(segment)) continue;
    // A folder called `[id]` is that folder; one called `*` must not hide its neighbours.
    if (WILDCARD.test(segment) || !isFolder(boundary.resolve(segments.slice(0, at + 1).join("/")))) break;
  }
  const rest = segments.slice(at).join("/");
  if (segments.slice(at).includes("..")) {
    throw new TouchmarkError("INPUT_INVALID", `the pattern ${pattern} goes up after a wildcard`, {
      expected: "`..` only before the first wildcard",
      actual: pattern,
    });
  }
  const base = segments.slice(0, at).join("/");
  return { base: base === "" && pattern.startsWith("/") ? "/" : base || ".", rest };
}

async function match(base: string, rest: string, context: ListContext): Promise<readonly HostFile[]> {
  const { boundary, signal } = context;
  const top = boundary.resolve(base);
  const prefix = top.endsWith(sep) ? top : top + sep;
  const view = createView(top, rest, boundary);
  const { glob } = await import("tinyglobby");
  const relatives = await glob(withoutLineEnds(rest), {
    cwd: top,
    dot: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    onlyFiles: true,
    debug: false,
    signal,
    fs: { readdir: view.readdir as unknown as typeof readdir },
  });
  throwIfAborted(signal);
  if (view.failure() !== null) throw view.failure();
  requireNames(relatives, base);
  for (const relative of relatives) {
    const link = view.linkAbove(relative);
    if (link !== null) throw refusedKind(boundary.show(join(top, relative)), `a file behind the link ${link}`);
  }
  if (relatives.length >= MANY_ENTRIES) context.onMany();
  const files: HostFile[] = [];
  const regularFile = regularFiles(boundary);
  for (const relative of new Set(relatives)) {
    if (files.length % LOOKS_PER_TURN === 0) await yieldToEvents(signal);
    files.push(regularFile(found(prefix + relative, boundary)));
  }
  return files.sort((left, right) => compareText(left.path, right.path));
}

/**
 * A star of the matcher does not match a line end everywhere, so that it would leave files out in silence. It sees lone
 * surrogates in their place, which no name on a disk has once it is decoded from UTF-8.
 */
const LINE_ENDS = new Map([
  ["\n", "\udc0a"],
  ["\r", "\udc0d"],
  ["\u2028", "\udc28"],
  ["\u2029", "\udc29"],
]);
const STAND_INS = new Map([...LINE_ENDS].map(([end, standIn]) => [standIn, end]));

function withoutLineEnds(path: string): string {
  return path.replace(/[\n\r\u2028\u2029]/g, (end) => LINE_ENDS.get(end) ?? end);
}

function withLineEnds(path: string): string {
  return path.replace(/[\udc0a\udc0d\udc28\udc29]/gu, (standIn) => STAND_INS.get(standIn) ?? standIn);
}

/** A line end in a name forges lines in lists and logs; no subject may have one either. */
function requireNames(relatives: readonly string[], base: string): void {
  const [first] = relatives.filter((relative) => withLineEnds(relative) !== relative).sort(compareText);
  if (first === undefined) return;
  const path = JSON.stringify(posix.join(base, withLineEnds(first)));
  throw new TouchmarkError("NAME_REFUSED", `${path} has a line end in its name`, {
    expected: "file names of one line",
    actual: path,
  });
}

type Answer = (
  error: Error | null,
  entries: readonly Pick<Dirent, "name" | "isFile" | "isDirectory" | "isSymbolicLink">[],
) => void;

/**
 * The disk as the matcher sees it. The matcher itself skips links, FIFOs and devices, and takes an unreadable folder
 * for an empty one; here they are files like any other, to be refused when they match, and errors are kept.
 *
 * A link to a folder can also be gone through by a single star, as in a shell; by two it would never end.
 */
function createView(top: string, rest: string, boundary: Boundary) {
  const deepest = rest.includes("**")
    ? rest.slice(0, rest.indexOf("**")).split("/").length - 1
    : Number.POSITIVE_INFINITY;
  const links = new Set<string>();
  let seen = 0;
  let failed: TouchmarkError | null = null;

  return {
    failure: () => failed,
    linkAbove: (relative: string): string | null => {
      if (links.size === 0) return null;
      for (let path = posix.dirname(relative); path !== "."; path = posix.dirname(path)) {
        if (links.has(path)) return boundary.show(join(top, path));
      }
      return null;
    },
    readdir: (path: string, _options: unknown, answer: Answer): void => {
      const relative = withLineEnds(path.slice(top.length)).replace(/^\/+|\/+$/g, "");
      readdir(join(top, relative), { withFileTypes: true }, (error, entries = []) => {
        // The matcher starts in the pattern's first folders without looking whether they are there.
        const isAbsent = seen === 0 && (error?.code === "ENOENT" || error?.code === "ENOTDIR");
        seen += entries.length;
        if (error !== null && !isAbsent) failed ??= fileError(error, boundary.show(join(top, relative)));
        if (seen > MAX_ENTRIES) failed ??= tooMany(boundary.show(top), MAX_ENTRIES);
        answer(null, failed === null ? entries.flatMap((entry) => seenAs(entry, relative)) : []);
      });
    },
  };

  function seenAs(entry: Dirent, folder: string) {
    const name = withoutLineEnds(entry.name);
    if (entry.isDirectory()) return [{ name, ...AS_FOLDER }];
    const path = posix.join(folder, entry.name);
    const enters = entry.isSymbolicLink() && path.split("/").length <= deepest && isFolder(join(top, path));
    if (!enters) return [{ name, ...AS_FILE }];
    links.add(path);
    return [
      { name, ...AS_FILE },
      { name, ...AS_FOLDER },
    ];
  }
}

const yes = () => true;
const no = () => false;
const AS_FILE = { isFile: yes, isDirectory: no, isSymbolicLink: no };
const AS_FOLDER = { isFile: no, isDirectory: yes, isSymbolicLink: no };

function isFolder(absolute: string): boolean {
  try {
    return statSync(absolute).isDirectory();
  } catch {
    return false; // nothing there, or a link that leads nowhere
  }
}
