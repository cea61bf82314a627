import { createHash } from "node:crypto";

interface StoredManifest {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** An upload that has begun; `session` is a part of its URL. */
interface Upload {
  readonly session: string;
  bytes: Uint8Array;
}

/** What one repository holds. A test may look into it and change it at any time. */
export interface RepositoryContent {
  readonly blobs: Map<string, Uint8Array>;
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
  readonly uploads: Map<string, Upload>;
}

export function emptyRepository(): RepositoryContent {
  return { blobs: new Map(), manifests: new Map(), tags: new Map(), uploads: new Map() };
}

export function sha256Of(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A descriptor of a manifest as the referrers API lists it. */
export interface Referrer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * What refers to a digest, in the order of pushing.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export function referrersOf(repository: RepositoryContent, digest: string): readonly Referrer[] {
  return [...repository.manifests].flatMap(([own, { bytes, mediaType }]) => {
    const manifest = jsonOf(bytes);
    if (manifest.subject?.digest !== digest) return [];
    const artifactType = manifest.artifactType ?? manifest.config?.mediaType;
    return [
      {
        mediaType,
        digest: own,
        size: bytes.byteLength,
        ...(artifactType === undefined ? {} : { artifactType }),
        ...(manifest.annotations === undefined ? {} : { annotations: manifest.annotations }),
      },
    ];
  });
}

export function subjectOf(bytes: Uint8Array): string | null {
  return jsonOf(bytes).subject?.digest ?? null;
}

interface ManifestJson {
  readonly subject?: { readonly digest: string };
  readonly artifactType?: string;
  readonly config?: { readonly mediaType: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

function jsonOf(bytes: Uint8Array): ManifestJson {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as ManifestJson;
  } catch {
    return {};
  }
}
