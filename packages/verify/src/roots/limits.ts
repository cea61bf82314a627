/** A file of trusted roots. The public-good root has 7 KB, what `gh attestation trusted-root` prints 30 KB. Unit: bytes. */
export const MAX_ROOTS_BYTES = 1024 * 1024;

/** Roots in one file; `gh attestation trusted-root` prints two. Unit: roots. */
export const MAX_ROOTS = 16;

/** Logs of one kind, or authorities of one kind, in one root; ten years of rotations stay below. Unit: entries. */
export const MAX_AUTHORITIES = 64;

/** Certificates in one authority's chain; Fulcio has 2, RFC 3161 services up to 4. Unit: certificates. */
export const MAX_CHAIN = 8;

/** A certificate or a key in a root. Unit: characters of base64. */
export const MAX_ROOT_BLOB = 32 * 1024;
