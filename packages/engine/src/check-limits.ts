/** Evidence files that are read in one run: one a subject, for the largest release. Unit: files. */
export const MAX_EVIDENCE_FILES = 100_000;

/** What all evidence files of one run may add up to; 100,000 statements of one subject each take 300 MB. Unit: bytes. */
export const MAX_ALL_EVIDENCE_BYTES = 512 * 1024 * 1024;

/**
 * Signatures that are checked in one run of lines that concern what is judged, log entries and timestamps counted like them: a
 * statement by a certificate takes three, and 100,000 are one a subject for the largest release. An attacker can write any
 * number of lines about one artifact. Unit: signatures.
 */
export const MAX_SIGNATURES = 300_000;

/**
 * Payloads of lines that wait for the files to be hashed, so that they are read once and not twice where a release is no larger.
 * Parsed, they take ten times as much memory. Unit: bytes.
 */
export const MAX_HELD_BYTES = 4 * 1024 * 1024;

/** Lines of a JSON Lines file that are read before they are looked at. Unit: lines, bytes. */
export const LINES_AT_ONCE = { count: 256, bytes: 8 * 1024 * 1024 };

/**
 * Statements by certificates from which on threads are worth their start. Measured with two processors: a statement takes 5 ms,
 * two threads 600 ms of processor time to start, so that they gain nothing below 120. Unit: statements.
 */
export const THREADS_FROM = 200;

/** Findings about evidence in one report; an attacker can write any number of bad lines. Unit: findings. */
export const MAX_EVIDENCE_FINDINGS = 1_000;

/** Names of ignored files in the report; all are counted. Unit: names. */
export const MAX_LISTED_IGNORED = 100;

/** Blobs that are named of one image that is not whole. Unit: blobs. */
export const MAX_LISTED_PROBLEMS = 20;

/** Names of artifacts in the report that a list of a release does not have; all are counted. Unit: names. */
export const MAX_LISTED_NAMES = 100;

/** Refs that are named where none is the tag that was asked for. Unit: refs. */
export const MAX_LISTED_REFS = 3;

/** Lists of releases that are compared where nobody demands one: a folder has one, or a few of several projects. Unit: lists. */
export const MAX_RELEASE_LISTS = 16;
