import { requireServiceAddress } from "@touchmark/plugin";

/** A transparency log; version 1 also says when an entry came in, version 2 does not. */
export interface LogService {
  /** Without a slash at its end. */
  readonly url: string;
  readonly version: 1 | 2;
}

/** The services of one Sigstore that a signature needs. */
export interface SigningInstance {
  /** Fulcio; without a slash at its end. */
  readonly certificateAuthority: string;
  /** Each of them gets the entry. */
  readonly logs: readonly LogService[];
  /** Where requests of RFC 3161 are posted, paths included, in the order in which they are asked. */
  readonly timestampAuthorities: readonly string[];
  /** Who logs people in whom the certificate authority believes, exactly as in tokens. Absent: nobody is named. */
  readonly loginIssuer?: string;
  /** How many of them must answer; one behind these is asked where one of these fails. */
  readonly timestamps: number;
}

/** The public-good instance: https://docs.sigstore.dev/about/overview/; its services are those of its SigningConfig. */
export const PUBLIC_INSTANCE: SigningInstance = {
  certificateAuthority: "https://fulcio.sigstore.dev",
  logs: [{ url: "https://rekor.sigstore.dev", version: 1 }],
  timestampAuthorities: ["https://timestamp.sigstore.dev/api/v1/timestamp"],
  loginIssuer: "https://oauth2.sigstore.dev/auth",
  timestamps: 1,
};

/**
 * Whether certificates of an instance stand in a log that everybody reads: Fulcio puts each one into a certificate
 * transparency log before it gives it out, whatever the signer logs.
 */
export function isPublic({ certificateAuthority }: SigningInstance): boolean {
  // A dot at its end makes no other host of a name.
  const hostname = new URL(certificateAuthority).hostname.replace(/\.$/, "");
  return PUBLIC_DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}

/** Of the public-good instance, and of its rehearsal, which anybody reads as well. */
const PUBLIC_DOMAINS = ["sigstore.dev", "sigstage.dev"];

/** The `host[:port]` of all services: whom the application must let the signer contact. */
export function contactsOf({ certificateAuthority, logs, timestampAuthorities }: SigningInstance): readonly string[] {
  const urls = [certificateAuthority, ...logs.map(({ url }) => url), ...timestampAuthorities];
  return [...new Set(urls.map((url) => new URL(url).host))];
}

/** Addresses as a user writes them. */
export interface InstanceAddresses {
  readonly fulcio: string;
  /** Null: no log. */
  readonly rekor: LogService | null;
  /** With its path, or without one for that of Sigstore's own timestamp authority. Null: none. */
  readonly timestamps: string | null;
}

/**
 * An instance out of addresses.
 *
 * @throws TouchmarkError `USAGE` for one that is no https URL, or http to a loopback address.
 */
export function instanceOf({ fulcio, rekor, timestamps }: InstanceAddresses): SigningInstance {
  return {
    certificateAuthority: serviceUrl(fulcio),
    logs: rekor === null ? [] : [{ ...rekor, url: serviceUrl(rekor.url) }],
    timestampAuthorities: timestamps === null ? [] : [timestampUrl(timestamps)],
    timestamps: timestamps === null ? 0 : 1,
  };
}

function timestampUrl(text: string): string {
  const url = serviceUrl(text);
  return new URL(url).pathname === "/" ? `${url}/api/v1/timestamp` : url;
}

/** Without a slash at the end. @throws TouchmarkError `USAGE`. */
export function serviceUrl(text: string): string {
  return requireServiceAddress(text, "what should be a signing service").href.replace(/\/$/, "");
}
