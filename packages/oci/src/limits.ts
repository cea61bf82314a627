/**
 * A manifest or index. Source: "clients SHOULD ... at least 4 megabytes",
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests. Unit: bytes.
 */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** Manifests and indexes of one image together, however often one of them is named; the largest known lists have some dozens. */
export const MAX_IMAGE_MANIFESTS = 1_000;

/** The bytes of those manifests together. Unit: bytes. */
export const MAX_IMAGE_MANIFEST_BYTES = 64 * 1024 * 1024;

/**
 * Manifests that are read in one layout, one of several images each time: twenty images as large as one may be, or some
 * thousand of the usual size.
 */
export const MAX_LAYOUT_MANIFESTS = 20_000;

/** The bytes of those manifests together. Unit: bytes. */
export const MAX_LAYOUT_MANIFEST_BYTES = 1024 * 1024 * 1024;

/** Indexes above a manifest: BuildKit's layouts have 2 with their index.json. Unit: levels. */
export const MAX_INDEX_DEPTH = 4;

/** Layers of one manifest; container runtimes stop at 127 (overlayfs), artifacts of ORAS have some hundreds. */
export const MAX_LAYERS = 10_000;

/** A registry (253 of DNS, port), a repository, a tag (128) and a digest (135) with their signs. Unit: characters. */
export const MAX_REFERENCE_LENGTH = 1_024;

/** Source: RepositoryNameTotalLengthMax of https://github.com/distribution/reference. Unit: characters. */
export const MAX_REPOSITORY_LENGTH = 255;

/** Image signatures in one file: more images than a statement of the same release can name for cosign. Unit: lines. */
export const MAX_IMAGE_SIGNATURES = 10_000;

/** One of those lines: two digests, a reference, a key and a signature stay below 2 KiB. Unit: bytes. */
export const MAX_IMAGE_SIGNATURE_BYTES = 16 * 1024;

/** A manifest that attaches evidence to an image; cosign's have 750 bytes. Unit: bytes. */
export const MAX_REFERRER_BYTES = 64 * 1024;

/** Small files of a layout that are looked at to find those manifests. Unit: files. */
export const MAX_LOOKED_AT_BLOBS = 10_000;

/** Entries of a layout's tar; an image with 4 platforms has some 40. Unit: entries. */
export const MAX_TAR_ENTRIES = 100_000;

/** A header that gives the next one a long name or further fields; Go's readers stop there too. Unit: bytes. */
export const MAX_TAR_HEADER_BYTES = 1024 * 1024;

/** Small JSON files of a tar that are kept while it passes; others cost another pass. Unit: bytes. */
export const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Passes over one tar, after the first, for what was not kept: each reads the whole of it, so that a tar is never read more
 * than 101 times. What is kept holds some 10,000 manifests of 3 KiB, and no image that a build makes comes near. Unit: passes.
 */
export const MAX_TAR_PASSES = 100;

/** Names inside of a layout; the longest that the specifications know is `blobs/sha512/<128 hex>`. Unit: characters. */
export const MAX_LAYOUT_PATH = 255;

/**
 * Images of one manifest.json: `docker save` writes one for each that is named on its command line, and the configuration
 * of each is read. Unit: images.
 */
export const MAX_SAVED_IMAGES = 1_000;
