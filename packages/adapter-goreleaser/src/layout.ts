import { posix } from "node:path";

/**
 * Where things lie now, and where GoReleaser says that they lay. Its paths are relative to the folder in which it ran
 * (`dist/x`, `out/rel/x`), and dist may have been moved since.
 */
export interface Layout {
  /** The dist folder as it was given to us. */
  readonly folder: string;
  /** The dist folder as GoReleaser recorded it: `dist`, `out/rel`, `../dist`, or absolute. */
  readonly recordedDist: string;
  /** Where GoReleaser ran, as a path for the host; null when the place of dist does not tell. */
  readonly runFolder: string | null;
}

/** @param runFolder - what the user said; null: derive it from the place of dist. */
export function layoutOf(folder: string, recordedDist: string, runFolder: string | null): Layout {
  const given = tidy(folder);
  const recorded = tidy(recordedDist);
  return { folder: given, recordedDist: recorded, runFolder: runFolder ?? withoutSuffix(given, recorded) };
}

/**
 * The place of something that GoReleaser recorded, as a path for the host.
 *
 * @returns null when it is not inside dist and nothing says where GoReleaser ran.
 */
export function placeOf(layout: Layout, recorded: string): string | null {
  const path = tidy(recorded);
  const inside = insideDist(layout, recorded);
  if (inside !== null) return posix.join(layout.folder, inside);
  if (posix.isAbsolute(path)) return path;
  return layout.runFolder === null ? null : posix.join(layout.runFolder, path);
}

/** The path inside dist; null when it lies elsewhere. */
export function insideDist(layout: Layout, recorded: string): string | null {
  const path = tidy(recorded);
  if (layout.recordedDist === ".")
    return path === ".." || path.startsWith("../") || posix.isAbsolute(path) ? null : path;
  return path.startsWith(`${layout.recordedDist}/`) ? path.slice(layout.recordedDist.length + 1) : null;
}

/** Forward slashes (extra.ChecksumOf has backslashes on Windows), no `./`, no trailing slash. */
export function tidy(path: string): string {
  const normal = posix.normalize(path.replaceAll("\\", "/"));
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

function withoutSuffix(given: string, recorded: string): string | null {
  if (posix.isAbsolute(recorded) || recorded.split("/").includes("..")) return null;
  if (recorded === ".") return given;
  if (given === recorded) return ".";
  return given.endsWith(`/${recorded}`) ? given.slice(0, -recorded.length - 1) || "/" : null;
}
