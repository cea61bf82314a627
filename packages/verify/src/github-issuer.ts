/**
 * Who identifies runs of GitHub Actions.
 * Source: https://docs.github.com/actions/concepts/security/openid-connect
 */
export const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";
