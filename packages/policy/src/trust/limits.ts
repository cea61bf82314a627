/** Entries of one list, and of all that one command names together; every pair of them is compared. Unit: entries. */
export const MAX_TRUST_ENTRIES = 500;

/** A name, an operator: shown in reports. Unit: characters. */
export const MAX_TRUST_TEXT = 200;

/** An identity, a builder, an issuer, as a certificate can hold them; the same as in packages/verify. Unit: characters. */
export const MAX_TRUST_URI = 2048;

/** Builders of one entry, and commits of one workflow. Unit: entries. */
export const MAX_TRUST_ALTERNATIVES = 100;

/** Resources and levels of one verifier. Unit: entries. */
export const MAX_VERIFIER_WORDS = 1000;
