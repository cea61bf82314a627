import type { Host } from "@touchmark/plugin";
import type { Descriptor } from "./descriptor.ts";
import { parseDigestText, sha256Text } from "./image-digest.ts";
import type { ImageSource, ManifestBytes } from "./image-source.ts";
import { type PushedManifest, pushManifest } from "./push-manifest.ts";
import { hasManifest, manifestByDigest, manifestByTag, readBlob } from "./read-content.ts";
import { listReferrers, type ReferrersAnswer } from "./referrers.ts";
import { UPLOAD_CHUNK_BYTES } from "./registry-limits.ts";
import type { RegistrySession } from "./registry-session.ts";
import { uploadBlob } from "./upload-blob.ts";

/**
 * A repository of a registry.
 *
 * All of its methods throw `REGISTRY_DENIED` for 401 and 403; `REGISTRY_UNAVAILABLE` for 429 and 5xx, and
 * `NETWORK_UNAVAILABLE` without an answer, both after several attempts with growing pauses; `REGISTRY_INVALID` for what
 * is against the protocol, a body that ends early and a redirect to where none may lead; `NETWORK_REFUSED`,
 * `CREDENTIALS_UNREADABLE` and `ABORTED` as the host does.
 */
export interface Repository extends ImageSource {
  /**
   * What a tag points to now, by the bytes that are served under it.
   *
   * @returns null when there is no such tag.
   */
  resolveTag(tag: string): Promise<Descriptor | null>;
  hasManifest(digest: string): Promise<boolean>;
  /** A manifest by its tag, whose bytes nobody vouches for; null when there is none. */
  manifestByTag(tag: string): Promise<ManifestBytes | null>;
  /**
   * Sends a blob, unless it is there: whole, or in parts that are resumed where a connection breaks.
   *
   * @throws TouchmarkError `IMAGE_MISSING` when the registry has no such repository and makes none.
   */
  pushBlob(
    bytes: Uint8Array,
  ): Promise<{ readonly descriptor: Pick<Descriptor, "digest" | "size">; readonly existed: boolean }>;
  /**
   * Sends a manifest, under a tag or its digest alone. Twice is as once.
   *
   * @throws TouchmarkError `INPUT_TOO_LARGE`; `IMAGE_MISSING` as `pushBlob`.
   */
  pushManifest(
    bytes: Uint8Array,
    options: { readonly mediaType: string; readonly tag?: string },
  ): Promise<PushedManifest>;
  /**
   * What refers to a digest: all of it or an error.
   *
   * @param options.artifactType - leaves out what is of another type. What a registry lists without a type stays, since
   * some say none: only the manifest itself tells.
   * @throws TouchmarkError `LIMIT_EXCEEDED` for more than anybody can want to read.
   */
  referrers(digest: string, options?: { readonly artifactType?: string }): Promise<ReferrersAnswer>;
}

/** @param label - `ghcr.io/octo/app`. */
export function openRepository(label: string, session: RegistrySession, host: Host): Repository {
  const byTag = (tag: string) => manifestByTag(tag, label, session);
  return {
    label,
    manifest: (wanted) => manifestByDigest(wanted, label, session),
    blob: (descriptor, { max }) => readBlob(descriptor, max, label, session),
    manifestByTag: byTag,
    resolveTag: async (tag) => {
      const manifest = await byTag(tag);
      if (manifest === null) return null;
      const { bytes, mediaType, digest } = manifest;
      return { mediaType, digest, size: bytes.byteLength };
    },
    hasManifest: async (digest) => hasManifest(parseDigestText(digest, `a digest in ${label}`), label, session),
    pushBlob: async (bytes) => {
      const digest = sha256Text(bytes);
      const upload = { bytes, digest, chunk: UPLOAD_CHUNK_BYTES, what: `the blob ${digest} to ${label}` };
      const existed = await uploadBlob(upload, session, host);
      return { descriptor: { digest, size: bytes.byteLength }, existed };
    },
    pushManifest: (bytes, options) => pushManifest(bytes, options, label, session),
    referrers: async (digest, { artifactType = null as string | null } = {}) =>
      listReferrers({ digest: parseDigestText(digest, `a digest in ${label}`), artifactType, label }, session, byTag),
  };
}
