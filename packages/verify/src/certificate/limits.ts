/** A certificate; Fulcio's have 2 KB. Unit: bytes. */
export const MAX_CERTIFICATE_BYTES = 32 * 1024;

/**
 * Values in one encoding of DER, each as often as it is read; certificates and timestamps have below 500. Just below it the
 * library takes 2 ms, which a bundle with 32 timestamps can ask for 32 times. Unit: values.
 */
export const MAX_DER_VALUES = 1_536;

/** An RFC 3161 response with the authority's whole chain has 5 KB. Unit: bytes. */
export const MAX_TIMESTAMP_BYTES = 64 * 1024;

/**
 * A serial number, a nonce or an object identifier in a certificate or a timestamp. RFC 5280 section 4.1.2.2 allows serial
 * numbers of 20 bytes. Unit: bytes.
 */
export const MAX_DER_NUMBER_BYTES = 256;

/**
 * The canonical body of a log entry. Rekor stores digests, signatures and certificates, not payloads; `intoto` entries
 * of version 0.0.2 have 10 KB. Unit: bytes.
 */
export const MAX_LOG_BODY_BYTES = 256 * 1024;

/** A checkpoint with the signatures of its witnesses. Unit: characters. */
export const MAX_CHECKPOINT = 64 * 1024;

/**
 * Signatures under one checkpoint: the log's, and those of its witnesses. Go's reader of notes stops at 100
 * (https://pkg.go.dev/golang.org/x/mod/sumdb/note); each that claims to be the log's is verified. Unit: signatures.
 */
export const MAX_CHECKPOINT_SIGNATURES = 32;

/** Hashes of an inclusion proof: a tree of 2^63 leaves needs 63 (RFC 6962 section 2.1.1). Unit: hashes. */
export const MAX_PROOF_HASHES = 64;

/** When a log says that it took an entry: the end of the year 9999, as far as RFC 3339 writes years. Unit: seconds. */
export const MAX_INTEGRATED_TIME = 253_402_300_799;

/** A text in a certificate: an identity, a URI. Fulcio takes URIs of workflows, which GitHub keeps below. Unit: characters. */
export const MAX_CERTIFICATE_TEXT = 2_048;

/** Pattern of an identity, which the user writes. Unit: characters. */
export const MAX_PATTERN = 512;

/** A name that a pattern is compared with; GitHub's with the longest of owners, repositories and files have 400. Unit: characters. */
export const MAX_PATTERN_TEXT = 512;

/** `.*` and the like in a pattern: owner's repository, workflow, ref. Time grows with this power of the name's length. */
export const MAX_WIDE_REPETITIONS = 3;

/** What a message quotes of evidence: an identity fits, a whole log entry does not. Unit: characters. */
export const MAX_SHOWN_TEXT = 2_048;

/** Released commits of one builder, which the user lists. Unit: commits. */
export const MAX_BUILDER_COMMITS = 1_000;

/** Builders behind a delegator, which the user lists: as many as identities. Unit: ids. */
export const MAX_BUILDER_IDS = 100;

/** Where Sigstore's reader of DER gives up. Unit: levels. */
export const MAX_DER_DEPTH = 100;
