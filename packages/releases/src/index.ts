export { type DownloadBudget, downloadBudget } from "./download-budget.ts";
export { contactsOf, type Endpoints, homeOf, PUBLIC_ENDPOINTS } from "./endpoints.ts";
export type { OpenOptions } from "./open-options.ts";
export { openRelease } from "./open-release.ts";
export { parseReleaseTarget } from "./parse-target.ts";
export type { Asset, AssetSink, Release, SavedAsset } from "./release.ts";
export type { ReleaseEvidence } from "./release-evidence.ts";
export { type AskedRelease, askedRelease, packageOf, type ReleaseTarget, releaseText } from "./release-target.ts";
