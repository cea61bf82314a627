import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { namedCurve } from "@touchmark/core";
import type { TrustMaterial, X509Certificate } from "../sigstore-library.ts";
import { parseAuthority } from "./authority-certificate.ts";
import { checkAuthority, PURPOSES } from "./check-authority.ts";
import { type RootAuthority, type RootLog, rootsInvalid, type TrustedRoot } from "./schema.ts";

/** A log that a root names. */
interface TrustedLog {
  readonly logId: Buffer;
  /** Logs of one operator are one witness, as are two entries with one key. */
  readonly operator: string;
  /** Hosts of its base URL that a checkpoint may carry for its name. */
  readonly hosts: readonly string[];
  readonly start: Date;
  readonly end: Date | null;
}

/** One root, ready to verify with. */
export interface RootMaterial {
  readonly logs: readonly TrustedLog[];
  readonly certificateLogIds: readonly Buffer[];
  /** Those that may issue signing certificates: name (DER) and key identifier. */
  readonly issuers: readonly { readonly subject: Buffer; readonly keyId: Buffer | null }[];
  /** The signing certificate of each timestamp authority. */
  readonly timestampSigners: readonly {
    readonly issuer: Buffer;
    readonly serialNumber: Buffer;
    readonly operator: string;
  }[];
  readonly forLibrary: TrustMaterial;
}

/** The end of what has no end; what Sigstore's verifier takes as well. */
const FOREVER = new Date(8_640_000_000_000_000);

/** @throws TouchmarkError `ROOTS_INVALID` for keys and certificates that cannot be read. */
export function materialOf(root: TrustedRoot, label: string): RootMaterial {
  const read = <T>(what: string, make: () => T): T => {
    try {
      return make();
    } catch (cause) {
      throw rootsInvalid(label, `${what} that cannot be read`, cause);
    }
  };
  const logs = root.tlogs.map((log) => read("the key of a log", () => logOf(log)));
  const certificateLogs = root.ctlogs.map((log) => read("the key of a certificate log", () => logOf(log)));
  const authorities = root.certificateAuthorities.map((one) => read("a certificate", () => authorityOf(one)));
  const timestamps = root.timestampAuthorities.map((one) => read("a certificate", () => authorityOf(one)));
  for (const { certChain } of authorities) {
    for (const one of certChain) read("a certificate", () => checkAuthority(one, PURPOSES.signing));
  }
  for (const { certChain } of timestamps) {
    const [signer, ...issuers] = certChain;
    read("a timestamp authority's certificate", () => checkPurpose(signer));
    for (const one of issuers) read("a certificate", () => checkAuthority(one, PURPOSES.timestamps));
  }
  return {
    logs: logs.map(({ trusted }) => trusted),
    certificateLogIds: certificateLogs.map(({ trusted }) => trusted.logId),
    // Their extensions are parsed when they are asked for.
    issuers: read("a certificate", () =>
      authorities.flatMap(({ certChain }) =>
        certChain.map((one) => ({ subject: one.subject, keyId: one.extSubjectKeyID?.keyIdentifier ?? null })),
      ),
    ),
    timestampSigners: read("a timestamp authority's certificate", () =>
      timestamps.map(({ certChain: [signer], operator }) => ({
        issuer: signer.issuer,
        serialNumber: signer.serialNumber,
        operator,
      })),
    ),
    forLibrary: {
      tlogs: logs.map(({ forLibrary }) => forLibrary),
      ctlogs: certificateLogs.map(({ forLibrary }) => forLibrary),
      certificateAuthorities: authorities,
      timestampAuthorities: timestamps,
      publicKey: () => {
        throw new TypeError("a root holds no keys of signers");
      },
    },
  };
}

function logOf({ baseUrl, publicKey, logId, checkpointKeyId, operator }: RootLog) {
  const key = keyOf(publicKey.rawBytes);
  const id = Buffer.from((logId ?? checkpointKeyId)?.keyId ?? []);
  const { start, end } = publicKey.validFor;
  let known: string | null = null;
  return {
    trusted: {
      logId: id,
      // Of a log that no evidence names, nobody asks.
      get operator() {
        known ??= operator || `key:${digestOf(key)}`;
        return known;
      },
      hosts: hostsOf(baseUrl),
      start,
      end,
    },
    forLibrary: { logID: id, baseURL: baseUrl, publicKey: key, validFor: { start, end: end ?? FOREVER } },
  };
}

function digestOf(key: KeyObject): string {
  const spki = key.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("hex");
}

export function keyOf(der: Uint8Array): KeyObject {
  const key = readKey(der);
  if (key.asymmetricKeyType !== "ec") return key;
  const curve = namedCurve(key);
  if (curve !== "prime256v1") throw new TypeError(`a curve that logs do not use: ${curve ?? "none"}`);
  return key;
}

/** RSA keys stand there as SubjectPublicKeyInfo or as PKCS#1, whatever their name says; everything else as the former. */
function readKey(der: Uint8Array): KeyObject {
  const key = Buffer.from(der);
  try {
    return createPublicKey({ key, format: "der", type: "spki" });
  } catch {
    return createPublicKey({ key, format: "der", type: "pkcs1" });
  }
}

/** `baseUrl` may lack a scheme (sigstore_trustroot.proto). */
export function addressOf(baseUrl: string): string {
  return /^[a-z]+:\/\//i.test(baseUrl) ? baseUrl : `https://${baseUrl}`;
}

function hostsOf(baseUrl: string): readonly string[] {
  const url = new URL(addressOf(baseUrl));
  return [...new Set([url.hostname, url.host])];
}

function authorityOf({ certChain, validFor, operator, uri }: RootAuthority) {
  const last = certChain.certificates.length - 1;
  const [first, ...rest] = certChain.certificates.map(({ rawBytes }, at) => parseAuthority(rawBytes, at === last));
  if (first === undefined) throw new TypeError("an empty chain");
  const { start, end } = validFor;
  return {
    certChain: [first, ...rest] as [X509Certificate, ...X509Certificate[]],
    validFor: { start, end: end ?? FOREVER },
    operator: operator || uri || first.subject.toString("base64"),
  };
}

/** RFC 3161 section 2.3: the purpose is timestamping, nothing else, and critical. */
function checkPurpose(certificate: X509Certificate): void {
  const extension = certificate.extension("2.5.29.37");
  const purposes = extension?.valueObj.subs[0]?.subs.map((purpose) => purpose.toOID()) ?? [];
  if (extension?.critical !== true || purposes.length !== 1 || purposes[0] !== PURPOSES.timestamps) {
    throw new TypeError("its purpose is not timestamping alone");
  }
}
