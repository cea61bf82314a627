/** Images that one file names: a bake file of a large project has some hundreds. Unit: images. */
export const MAX_IMAGES = 10_000;

/** Images that are read at once. Unit: images. */
export const MAX_PARALLEL_IMAGES = 8;

/** An image's configuration; registries take no more for a manifest, which is of the same order. Unit: bytes. */
export const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

/** Documents that BuildKit attached to one image: a provenance and some SBOMs for each platform. */
export const MAX_DOCUMENTS = 1_000;

/** One such document; SBOMs of large images have some 10 MiB. Unit: bytes. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** All documents of one image. Unit: bytes. */
export const MAX_ALL_DOCUMENTS_BYTES = 512 * 1024 * 1024;

/** Members of `args` and `vcs` in BuildKit's provenance: build arguments, labels. */
export const MAX_ARGUMENTS = 10_000;
