export { GITHUB_ISSUER, gitHubServer } from "@touchmark/core";
