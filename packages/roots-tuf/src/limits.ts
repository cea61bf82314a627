/**
 * New versions of the TUF root from the one that is trusted on; each costs a request. Sigstore has made 16 in five years.
 * Unit: versions.
 */
export const MAX_ROOT_ROTATIONS = 64;

/** `root.json`; Sigstore's has 6 KB. Unit: bytes. */
export const MAX_TUF_ROOT_BYTES = 512 * 1024;

/** `timestamp.json`; Sigstore's has 1 KB. Unit: bytes. */
export const MAX_TIMESTAMP_BYTES = 16 * 1024;

/** `snapshot.json`, `targets.json` and npm's role; Sigstore's have 1, 6 and 1 KB. Unit: bytes. */
export const MAX_LISTING_BYTES = 1024 * 1024;

/** The trusted roots themselves, and npm's keys: what `verify` takes from a file, too. Unit: bytes. */
export const MAX_TARGET_BYTES = 1024 * 1024;

/** Keys, signatures, roles, or files that one piece of metadata names. Unit: members. */
export const MAX_METADATA_MEMBERS = 1_000;

/** A key or a signature in its text form. Unit: characters. */
export const MAX_TUF_TEXT = 8 * 1024;
