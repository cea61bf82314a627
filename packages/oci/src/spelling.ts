import type { Json } from "@touchmark/core";
import { malformed } from "./image-json.ts";

/** Members of indexes and manifests, and of what is in them. */
export const MANIFEST_NAMES: readonly string[] = [
  "schemaVersion",
  "mediaType",
  "artifactType",
  "manifests",
  "config",
  "layers",
  "subject",
  "annotations",
  "digest",
  "size",
  "urls",
  "data",
  "platform",
  "architecture",
  "os",
  "os.version",
  "os.features",
  "variant",
];

/**
 * Refuses a document in which a member has another spelling of a name that is looked for. Go's encoding/json, with which
 * docker, containerd and crane read, takes `Manifests` for `manifests`, and of both the one that comes last: they would
 * see another image than whoever goes by the name. Annotations may be called anything.
 *
 * @param names - those that are looked for.
 * @throws TouchmarkError `IMAGE_MALFORMED`.
 */
export function requireSpelling(json: Json, names: readonly string[], what: string): void {
  const byFolded = new Map(names.map((name) => [folded(name), name]));
  const waiting: Json[] = [json];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value === null || typeof value !== "object") continue;
    if (Array.isArray(value)) {
      for (const item of value) waiting.push(item);
      continue;
    }
    for (const [key, member] of Object.entries(value)) {
      const name = byFolded.get(folded(key));
      if (name !== undefined && name !== key) throw malformed(what, `members spelled as ${name}`, JSON.stringify(key));
      if (key !== "annotations") waiting.push(member);
    }
  }
}

/** As Go compares them: the long s and the sign for kelvin are letters of the alphabet, too. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}
