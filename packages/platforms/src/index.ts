export { detectPlatform } from "./detect-platform.ts";
export { type GitHubActionsOptions, githubActions } from "./github-actions.ts";
export { type GitLabOptions, gitlab } from "./gitlab.ts";
export { LOCAL_BUILD_TYPE, LOCAL_BUILDER, local } from "./local.ts";
export { readCheckout, readTaggedCheckout, type TaggedCheckout } from "./read-checkout.ts";
