/** Evidence files that are read in one run: one a subject, for the largest release. Unit: files. */
export const MAX_EVIDENCE_FILES = 100_000;

/** What all evidence files of one run may add up to; 100,000 statements of one subject each take 300 MB. Unit: bytes. */
export const MAX_ALL_EVIDENCE_BYTES = 512 * 1024 * 1024;

/**
 * Lines of all files of several lines that are read in one run: three statements a subject, for the largest release. What is
 * wrong with a line takes 450 bytes to say, so that 17 MB of lines that are none would fill the memory. Unit: lines that are not
 * blank.
 */
export const MAX_ALL_EVIDENCE_LINES = 300_000;

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

/**
 * Subjects that nobody trusted mentions, kept to say who mentions an artifact: five times the largest release. 512 MiB of evidence
 * may hold 18 million, which fill the memory. Unit: bytes, of which a subject takes 1,024, and each character of its name four.
 */
export const MAX_CLAIMED_BYTES = 512 * 1024 * 1024;

/**
 * The same of what somebody trusted states: ten statements about each artifact of the largest release. Where a policy looks into
 * predicates, these are kept as well, and count with what they take in memory.
 */
export const MAX_STATED_BYTES = 1024 * 1024 * 1024;

/**
 * Payloads of statements by certificates that wait for a thread, or for enough others that threads are worth their start.
 * Parsed, they take ten times as much memory. Unit: bytes.
 */
export const MAX_WAITING_BYTES = 16 * 1024 * 1024;
