/** Whom a token for a Sigstore certificate is meant for: https://github.com/sigstore/fulcio/blob/main/docs/oidc.md */
export const SIGSTORE_AUDIENCE = "sigstore";
