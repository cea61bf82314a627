/** A file of what a verifier has seen. 10,000 repositories have 2 MB. Unit: bytes. */
export const MAX_STATE_BYTES = 8 * 1024 * 1024;

/** Sigstore instances in it: the public-good one, GitHub's, and those of companies. Unit: instances. */
export const MAX_SEEN_INSTANCES = 64;

/** Keys of one instance; what one root may hold at most, each authority with its whole chain. Unit: keys. */
export const MAX_SEEN_KEYS = 2_048;

/** Repositories in it. Unit: repositories. */
export const MAX_SEEN_REPOSITORIES = 10_000;

/** Series of releases in one repository: packages of a monorepo. Unit: series. */
export const MAX_SEEN_SERIES = 10_000;

/** A repository, or a tag without its version. Unit: characters. */
export const MAX_SEEN_NAME = 2_048;

/** Keys that sign policies, in it. Unit: keys. */
export const MAX_SEEN_POLICY_KEYS = 1_000;

/** Trust files that one key signs, in it. Unit: names. */
export const MAX_SEEN_TRUST_FILES = 1_000;
