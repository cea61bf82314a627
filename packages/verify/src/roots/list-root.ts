import type { TrustedRoot } from "./schema.ts";

/** One root, for people. */
export interface RootsListing {
  readonly certificateAuthorities: readonly ListedAuthority[];
  /** Logs of certificates. */
  readonly certificateLogs: readonly ListedAuthority[];
  /** Logs of signatures. */
  readonly logs: readonly ListedAuthority[];
  readonly timestampAuthorities: readonly ListedAuthority[];
}

interface ListedAuthority {
  /** Its address; nobody is contacted there. */
  readonly name: string;
  /** RFC 3339, UTC; both ends count. */
  readonly start: string;
  readonly end: string | null;
}

export function listRoot(root: TrustedRoot): RootsListing {
  return {
    certificateAuthorities: root.certificateAuthorities.map(({ uri, validFor }) => listed(uri, validFor)),
    certificateLogs: root.ctlogs.map(({ baseUrl, publicKey }) => listed(baseUrl, publicKey.validFor)),
    logs: root.tlogs.map(({ baseUrl, publicKey }) => listed(baseUrl, publicKey.validFor)),
    timestampAuthorities: root.timestampAuthorities.map(({ uri, validFor }) => listed(uri, validFor)),
  };
}

function listed(
  name: string | null | undefined,
  { start, end }: { readonly start: Date; readonly end: Date | null },
): ListedAuthority {
  return { name: name || "without a name", start: start.toISOString(), end: end?.toISOString() ?? null };
}
