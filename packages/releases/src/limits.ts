/**
 * Files of one release. GitHub takes no more:
 * https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases#storage-and-bandwidth-quotas. Unit: files.
 */
export const MAX_ASSETS = 1_000;

/** One file of a release: what GitHub takes, above what GitLab, npm and PyPI take by default. Unit: bytes. */
export const MAX_ASSET_BYTES = 2 * 1024 * 1024 * 1024;

/** All files of all releases of one run, which lie on the disk together. Unit: bytes. */
export const MAX_DOWNLOAD_BYTES = 16 * 1024 * 1024 * 1024;

/** An answer of an API; a page of 100 attestations with their bundles has about 2 MB. Unit: bytes. */
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Files of all versions that an index lists for one project; the largest on PyPI have some 10,000. Unit: files. */
export const MAX_INDEX_FILES = 100_000;

/** What an API gives on one page, and is asked for. Unit: items. */
export const PAGE_SIZE = 100;

/** Pages of attestations of one file: 1,000 attestations. Unit: pages. */
export const MAX_ATTESTATION_PAGES = 10;

/** Evidence that is kept about one release beside its files. Unit: pieces, bytes. */
export const MAX_EVIDENCE = { pieces: 10_000, bytes: 256 * 1024 * 1024 };

/** One bundle behind an address of its own, also unpacked. Unit: bytes. */
export const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;

/** From the address that was asked to where a file truly lies. Unit: redirects. */
export const MAX_REDIRECTS = 5;

/** Times that a file is begun when its transfer breaks off. */
export const MAX_DOWNLOAD_ATTEMPTS = 3;

/** Between two attempts. Unit: milliseconds. */
export const DOWNLOAD_PAUSE_MS = 1_000;

/** How long a transfer may stand still. Unit: milliseconds. */
export const STALL_MS = 30_000;

/** The name of a file, as nearly every file system takes it. Unit: bytes. */
export const MAX_FILE_NAME_BYTES = 255;

/** What a user writes as a target. Unit: characters. */
export const MAX_TARGET_LENGTH = 2_000;
