/** GoReleaser's effective configuration; the largest in our fixtures has 5 KB. Unit: bytes. */
export const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

/** Aliases that may be followed in config.yaml. GoReleaser writes none; a few are harmless, a bomb needs thousands. */
export const MAX_YAML_ALIASES = 100;

/** What git may take to answer a question about a checkout. Unit: milliseconds. */
export const GIT_TIMEOUT_MS = 20_000;
