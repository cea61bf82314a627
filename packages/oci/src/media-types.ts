/** https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md */
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
/** Where there is no configuration, and the content `{}`. */
export const EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";

/** https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/manifest-v2-2.md */
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
export const DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
/** A layer that is not compressed. */
export const DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

/** https://github.com/moby/buildkit/blob/v0.33.1/docs/attestations/attestation-storage.md */
export const ATTESTATION_MANIFEST = "application/vnd.docker.attestation.manifest.v1+json";
export const IN_TOTO_LAYER = "application/vnd.in-toto+json";

/** https://github.com/sigstore/cosign/blob/v3.0.2/specs/BUNDLE_SPEC.md */
export const SIGSTORE_BUNDLE_V03 = "application/vnd.dev.sigstore.bundle.v0.3+json";
/** A layer of cosign's `.att` tag. https://github.com/sigstore/cosign/blob/v3.0.2/specs/ATTESTATION_SPEC.md */
export const DSSE_LAYER = "application/vnd.dsse.envelope.v1+json";
/** A layer of cosign's `.sig` tag. https://github.com/sigstore/cosign/blob/v3.0.2/specs/SIGNATURE_SPEC.md */
export const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

/** The artifact or layer type of a Sigstore bundle of any version. */
export function isBundleType(mediaType: string | undefined): boolean {
  return mediaType !== undefined && /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.\d+)?\+json/.test(mediaType);
}

/** An OCI image index, or Docker's manifest list. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

/** An OCI image manifest, or Docker's of schema 2. */
export function isManifestType(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}

/**
 * A layer that a licence keeps out of registries and layouts: OCI's nondistributable layers, Docker's foreign ones.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#non-distributable-layers
 */
export function isForeignLayerType(mediaType: string): boolean {
  return (
    /^application\/vnd\.oci\.image\.layer\.nondistributable\.v1\.tar(?:\+(?:gzip|zstd))?$/.test(mediaType) ||
    mediaType === "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
  );
}
