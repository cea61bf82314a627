/** An identity token; those of CI platforms have some 2 KiB. Unit: characters. */
export const MAX_TOKEN_LENGTH = 16 * 1024;

/** What a certificate authority answers: a chain of three certificates has 5 KiB. Unit: bytes. */
export const MAX_CERTIFICATE_ANSWER_BYTES = 256 * 1024;

/**
 * For one attempt. An authority answers within seconds, or asks its certificate log again and again for as long as it is
 * waited for: two attempts then cost 40 s. Unit: milliseconds.
 */
export const CERTIFICATE_TIMEOUT_MS = 20_000;

/** Certificates of one chain. Unit: certificates. */
export const MAX_CHAIN = 8;

/** What a log answers. The body of an entry holds no payload, and a proof in a log of 2^63 entries 63 hashes. Unit: bytes. */
export const MAX_LOG_ANSWER_BYTES = 256 * 1024;

/** Hashes of one inclusion proof: the height of the tallest tree that a 64-bit index allows. Unit: hashes. */
export const MAX_PROOF_HASHES = 64;

/** A timestamp; with the certificates of its authority some 6 KiB. Unit: bytes. */
export const MAX_TIMESTAMP_BYTES = 64 * 1024;

/** A certificate with less than this left is not used for another signature. Unit: milliseconds. */
export const MIN_CERTIFICATE_LIFE_MS = 120_000;

/** Times that one statement is signed anew because its log has the entry already, and does not give it out. */
export const MAX_SIGNATURES = 3;

/** Services of one kind in a signing configuration, and those of them that are used. Unit: services. */
export const MAX_SERVICES = 64;
export const MAX_USED_SERVICES = 8;
