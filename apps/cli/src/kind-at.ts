import { statSync } from "node:fs";

/**
 * What a path leads to, to grant it; null for nothing, and for what cannot be looked at, such as links in a circle: whoever
 * reads it says why.
 */
export function kindAt(absolute: string): "file" | "folder" | "other" | null {
  try {
    const stats = statSync(absolute);
    return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  } catch {
    return null;
  }
}
