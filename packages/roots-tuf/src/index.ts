export { MAX_TIMESTAMP_BYTES } from "./limits.ts";
export { mirrorUrl } from "./mirror.ts";
export { NPM_KEYS_FILE, type UpdatedNpmKeys } from "./npm-keys.ts";
export { PUBLIC_GOOD_MIRROR, PUBLIC_GOOD_TUF_ROOT } from "./public-good.ts";
export type { KeptFile } from "./root-chain.ts";
export { type UpdatedRoots, type UpdateOptions, updateRoots } from "./update-roots.ts";
