import type { Descriptor } from "./descriptor.ts";
import type { ImageSource } from "./image-source.ts";
import { type ImageIndex, type ImageManifest, namedIn } from "./manifest.ts";
import { isIndexType, isManifestType } from "./media-types.ts";
import { checkDepth, manifestReader } from "./read-image.ts";

/** Content that belongs to an image. */
export interface Reached {
  readonly descriptor: Descriptor;
  /** The bytes of a manifest or an index; null for any other content, which is not read. */
  readonly manifest: Uint8Array | null;
}

/**
 * Everything that an image reaches, itself first, each digest once: its indexes and manifests, and whatever these name.
 *
 * @param root - the digest that was asked for; size and media type are compared where they are known.
 * @throws TouchmarkError as `readImage`, with its limits.
 */
export async function* reachedFrom(
  source: ImageSource,
  root: Pick<Descriptor, "digest"> & Partial<Pick<Descriptor, "mediaType" | "size">>,
): AsyncIterable<Reached> {
  const reader = manifestReader(source);
  const { bytes, document } = await reader(root);
  const reached = new Set([root.digest]);
  yield {
    descriptor: { mediaType: document.mediaType, digest: root.digest, size: bytes.byteLength },
    manifest: bytes,
  };
  yield* below(document, 1);

  async function* below(above: ImageIndex | ImageManifest, depth: number): AsyncIterable<Reached> {
    for (const descriptor of namedIn(above)) {
      if (reached.has(descriptor.digest)) continue;
      reached.add(descriptor.digest);
      if (isIndexType(descriptor.mediaType)) checkDepth(depth + 1, descriptor.digest);
      else if (!isManifestType(descriptor.mediaType)) {
        yield { descriptor, manifest: null };
        continue;
      }
      const read = await reader(descriptor);
      yield { descriptor, manifest: read.bytes };
      yield* below(read.document, depth + 1);
    }
  }
}
