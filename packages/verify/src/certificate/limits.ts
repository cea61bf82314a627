/** A certificate; Fulcio's have 2 KB. Unit: bytes. */
export const MAX_CERTIFICATE_BYTES = 32 * 1024;

/** An RFC 3161 response with the authority's whole chain has 5 KB. Unit: bytes. */
export const MAX_TIMESTAMP_BYTES = 64 * 1024;

/**
 * The canonical body of a log entry. Rekor stores digests, signatures and certificates, not payloads; `intoto` entries
 * of version 0.0.2 have 10 KB. Unit: bytes.
 */
export const MAX_LOG_BODY_BYTES = 256 * 1024;

/** A checkpoint with the signatures of its witnesses. Unit: characters. */
export const MAX_CHECKPOINT = 64 * 1024;

/** Hashes of an inclusion proof: a tree of 2^63 leaves needs 63 (RFC 6962 section 2.1.1). Unit: hashes. */
export const MAX_PROOF_HASHES = 64;

/** A text in a certificate: an identity, a URI. Fulcio takes URIs of workflows, which GitHub keeps below. Unit: characters. */
export const MAX_CERTIFICATE_TEXT = 2_048;

/** Pattern of an identity, which the user writes. Unit: characters. */
export const MAX_PATTERN = 512;

/** Released commits of one builder, which the user lists. Unit: commits. */
export const MAX_BUILDER_COMMITS = 1_000;
