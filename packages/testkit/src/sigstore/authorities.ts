import { type Certificate, type Extension, type Issuer, issueCertificate, type Name } from "./certificate.ts";
import {
  authorityKeyId,
  basicConstraints,
  EKU,
  extendedKeyUsage,
  keyUsage,
  subjectAltName,
  subjectKeyId,
} from "./extensions.ts";
import { newTestKey, type TestKey } from "./test-key.ts";

/** What can be said about an authority's certificate; each has a sound value of its own. */
export interface AuthorityOptions {
  readonly key?: TestKey;
  readonly name?: Name;
  readonly serial?: number | bigint;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Instead of the right ones. */
  readonly extensions?: readonly Extension[];
}

/** Leaf or intermediate first, root last. */
export interface Chain extends Issuer {
  readonly chain: readonly Certificate[];
}

const NOT_BEFORE = new Date("2025-01-01T00:00:00Z");
const NOT_AFTER = new Date("2035-01-01T00:00:00Z");
const ORGANIZATION = "sigstore.test";

export function rootAuthority(commonName: string, options: AuthorityOptions = {}): Chain {
  const key = options.key ?? newTestKey("P-384");
  const subject = options.name ?? { organization: ORGANIZATION, commonName };
  const extensions = [keyUsage("keyCertSign", "cRLSign"), basicConstraints(true, 1), subjectKeyId(key)];
  const certificate = issue(key, subject, extensions, options, { key, subject });
  return { key, certificate, chain: [certificate] };
}

/** As Fulcio's: `codeSigning`, and no authority below it. */
export function intermediateAuthority(commonName: string, root: Chain, options: AuthorityOptions = {}): Chain {
  const key = options.key ?? newTestKey("P-384");
  const extensions = [
    keyUsage("keyCertSign", "cRLSign"),
    extendedKeyUsage([EKU.codeSigning]),
    basicConstraints(true, 0),
    subjectKeyId(key),
    authorityKeyId(root.key),
  ];
  return below(root, key, options.name ?? { organization: ORGANIZATION, commonName }, extensions, options);
}

/** The leaf that signs timestamps: RFC 3161, 2.3 wants its one purpose, and critical. */
export function timestampAuthority(commonName: string, root: Chain, options: AuthorityOptions = {}): Chain {
  const key = options.key ?? newTestKey();
  const extensions = [
    keyUsage("digitalSignature"),
    extendedKeyUsage([EKU.timeStamping], true),
    subjectKeyId(key),
    authorityKeyId(root.key),
  ];
  return below(root, key, options.name ?? { organization: ORGANIZATION, commonName }, extensions, options);
}

/** A leaf for HTTPS on these hosts. */
export function tlsServer(hosts: readonly string[], root: Chain, options: AuthorityOptions = {}): Chain {
  const key = options.key ?? newTestKey();
  const extensions = [
    keyUsage("digitalSignature"),
    extendedKeyUsage([EKU.serverAuth]),
    subjectAltName(hosts.map((dns) => ({ dns }))),
    authorityKeyId(root.key),
  ];
  return below(root, key, options.name ?? {}, extensions, options);
}

function below(
  root: Chain,
  key: TestKey,
  subject: Name,
  extensions: readonly Extension[],
  options: AuthorityOptions,
): Chain {
  const certificate = issue(key, subject, extensions, options, {
    key: root.key,
    subject: root.certificate.fields.subject,
  });
  return { key, certificate, chain: [certificate, ...root.chain] };
}

function issue(
  key: TestKey,
  subject: Name,
  extensions: readonly Extension[],
  options: AuthorityOptions,
  issuer: { readonly key: TestKey; readonly subject: Name },
): Certificate {
  const fields = {
    subject,
    issuer: issuer.subject,
    serial: options.serial ?? serialOf(key),
    notBefore: options.notBefore ?? NOT_BEFORE,
    notAfter: options.notAfter ?? NOT_AFTER,
    spki: key.spki,
    extensions: options.extensions ?? extensions,
  };
  return issueCertificate(fields, issuer.key);
}

/** Positive, and another one for another key. */
function serialOf({ spki }: TestKey): bigint {
  return BigInt(`0x1${Buffer.from(spki.subarray(-8)).toString("hex")}`);
}
