import { encodeJson } from "@touchmark/core";
import {
  type Descriptor,
  EMPTY_CONFIG,
  isBundleType,
  type ManifestBytes,
  OCI_MANIFEST,
  SIGSTORE_BUNDLE_V03,
  sha256Text,
} from "@touchmark/oci";
import type { PushedBundle } from "./bundle.ts";

/** The content of the empty descriptor: https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor */
export const EMPTY_BLOB = new TextEncoder().encode("{}");

/** Annotation by which cosign and people tell statements apart. */
export const PREDICATE_TYPE = "dev.sigstore.bundle.predicateType";

/** A manifest that attaches a bundle to an image. */
export interface Referrer {
  readonly bytes: Uint8Array;
  /** As a list of referrers shows it. */
  readonly descriptor: Descriptor;
}

/**
 * The manifest as cosign 3 writes it, less the time of creation: the same bundle on the same image always gives the same
 * bytes, so that a registry holds it once.
 * Source: https://github.com/sigstore/cosign/blob/v3.0.2/specs/BUNDLE_SPEC.md
 */
export function referrerOf(bundle: PushedBundle, image: ManifestBytes): Referrer {
  const annotations = { "dev.sigstore.bundle.content": "dsse-envelope", [PREDICATE_TYPE]: bundle.predicateType };
  const bytes = encodeJson({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: SIGSTORE_BUNDLE_V03,
    config: { mediaType: EMPTY_CONFIG, digest: sha256Text(EMPTY_BLOB), size: EMPTY_BLOB.byteLength },
    layers: [{ mediaType: SIGSTORE_BUNDLE_V03, digest: bundle.digest, size: bundle.bytes.byteLength }],
    subject: { mediaType: image.mediaType, digest: image.digest, size: image.bytes.byteLength },
    annotations,
  });
  return {
    bytes,
    descriptor: {
      mediaType: OCI_MANIFEST,
      digest: sha256Text(bytes),
      size: bytes.byteLength,
      artifactType: SIGSTORE_BUNDLE_V03,
      annotations,
    },
  };
}

/**
 * True when what a list says of a referrer does not exclude that it holds a bundle. Registries that do not know OCI 1.1
 * whole, such as go-containerregistry's, list the type of the configuration instead of the artifact's.
 */
export function mayHoldBundle({ artifactType }: Descriptor): boolean {
  return artifactType === undefined || artifactType === EMPTY_CONFIG || isBundleType(artifactType);
}
