export { type FilesStoreOptions, filesStore } from "./files-store.ts";
export { type ReleaseStemOptions, releaseStem } from "./release-stem.ts";
export { type ReleaseStoreOptions, releaseStore } from "./release-store.ts";
