import { isImageDigest } from "./image-digest.ts";
import { parseReference } from "./reference.ts";

/**
 * The purl of an image: `pkg:oci/app@sha256%3A<hex>?platform=linux%2Famd64&repository_url=ghcr.io%2Focto%2Fapp`.
 *
 * Source: https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md. `platform` is what BuildKit
 * writes in its pkg:docker purls; qualifiers are sorted.
 *
 * @param image.name - registry and repository, as `parseReference` gives it.
 * @param image.platform - `linux/arm/v7`, of a platform manifest.
 */
export function imagePurl(image: {
  readonly name: string;
  readonly digest: string;
  readonly platform?: string | null;
  readonly tag?: string | null;
}): string {
  const segment = image.name.slice(image.name.lastIndexOf("/") + 1).toLowerCase();
  const qualifiers = [
    ["platform", image.platform],
    ["repository_url", image.name],
    ["tag", image.tag],
  ] as const;
  const query = qualifiers.flatMap(([key, value]) => (value ? [`${key}=${encodeURIComponent(value)}`] : [])).join("&");
  return `pkg:oci/${encodeURIComponent(segment)}@${encodeURIComponent(image.digest)}?${query}`;
}

/** What a purl says of an image. */
export interface ImagePurl {
  /** Registry and repository; null when there is no `repository_url`. */
  readonly name: string | null;
  readonly digest: string | null;
  readonly platform: string | null;
}

/**
 * Reads a pkg:oci purl of any origin. Encodings may differ (`@sha256:…`); other qualifiers are ignored.
 *
 * @returns null for another type, and for one that is malformed or contradicts itself: a namespace, a subpath, a
 * repeated qualifier, a repository_url that is none or ends in another name, a version that is no digest.
 */
export function parseImagePurl(purl: string): ImagePurl | null {
  const match = /^pkg:oci\/([^/@?#]+)(?:@([^/@?#]+))?(?:\?([^?#]+))?$/.exec(purl);
  const segment = decoded(match?.[1]);
  const qualifiers = readQualifiers(match?.[3] ?? "");
  if (segment === null || qualifiers === null) return null;
  const digest = match?.[2] === undefined ? null : decoded(match[2]);
  if (match?.[2] !== undefined && (digest === null || !isImageDigest(digest))) return null;
  const url = qualifiers.get("repository_url");
  const name = url === undefined ? null : nameOf(url);
  if (url !== undefined && name?.slice(name.lastIndexOf("/") + 1) !== segment) return null;
  const platform = qualifiers.get("platform") ?? null;
  if (platform !== null && !/^[\w.+-]+\/[\w.+-]+(?:\/[\w.+-]+)?$/.test(platform)) return null;
  return { name, digest, platform };
}

function readQualifiers(query: string): ReadonlyMap<string, string> | null {
  const qualifiers = new Map<string, string>();
  for (const pair of query === "" ? [] : query.split("&")) {
    const [, key, encoded] = /^([a-z][a-z0-9._-]*)=(.*)$/s.exec(pair) ?? [];
    const value = decoded(encoded);
    if (key === undefined || value === null || qualifiers.has(key)) return null;
    qualifiers.set(key, value);
  }
  return qualifiers;
}

function nameOf(url: string): string | null {
  try {
    const { name, tag, digest } = parseReference(url);
    return tag === null && digest === null ? name : null;
  } catch {
    return null;
  }
}

function decoded(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
