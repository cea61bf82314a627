/**
 * A manifest or index. Source: "clients SHOULD ... at least 4 megabytes",
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests. Unit: bytes.
 */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** Manifests and indexes of one image together, however often one of them is named; the largest known lists have some dozens. */
export const MAX_IMAGE_MANIFESTS = 1_000;

/** The bytes of those manifests together. Unit: bytes. */
export const MAX_IMAGE_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Indexes above a manifest: BuildKit's layouts have 2 with their index.json. Unit: levels. */
export const MAX_INDEX_DEPTH = 4;

/** Layers of one manifest; container runtimes stop at 127 (overlayfs), artifacts of ORAS have some hundreds. */
export const MAX_LAYERS = 10_000;

/** A registry (253 of DNS, port), a repository, a tag (128) and a digest (135) with their signs. Unit: characters. */
export const MAX_REFERENCE_LENGTH = 1_024;

/** Source: RepositoryNameTotalLengthMax of https://github.com/distribution/reference. Unit: characters. */
export const MAX_REPOSITORY_LENGTH = 255;
