/** Subjects in one statement or one subjects file. Unit: subjects. An attacker's file must not exhaust the verifier. */
export const MAX_SUBJECTS = 100_000;

/** Above this many subjects cosign 3 and GitHub's attestations API refuse a statement. Unit: subjects. */
export const PEER_MAX_SUBJECTS = 1_024;

/** A bundle, a JSON Lines file of bundles or a subjects file. Unit: bytes. */
export const MAX_EVIDENCE_BYTES = 64 * 1024 * 1024;

/** Metadata that a build tool wrote (artifacts.json, pack JSON, checksum lists, lock files). Unit: bytes. */
export const MAX_METADATA_BYTES = 64 * 1024 * 1024;

/** A key, a passphrase file, a configuration. Unit: bytes. */
export const MAX_SMALL_FILE_BYTES = 1024 * 1024;

/** Nesting of arrays and objects in any JSON that we parse. SLSA and in-toto documents stay below 20. Unit: levels. */
export const MAX_JSON_DEPTH = 64;

/**
 * Objects, arrays and their members in any JSON that we parse. 64 MiB of `{},` are 22 million objects, 2 GB and 17 s; the
 * largest subjects file that the other limits allow has about 3.5 million values. Unit: values.
 */
export const MAX_JSON_VALUES = 4_000_000;

/** Members of one object in any JSON that we parse: zod and V8 grow slow on more. Unit: members. */
export const MAX_JSON_MEMBERS = 200_000;

/** Length of a subject's name. PATH_MAX on Linux is 4096 bytes. Unit: UTF-16 code units. */
export const MAX_NAME_LENGTH = 4_096;

/** Dependencies and byproducts each, in one statement; a large lock file has some tens of thousands. Unit: entries. */
export const MAX_DESCRIPTORS = 200_000;

/** Bundles in one JSON Lines file that is read as a whole, or written. Unit: lines. */
export const MAX_BUNDLE_LINES = 10_000;

/**
 * Bundles in one JSON Lines file that is read line by line, to verify with: one a subject, for the largest release. What is
 * wrong with a line takes 0.1 ms to find. Unit: lines that are not blank.
 */
export const MAX_EVIDENCE_LINES = 100_000;

/** Levels and properties that one verification summary assures. Unit: results. */
export const MAX_VERIFIED_LEVELS = 100;

/** The version of a release, as a list of it names it. Unit: characters. */
export const MAX_RELEASE_VERSION = 128;

/** A tag of a release, with `refs/tags/`. Unit: characters. */
export const MAX_TAG = 2_048;

/** A version; what semver itself takes at most. Unit: characters. */
export const MAX_VERSION = 256;
