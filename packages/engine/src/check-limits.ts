/** Evidence files that are read in one run: one a subject, for the largest release. Unit: files. */
export const MAX_EVIDENCE_FILES = 100_000;

/** What all evidence files of one run may add up to; 100,000 statements of one subject each take 300 MB. Unit: bytes. */
export const MAX_ALL_EVIDENCE_BYTES = 512 * 1024 * 1024;

/** Findings about evidence in one report; an attacker can write any number of bad lines. Unit: findings. */
export const MAX_EVIDENCE_FINDINGS = 1_000;

/** Names of ignored files in the report; all are counted. Unit: names. */
export const MAX_LISTED_IGNORED = 100;

/** Blobs that are named of one image that is not whole. Unit: blobs. */
export const MAX_LISTED_PROBLEMS = 20;
