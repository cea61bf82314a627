import type { Chain } from "./authorities.ts";
import { rawBytes } from "./certificate.ts";
import { ctLogId } from "./ct-log.ts";
import { logIdOf, type TestLog } from "./rekor.ts";
import { base64, type TestKey } from "./test-key.ts";

const TRUSTED_ROOT_TYPE = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

/** `TrustedRoot` of Sigstore's protobuf specs, in JSON; a test may change any of it. */
export interface TrustedRoot {
  mediaType: string;
  tlogs: LogInstance[];
  certificateAuthorities: AuthorityInstance[];
  ctlogs: LogInstance[];
  timestampAuthorities: AuthorityInstance[];
}

export interface LogInstance {
  baseUrl: string;
  hashAlgorithm: string;
  publicKey: { rawBytes: string; keyDetails: string; validFor?: Period };
  logId: { keyId: string };
}

export interface AuthorityInstance {
  subject: { organization: string; commonName: string };
  uri: string;
  certChain: { certificates: { rawBytes: string }[] };
  validFor: Period;
}

/** RFC 3339; the end belongs to it. */
export interface Period {
  start?: string;
  end?: string;
}

export interface Trusted {
  readonly logs: readonly TestLog[];
  readonly ctLogs: readonly { readonly key: TestKey; readonly baseUrl: string }[];
  readonly certificateAuthorities: readonly { readonly authority: Chain; readonly uri: string }[];
  readonly timestampAuthorities: readonly { readonly authority: Chain; readonly uri: string }[];
}

/** All of them trusted from one time on, without an end. */
export function trustedRoot(trusted: Trusted, start: Date = new Date("2020-01-01T00:00:00Z")): TrustedRoot {
  const period = { start: start.toISOString().replace(".000Z", "Z") };
  return {
    mediaType: TRUSTED_ROOT_TYPE,
    tlogs: trusted.logs.map((log) => logInstance(log.baseUrl, log.key, logIdOf(log), period)),
    certificateAuthorities: trusted.certificateAuthorities.map((one) => authorityInstance(one, period)),
    ctlogs: trusted.ctLogs.map(({ key, baseUrl }) => logInstance(baseUrl, key, ctLogId(key), period)),
    timestampAuthorities: trusted.timestampAuthorities.map((one) => authorityInstance(one, period)),
  };
}

function logInstance(baseUrl: string, key: TestKey, logId: Uint8Array, period: Period): LogInstance {
  return {
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(key.spki), keyDetails: key.details, validFor: { ...period } },
    logId: { keyId: base64(logId) },
  };
}

function authorityInstance({ authority, uri }: { authority: Chain; uri: string }, period: Period): AuthorityInstance {
  const { organization = "", commonName = "" } = authority.certificate.fields.subject;
  return {
    subject: { organization, commonName },
    uri,
    certChain: { certificates: authority.chain.map(rawBytes) },
    validFor: { ...period },
  };
}
