/**
 * Who identifies runs of GitHub Actions on github.com.
 * Source: https://docs.github.com/actions/concepts/security/openid-connect
 */
export const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";

/** An enterprise of GitHub Enterprise Cloud may have an issuer of its own: https://docs.github.com/enterprise-cloud@latest/rest/actions/oidc */
const ENTERPRISE_CLOUD = /^https:\/\/token\.actions\.githubusercontent\.com\/[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** GitHub Enterprise Server: https://docs.github.com/enterprise-server@latest/actions/reference/security/oidc */
const ENTERPRISE_SERVER = /^(https:\/\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?)\/_services\/token$/;

/**
 * The server whose repositories an issuer speaks of: `https://github.com`, or that of an Enterprise Server.
 *
 * @param issuer - one that the user named; by its form alone nobody knows whether it is GitHub's.
 * @returns null for what has not the form of an issuer of GitHub's.
 */
export function gitHubServer(issuer: string): string | null {
  if (issuer === GITHUB_ISSUER || ENTERPRISE_CLOUD.test(issuer)) return "https://github.com";
  return ENTERPRISE_SERVER.exec(issuer)?.[1] ?? null;
}
