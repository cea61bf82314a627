import {
  type Certificate,
  type Extension,
  encodeTbs,
  type Issuer,
  issueCertificate,
  type Name,
} from "./certificate.ts";
import { promise, type Sct, sctList } from "./ct-log.ts";
import {
  authorityKeyId,
  EKU,
  extendedKeyUsage,
  type GeneralName,
  keyUsage,
  subjectAltName,
  subjectKeyId,
} from "./extensions.ts";
import { type FulcioClaims, fulcioExtensions, RELEASE_RUN } from "./fulcio-extensions.ts";
import type { TestKey } from "./test-key.ts";

/** Every part of a leaf; what is absent is as Fulcio writes it for `RELEASE_RUN`. */
export interface LeafOptions {
  readonly claims?: FulcioClaims;
  /** The claims' `buildSignerUri` when absent. */
  readonly names?: readonly GeneralName[];
  readonly subject?: Name;
  /** `codeSigning` alone when absent; none: no such extension. */
  readonly purposes?: readonly string[];
  readonly notBefore?: Date;
  /** Ten minutes later when absent. */
  readonly notAfter?: Date;
  readonly serial?: number | bigint;
  /** After all others. */
  readonly more?: readonly Extension[];
  /** Instead of all but the SCT list. */
  readonly extensions?: readonly Extension[];
  /** Logs that promise; one promise for each. */
  readonly ctLogs: readonly TestKey[];
  /** When they promise; at `notBefore` when absent. */
  readonly sctTime?: Date;
  /** Changes or replaces the promises before they are written. */
  readonly scts?: (right: readonly Sct[]) => readonly Sct[];
  /** What signs the certificate; the issuer's key when absent. */
  readonly signingKey?: TestKey;
}

const LEAF_MS = 10 * 60 * 1000;

/** A certificate as Fulcio issues one: promised by a log before it is signed, with the promise inside. */
export function fulcioLeaf(issuer: Issuer, key: TestKey, time: Date, options: LeafOptions): Certificate {
  const claims = options.claims ?? RELEASE_RUN;
  const notBefore = options.notBefore ?? time;
  const fields = {
    subject: options.subject ?? {},
    issuer: issuer.certificate.fields.subject,
    serial: options.serial ?? BigInt(`0x1${Buffer.from(key.spki.subarray(-12)).toString("hex")}`),
    notBefore,
    notAfter: options.notAfter ?? new Date(notBefore.getTime() + LEAF_MS),
    spki: key.spki,
    extensions: options.extensions ?? [
      keyUsage("digitalSignature"),
      ...purposes(options.purposes ?? [EKU.codeSigning]),
      subjectKeyId(key),
      authorityKeyId(issuer.key),
      subjectAltName(options.names ?? [{ uri: claims.buildSignerUri ?? "" }]),
      ...fulcioExtensions(claims),
      ...(options.more ?? []),
    ],
  };
  const signingKey = options.signingKey ?? issuer.key;
  const precertificate = { tbs: encodeTbs(fields, signingKey.algorithm), issuerSpki: issuer.key.spki };
  const right = options.ctLogs.map((log) => promise(log, precertificate, options.sctTime ?? notBefore));
  const scts = options.scts?.(right) ?? right;
  const list = scts.length === 0 ? [] : [sctList(scts)];
  return issueCertificate({ ...fields, extensions: [...fields.extensions, ...list] }, signingKey);
}

function purposes(wanted: readonly string[]): Extension[] {
  return wanted.length === 0 ? [] : [extendedKeyUsage(wanted)];
}
