/** Images that are worked on at once; registries start to answer 429 not far above. */
export const MAX_PARALLEL_IMAGES = 4;

/** How often a tag that others write too is read, merged and written before giving up. Each round settles one writer. */
export const MAX_TAG_ROUNDS = 8;

/** Before a tag is looked at again: whoever had read it before we wrote has written by then. Unit: milliseconds. */
export const TAG_SETTLE_MS = 250;

/** Referrers that are opened to see whether one of them holds the same bundle. */
export const MAX_COMPARED_REFERRERS = 64;

/** Listed referrers that are opened because nothing excludes that they hold a bundle. */
export const MAX_OPENED_REFERRERS = 512;

/** Evidence of one image: an image that is signed anew each night has that many after some months. */
export const MAX_EVIDENCE_PIECES = 256;

/** All evidence of one image together, with the manifests that lead to it. Unit: bytes. */
export const MAX_IMAGE_EVIDENCE_BYTES = 256 * 1024 * 1024;

/** Layers of a `.att` or `.sig` tag. */
export const MAX_TAG_LAYERS = 1_000;
