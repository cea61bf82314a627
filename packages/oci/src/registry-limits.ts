/** Descriptors that refer to one digest and have the wanted type; an image with more is being flooded. Unit: descriptors. */
export const MAX_REFERRERS = 1_000;

/** Pages of one listing of referrers. Unit: answers. */
export const MAX_REFERRER_PAGES = 100;

/** All pages of one listing together, whatever the type of what they list. Unit: bytes. */
export const MAX_REFERRERS_BYTES = 16 * 1024 * 1024;

/** An answer whose content is of no interest, or an error's. Unit: bytes. */
export const MAX_ANSWER_BYTES = 256 * 1024;

/** What a token service answers; tokens of cloud registries have some 10 KiB. Unit: bytes. */
export const MAX_TOKEN_ANSWER_BYTES = 256 * 1024;

/** A `WWW-Authenticate` header. Unit: characters. */
export const MAX_CHALLENGE_LENGTH = 8 * 1024;

/** Redirects of one request; registries with a CDN have one. */
export const MAX_REDIRECTS = 5;

/** Times that a request is made when the registry or the network fails. */
export const MAX_ATTEMPTS = 5;

/** Times that one upload may break before it is given up. */
export const MAX_UPLOAD_BREAKS = 8;

/** Before the second attempt; doubled before each further one. Unit: milliseconds. */
export const FIRST_PAUSE_MS = 250;

/** The longest `Retry-After` that is waited for; a registry that wants more gets no further request. Unit: milliseconds. */
export const MAX_PAUSE_MS = 60_000;

/** For an answer without much content. Unit: milliseconds. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** For a blob or a part of one, up or down. Unit: milliseconds. */
export const TRANSFER_TIMEOUT_MS = 300_000;

/**
 * A blob up to this size is sent in one request; a larger one in parts of this size, or of `OCI-Chunk-Min-Length` where
 * that is larger. Unit: bytes.
 */
export const UPLOAD_CHUNK_BYTES = 4 * 1024 * 1024;

/** The largest part that a registry may ask for. Unit: bytes. */
export const MAX_CHUNK_MIN_LENGTH = 1024 * 1024 * 1024;
