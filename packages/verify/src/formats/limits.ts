/** Log entries that one file, or one answer of a log, may hold: one for each bundle of a file. Unit: entries. */
export const MAX_REKOR_ENTRIES = 10_000;

/** Entries about one envelope that are tried: a log has one, and whoever signs can make more. Unit: entries. */
export const MAX_TRIED_ENTRIES = 16;

/** Signatures of one envelope: as many as a release has signers, and each is tried by itself. Unit: signatures. */
export const MAX_ENVELOPE_SIGNATURES = 32;

/** Attestations in one answer of GitHub's API, which gives at most 100 for a digest and asks for 100 digests. Unit: attestations. */
export const MAX_ATTESTATIONS = 10_000;
