/** An identity token. GitHub's have some 2 KiB; a Kubernetes service account's below 2. Unit: characters. */
export const MAX_TOKEN_LENGTH = 16 * 1024;

/** Nesting in a token's header and claims; `kubernetes.io` is the deepest known, with 3. Unit: levels. */
export const MAX_TOKEN_DEPTH = 8;

/** What a token endpoint, a discovery document or a key set may weigh; GitHub's keys have 9 KiB. Unit: bytes. */
export const MAX_ISSUER_ANSWER_BYTES = 256 * 1024;

/** Keys of one issuer. Unit: keys. */
export const MAX_ISSUER_KEYS = 64;

/** How far this machine's clock may be from the issuer's. Unit: seconds. */
export const CLOCK_SKEW_SECONDS = 30;

/** A token with less than this left is not handed out, since the service that gets it needs some time. Unit: milliseconds. */
export const MIN_TOKEN_LIFE_MS = 30_000;
