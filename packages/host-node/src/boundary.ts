import { lstatSync, realpathSync, type Stats } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { fileError, refusedFile } from "./file-error.ts";
import { isInside } from "./open-contained.mjs";

/** What a plugin may reach: the workspace and the roots that the user granted. */
export interface Boundary {
  /** The absolute place of a path, `.` and `..` segments taken out; nothing is checked. */
  resolve(path: string): string;
  /** An absolute, normal path as plugins and people see it: relative to the workspace where it lies inside, forward slashes. */
  show(absolute: string): string;
  /** Everything that may be reached: absolute, links resolved as they lead now. */
  roots(): readonly string[];
  /**
   * The true place of a path, every link in it followed; null when nothing is there (a link that leads nowhere included).
   *
   * @throws TouchmarkError `OUTSIDE_ROOTS` also where nothing is there, so that an answer tells nothing of the outside.
   */
  follow(path: string): string | null;
  /** The same for the folder that a path's last segment lies in; the last segment itself is not looked at. */
  followParent(path: string): string | null;
}

/**
 * @param workspaceAsGiven - absolute.
 * @param granted - absolute or relative to the workspace; one may be a link, since the user named it, and need not exist.
 */
export function createBoundary(workspaceAsGiven: string, granted: readonly string[]): Boundary {
  const workspace = resolve(workspaceAsGiven);
  const named = [workspace, ...granted.map((root) => resolve(workspace, root))];
  const prefix = workspace.endsWith(sep) ? workspace : workspace + sep;
  let known: readonly string[] | null = null;

  const boundary: Boundary = {
    resolve: (path) => {
      if (path.includes("\0")) {
        throw new TouchmarkError("NAME_REFUSED", "a path holds a NUL character", {
          expected: "a path that the system can open",
          actual: JSON.stringify(path),
        });
      }
      // Paths that a host gave out are normal already; 20,000 calls of resolve() are 15 ms.
      if (path.startsWith("/") && isNormal(path.slice(1))) return path;
      return isNormal(path) ? prefix + path : resolve(workspace, path);
    },
    show: (absolute) => {
      if (absolute === workspace) return ".";
      return forwardSlashes(absolute.startsWith(prefix) ? absolute.slice(prefix.length) : absolute);
    },
    roots: () => {
      if (known !== null) return known;
      const places = named.map((root) => placesOf(root));
      // A root that is missing now may be made later, by a command that we run.
      if (places.every((place) => place.exists)) known = places.flatMap((place) => place.paths);
      return places.flatMap((place) => place.paths);
    },
    follow: (path) => {
      const absolute = boundary.resolve(path);
      const place = existingPart(absolute);
      requireInside(join(place.real, place.rest), path);
      return place.rest === "" ? place.real : null;
    },
    followParent: (path) => {
      const absolute = boundary.resolve(path);
      const place = existingPart(dirname(absolute));
      requireInside(join(place.real, place.rest === "" ? basename(absolute) : place.rest), path);
      return place.rest === "" ? join(place.real, basename(absolute)) : null;
    },
  };
  return boundary;

  function requireInside(real: string, path: string): void {
    if (isInside(real, boundary.roots())) return;
    throw refusedFile("outside", null, path);
  }
}

/** True for a relative path without empty, `.` or `..` segments, and without what Windows reads otherwise. */
function isNormal(path: string): boolean {
  return sep === "/" && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path);
}

/** A root stands for where it leads, and for itself: its own name may be asked for, though a link is never read as a file. */
function placesOf(root: string): { readonly paths: readonly string[]; readonly exists: boolean } {
  const target = existingPart(root);
  const parent = existingPart(dirname(root));
  const itself = join(parent.real, parent.rest, basename(root));
  return { paths: [...new Set([join(target.real, target.rest), itself])], exists: target.rest === "" };
}

/** The longest part of a path that leads somewhere, resolved, and what remains of the path. */
function existingPart(absolute: string): { readonly real: string; readonly rest: string } {
  let rest = "";
  for (let path = absolute; ; path = dirname(path)) {
    try {
      return { real: realpathSync.native(path), rest };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if ((code !== "ENOENT" && code !== "ENOTDIR") || path === dirname(path))
        throw fileError(error, basename(absolute));
      rest = rest === "" ? basename(path) : join(basename(path), rest);
    }
  }
}

/** What has this name, a link not followed; undefined when nothing has. */
export function look(absolute: string): Stats | undefined {
  try {
    return lstatSync(absolute);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Paths go out with forward slashes on every system. */
export function forwardSlashes(path: string): string {
  return sep === "\\" ? path.replaceAll("\\", "/") : path;
}
