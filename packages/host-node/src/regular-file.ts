import { lstatSync, statSync } from "node:fs";
import { posix } from "node:path";
import type { HostFile } from "@touchmark/plugin";
import { type Boundary, forwardSlashes, look } from "./boundary.ts";
import { fileError, refusedFile, refusedKind } from "./file-error.ts";

/** What stands at a path, links followed; a link that leads nowhere is "other". */
export function kindOf(path: string, boundary: Boundary): "file" | "folder" | "other" | null {
  const real = boundary.follow(path);
  try {
    if (real === null) return look(boundary.resolve(path)) === undefined ? null : "other";
    const stats = statSync(real);
    return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  } catch (error) {
    const refused = fileError(error, path);
    if (refused.code === "INPUT_MISSING") return null;
    throw refused;
  }
}

/** The regular file at a path; see Host. */
export function regularFile(path: string, boundary: Boundary): HostFile {
  const place = boundary.followParent(path);
  if (place === null) throw refusedFile("missing", null, path);
  try {
    const stats = lstatSync(place);
    if (stats.isSymbolicLink()) throw refusedFile("link", null, path);
    if (stats.isDirectory()) throw refusedKind(path, "a folder");
    if (!stats.isFile()) throw refusedKind(path, "a FIFO, a socket or a device");
    const shown = boundary.show(boundary.resolve(path));
    return { path: shown, name: posix.basename(shown), size: stats.size };
  } catch (error) {
    throw fileError(error, path);
  }
}

/** The true place of a path; see Host. */
export function realPathOf(path: string, boundary: Boundary): string {
  const real = boundary.follow(path);
  if (real === null) throw refusedFile("missing", null, path);
  return forwardSlashes(real);
}
