import { isPurl, isTouchmarkError, type StatedSubject } from "@touchmark/core";
import { type ImageReference, parseImagePurl, parseReference } from "@touchmark/oci";

/** What the name of a subject says of an image. */
export interface ImageName {
  /** Registry and repository, as `parseReference` gives them; null for a purl that does not say. */
  readonly repository: string | null;
  readonly platform: string | null;
  /** In a purl, the version. */
  readonly digest: string | null;
}

/**
 * Reads the name of an image: a repository with its registry (`ghcr.io/octo/app`), or a pkg:oci purl. A name without a
 * registry, with a tag or with a digest is none: it could be a file's, or says more than a subject's name should. Only where
 * Google Cloud Build writes a URL, `https://gcr.io/octo/app:v1`, a tag stands in it, and says nothing.
 */
export function imageNameOf(name: string): ImageName | null {
  if (isPurl(name)) {
    const purl = parseImagePurl(name);
    return purl === null ? null : { repository: purl.name, platform: purl.platform, digest: purl.digest };
  }
  const isUrl = name.startsWith(SCHEME);
  const plain = isUrl ? name.slice(SCHEME.length) : name;
  const [first = ""] = plain.split("/", 1);
  if (first === plain || (first !== "localhost" && !/[.:]/.test(first))) return null;
  const reference = readReference(plain);
  if (reference === null || (reference.tag !== null && !isUrl) || reference.digest !== null) return null;
  return { repository: reference.name, platform: null, digest: null };
}

const SCHEME = "https://";

/** True for a subject that says in its URI that it is an image: then its name is no file's, whatever it looks like. */
export function isImageSubject(subject: StatedSubject): boolean {
  return subject.uri?.startsWith("pkg:oci/") ?? false;
}

/**
 * True for two texts of one platform. A variant that an architecture has unless another is said makes no difference.
 * Source: https://github.com/containerd/platforms/blob/v1.0.0/database.go, normalizeArch
 */
export function samePlatform(left: string, right: string): boolean {
  return usual(left) === usual(right);
}

function usual(platform: string): string {
  const [os, architecture, variant] = platform.split("/");
  if (architecture === "arm64" && variant === "v8") return `${os}/arm64`;
  if (architecture === "arm" && variant === undefined) return `${os}/arm/v7`;
  return platform;
}

function readReference(name: string): ImageReference | null {
  try {
    return parseReference(name);
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}
