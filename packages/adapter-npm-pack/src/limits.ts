/** What `npm pack` may take, scripts included; a large build in prepack takes minutes. Unit: milliseconds. */
export const PACK_TIMEOUT_MS = 15 * 60 * 1000;

/** Packages that one list or one workspace may name. The largest public workspaces have about 2,000. Unit: packages. */
export const MAX_PACKAGES = 10_000;

/** A lock file in YAML: its parser keeps some hundred bytes for each byte. Unit: bytes. */
export const MAX_YAML_BYTES = 16 * 1024 * 1024;

/** Dependencies nested in a package-lock.json of version 1. Node's module resolution ends far earlier. Unit: levels. */
export const MAX_LOCK_DEPTH = 64;
