import type { ArtifactReport } from "../report.ts";

/**
 * Where an artifact is, as a relative reference: `dist/tool` of the target `dist`. Code scanning looks for it below the
 * repository's root. A target that is absolute or leads upwards says nothing there, so that the name stands alone; so it does
 * of images and digests.
 */
export function relativeUri({ name, target, platform }: Pick<ArtifactReport, "name" | "target" | "platform">): string {
  const folder = folderOf(target, name);
  const path = platform === null && folder !== null ? `${folder}/${name}` : name;
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  return segments.length === 0 ? "." : segments.map(encoded).join("/");
}

/** The folder that the target is, or lies in; null where a name below it would not lead to the file. */
function folderOf(target: string, name: string): string | null {
  const path = target.replaceAll("\\", "/");
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (/^(?:\/|[A-Za-z][A-Za-z0-9+.-]*:)/.test(path) || segments.includes("..")) return null;
  // A file that was given alone is called by its base name.
  return (segments.at(-1) === name ? segments.slice(0, -1) : segments).join("/") || null;
}

/** RFC 3986 section 3.3; a colon in the first segment would make a scheme of it, and `..` would lead elsewhere. */
function encoded(segment: string): string {
  if (segment === "..") return "%2E%2E";
  return encodeURIComponent(segment.replaceAll(/\p{Surrogate}/gu, "\ufffd")).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
