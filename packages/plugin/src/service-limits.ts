/** Times that a request is made when a service or the network fails at once. */
export const MAX_SERVICE_ATTEMPTS = 3;

/** Before the second attempt; doubled before each further one. Unit: milliseconds. */
export const FIRST_SERVICE_PAUSE_MS = 500;

/**
 * After this no further attempt begins: a service that never answers is asked twice, and costs a minute. Unit: milliseconds
 * since the first attempt began.
 */
export const SERVICE_PATIENCE_MS = 40_000;

/** The longest `Retry-After` that is waited for; a service that wants more gets no further request. Unit: milliseconds. */
export const MAX_SERVICE_PAUSE_MS = 30_000;

/**
 * For one exchange. Rekor v2 answers when a checkpoint covers the entry, and its specification asks clients for 20 s at
 * least: https://github.com/sigstore/rekor-tiles/blob/main/CLIENTS.md. Unit: milliseconds.
 */
export const SERVICE_TIMEOUT_MS = 30_000;

/** What a message repeats of a service's own words. Unit: characters. */
export const MAX_SERVICE_WORDS = 300;
