import { TouchmarkError } from "@touchmark/core";
import { type Descriptor, isUnknownPlatform, type Platform } from "./descriptor.ts";
import { checkBytes, isImageDigest, parseDigestText } from "./image-digest.ts";
import type { ImageSource, ManifestBytes } from "./image-source.ts";
import { MAX_IMAGE_MANIFEST_BYTES, MAX_IMAGE_MANIFESTS, MAX_INDEX_DEPTH } from "./limits.ts";
import { type ImageIndex, type ImageManifest, parseAnyManifest } from "./manifest.ts";
import { ATTESTATION_MANIFEST, isIndexType, isManifestType } from "./media-types.ts";

/** An image by its digest, all of its manifests read and compared with their descriptors. */
export interface Image {
  readonly root: Descriptor;
  readonly kind: "index" | "manifest";
  /** Of the root document. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The images that a runtime would pull out of an index, in its order; none when the root is a manifest itself. */
  readonly platforms: readonly PlatformImage[];
  readonly attestations: readonly AttestationManifest[];
  /**
   * What no runtime takes: manifests for `unknown/unknown` that say nothing about an image, and content of media types that
   * are neither a manifest nor an index, which is not read.
   */
  readonly others: readonly Descriptor[];
}

export interface PlatformImage {
  readonly descriptor: Descriptor;
  /** Null where the index does not say. */
  readonly platform: Platform | null;
}

/**
 * What BuildKit says about a platform manifest, unsigned:
 * https://github.com/moby/buildkit/blob/v0.33.1/docs/attestations/attestation-storage.md
 */
export interface AttestationManifest {
  readonly descriptor: Descriptor;
  /** Digest of the platform manifest. The index need not have one of that digest. */
  readonly about: string | null;
  readonly layers: readonly Descriptor[];
}

/**
 * Reads an image from its root down to every manifest; configurations and layers are not read. A manifest for a platform
 * that a runtime would take is in `platforms`, whatever its annotations say.
 *
 * @param root - the digest that was asked for; size and media type are compared where they are known.
 * @throws TouchmarkError `INPUT_INVALID` for a digest of another algorithm; those of the source; `DIGEST_MISMATCH` when
 * bytes are not what their descriptor says; `IMAGE_MALFORMED`, also for more than 4 indexes in each other;
 * `LIMIT_EXCEEDED` above 1,000 manifests or 64 MiB of them.
 */
export async function readImage(
  source: ImageSource,
  root: { readonly digest: string; readonly size?: number | undefined; readonly mediaType?: string | undefined },
): Promise<Image> {
  parseDigestText(root.digest, `the digest of an image of ${source.label}`);
  const reader = manifestReader(source);
  const { bytes, document } = await reader(root);
  const found: Found = { platforms: [], attestations: [], others: [] };
  if (document.kind === "index") await walk(document, 1, reader, found);
  return {
    root: { mediaType: document.mediaType, digest: root.digest, size: bytes.byteLength },
    kind: document.kind,
    annotations: document.annotations,
    ...found,
  };
}

interface Found {
  readonly platforms: PlatformImage[];
  readonly attestations: AttestationManifest[];
  readonly others: Descriptor[];
}

interface Read {
  readonly bytes: Uint8Array;
  readonly document: ImageIndex | ImageManifest;
}

type Wanted = Parameters<typeof readImage>[1];

/** Reads manifests of one image, counting them. */
export function manifestReader(source: ImageSource): (wanted: Wanted) => Promise<Read> {
  const sum = { manifests: 0, bytes: 0 };
  return async (wanted) => {
    sum.manifests += 1;
    if (sum.manifests > MAX_IMAGE_MANIFESTS) throw exceeded(`at most ${MAX_IMAGE_MANIFESTS} manifests`);
    const manifest = await source.manifest({ digest: wanted.digest, size: wanted.size });
    sum.bytes += manifest.bytes.byteLength;
    if (sum.bytes > MAX_IMAGE_MANIFEST_BYTES) throw exceeded(`at most ${MAX_IMAGE_MANIFEST_BYTES} bytes of manifests`);
    checkBytes(manifest.bytes, wanted, `the manifest ${wanted.digest} of ${source.label}`);
    checkMediaType(manifest, wanted.mediaType, source.label);
    return { bytes: manifest.bytes, document: parseAnyManifest({ ...manifest, digest: wanted.digest }) };
  };

  function exceeded(expected: string): TouchmarkError {
    return new TouchmarkError("LIMIT_EXCEEDED", `an image of ${source.label} has too many manifests`, {
      expected,
      actual: "more",
    });
  }
}

/** Else the same bytes could be an index for one reader and a manifest for another. */
function checkMediaType(manifest: ManifestBytes, wanted: string | undefined, label: string): void {
  if (wanted === undefined || wanted === manifest.mediaType) return;
  throw new TouchmarkError("IMAGE_MALFORMED", `the manifest ${manifest.digest} of ${label} has another media type`, {
    expected: wanted.slice(0, 200),
    actual: manifest.mediaType.slice(0, 200),
  });
}

async function walk(
  index: ImageIndex,
  depth: number,
  reader: ReturnType<typeof manifestReader>,
  found: Found,
): Promise<void> {
  for (const descriptor of index.manifests) {
    if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType)) {
      found.others.push(descriptor);
      continue;
    }
    if (isIndexType(descriptor.mediaType)) checkDepth(depth + 1, descriptor.digest);
    const { document } = await reader(descriptor);
    if (document.kind === "index") await walk(document, depth + 1, reader, found);
    else sort(descriptor, document, found);
  }
}

/**
 * @param depth - of an index: 1 for one that is in no other.
 * @throws TouchmarkError `IMAGE_MALFORMED`.
 */
export function checkDepth(depth: number, digest: string): void {
  if (depth <= MAX_INDEX_DEPTH) return;
  throw new TouchmarkError("IMAGE_MALFORMED", `the index ${digest} lies too deep in others`, {
    expected: `at most ${MAX_INDEX_DEPTH} indexes, each in the one before`,
    actual: "more",
  });
}

function sort(descriptor: Descriptor, manifest: ImageManifest, found: Found): void {
  const platform = statedPlatform(descriptor);
  const annotated = descriptor.annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
  const typed = (manifest.artifactType ?? descriptor.artifactType) === ATTESTATION_MANIFEST;
  const runs = platform !== null && !isUnknownPlatform(platform);
  if (!runs && (annotated || typed)) {
    const about = aboutOf(descriptor, manifest);
    found.attestations.push({ descriptor, about, layers: manifest.layers });
  } else if (platform !== null && !runs) {
    found.others.push(descriptor);
  } else {
    found.platforms.push({ descriptor, platform });
  }
}

/** Null also for the empty texts that a tool writes which does not know. */
function statedPlatform({ platform }: Descriptor): Platform | null {
  return platform === undefined || (platform.os === "" && platform.architecture === "") ? null : platform;
}

/** BuildKit says it by annotation; by `subject` too, in its OCI style. */
function aboutOf(descriptor: Descriptor, manifest: ImageManifest): string | null {
  const annotated = descriptor.annotations?.["vnd.docker.reference.digest"] ?? null;
  const subject = manifest.subject?.digest ?? null;
  const about = annotated ?? subject;
  if (about !== null && (!isImageDigest(about) || about !== (subject ?? about))) {
    throw new TouchmarkError("IMAGE_MALFORMED", `the attestation manifest ${descriptor.digest} is about no one image`, {
      expected: subject ?? "a digest in vnd.docker.reference.digest",
      actual: about.slice(0, 160),
    });
  }
  return about;
}
