/**
 * Statements that are listed for one artifact. A release has one or two per artifact; an attacker cannot add any, since
 * only trusted ones are listed. Bounds the report of 100,000 equal files under 100,000 statements. Unit: statements.
 */
export const MAX_LISTED_STATEMENTS = 100;

/** Pieces of evidence whose refusals are listed for one artifact; all are counted. Unit: refusals. */
export const MAX_LISTED_REFUSALS = 20;

/** The same for all artifacts of one run. Unit: refusals. */
export const MAX_REFUSALS = 1_000;

/**
 * Subjects that are looked at in one run for refusals to list or to count: 10,000 statements about each of 10,000 equal files
 * are a hundred million. Unit: subjects.
 */
export const MAX_MENTIONS = 1_000_000;

/** Digests or names in one message. Unit: entries. */
export const MAX_LISTED_IN_MESSAGE = 3;

/** Names of absent subjects in the report; all are counted. Unit: names. */
export const MAX_LISTED_ABSENT = 100;

/** Subjects of one name or digest that are compared with one artifact, for the words of a refusal. Unit: subjects. */
export const MAX_NAMESAKES = 100;

/**
 * Packages that nothing covers and that are opened all the same, to say whose place they take: a megabyte of a stranger's may
 * unpack to a gigabyte, which takes seconds. Unit: files.
 */
export const MAX_OPENED_FOR_WORDS = 100;

/** Entries of one deny list; an entry stands for a release, a signer or a commit that went bad. Unit: entries. */
export const MAX_DENY_ENTRIES = 10_000;

/** The reason of a denial, which is shown wherever it applies. Unit: characters. */
export const MAX_DENY_REASON = 500;

/** Keys in one file of npm's registry; it has had two in four years. Unit: keys. */
export const MAX_NPM_KEYS = 256;

/** Attestations in npm's document about one version; it has two. Unit: attestations. */
export const MAX_NPM_ATTESTATIONS = 32;

/** Bundles of attestations in a provenance object of PyPI: one for each publisher of a file. Unit: bundles. */
export const MAX_PYPI_BUNDLES = 32;

/** Attestations of one publisher in it; PyPI takes one of each kind, and knows two kinds. Unit: attestations. */
export const MAX_PYPI_ATTESTATIONS = 32;
