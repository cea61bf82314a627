import { createPublicKey, type KeyObject } from "node:crypto";
import { type ASN1Obj, EXTENSION_OID_SCT, type X509Certificate } from "../sigstore-library.ts";
import { type CertificateClaims, readClaims } from "./claims.ts";
import { derOf, type Extension, extensionsOf, plainText } from "./extensions.ts";
import { MAX_CERTIFICATE_BYTES } from "./limits.ts";
import { parseCertificate } from "./parse-certificate.ts";
import { reading, refused } from "./refused.ts";

/** A signing certificate that has the shape of one. Whether anybody vouches for it is not known yet. */
export interface Leaf {
  readonly certificate: X509Certificate;
  readonly der: Uint8Array;
  readonly key: KeyObject;
  /** The one subject alternative name: a URI or an e-mail address. */
  readonly identity: string;
  readonly claims: CertificateClaims;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const KEY_USAGE = "2.5.29.15";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const EXTENDED_KEY_USAGE = "2.5.29.37";
/** id-kp-codeSigning, RFC 5280 section 4.2.1.12. */
const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
/** Those whose meaning is checked here, in the chain or in the policy; any other that is critical must be refused (4.2). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  KEY_USAGE,
  SUBJECT_ALT_NAME,
  BASIC_CONSTRAINTS,
  EXTENDED_KEY_USAGE,
  EXTENSION_OID_SCT,
  "2.5.29.14", // subject key identifier
  "2.5.29.35", // authority key identifier
]);
/** ecdsa-with-SHA256, -384, -512 (RFC 5758) and sha256-, 384-, 512WithRSAEncryption (RFC 4055). */
const SIGNATURE_ALGORITHMS: ReadonlySet<string> = new Set([
  "1.2.840.10045.4.3.2",
  "1.2.840.10045.4.3.3",
  "1.2.840.10045.4.3.4",
  "1.2.840.113549.1.1.11",
  "1.2.840.113549.1.1.12",
  "1.2.840.113549.1.1.13",
]);

/**
 * Reads a signing certificate, with every demand on it that needs no trust: X.509 v3, for code signing and nothing that
 * issues, one name, no extension twice, none that is critical and unknown.
 *
 * @throws TouchmarkError `CERTIFICATE_INVALID`.
 */
export function readLeaf(der: Uint8Array): Leaf {
  if (der.byteLength > MAX_CERTIFICATE_BYTES) {
    throw refused("CERTIFICATE_INVALID", "the certificate is too large", {
      expected: `at most ${MAX_CERTIFICATE_BYTES} bytes`,
      actual: `${der.byteLength} bytes`,
    });
  }
  return reading("CERTIFICATE_INVALID", "the certificate", () => {
    const certificate = parseCertificate(der);
    const extensions = extensionsOf(certificate);
    checkForm(certificate);
    checkPurpose(extensions);
    const { notBefore, notAfter } = certificate;
    if (!(notBefore <= notAfter)) throw refused("CERTIFICATE_INVALID", "the certificate ends before it begins");
    return {
      certificate,
      der,
      key: createPublicKey({ key: certificate.publicKey, format: "der", type: "spki" }),
      identity: identityOf(extensions.get(SUBJECT_ALT_NAME)),
      claims: readClaims(extensions),
      notBefore,
      notAfter,
    };
  });
}

function checkForm(certificate: X509Certificate): void {
  if (certificate.version !== "v3") throw unlike("the version of the certificate", "v3", certificate.version);
  // RFC 5280 section 4.1.1.2: the signed and the unsigned name of the algorithm must be the same.
  const signed = certificate.tbsCertificate.subs[2];
  const outer = certificate.root.subs[1];
  if (signed === undefined || outer === undefined || !signed.toDER().equals(outer.toDER())) {
    throw unlike("the signature algorithm of the certificate", "named twice, equally", "two different ones");
  }
  const oid = outer.subs[0]?.toOID() ?? "none";
  if (!SIGNATURE_ALGORITHMS.has(oid)) {
    throw unlike("the signature algorithm of the certificate", "ECDSA or RSA with SHA-256, SHA-384 or SHA-512", oid);
  }
}

function checkPurpose(extensions: ReadonlyMap<string, Extension>): void {
  for (const [oid, { critical }] of extensions) {
    if (critical && !UNDERSTOOD.has(oid)) throw unlike("a critical extension", "one that is understood", oid);
  }
  const constraints = extensions.get(BASIC_CONSTRAINTS);
  if (constraints !== undefined && derOf(constraints).subs.length > 0) {
    // FALSE is the default, and DER does not write defaults (X.690 section 11.5): whatever stands here is not "no CA".
    throw unlike("the signing certificate", "one that cannot issue others", "a certificate authority");
  }
  const usage = extensions.get(KEY_USAGE);
  const bits = usage === undefined ? null : derOf(usage).toBitString();
  if (bits?.[0] !== 1) throw unlike("the key usage of the certificate", "digitalSignature", "others or none");
  if (bits[5] === 1) throw unlike("the key usage of the certificate", "none that issues", "keyCertSign");
  const purposes = extensions.get(EXTENDED_KEY_USAGE);
  const named = purposes === undefined ? [] : derOf(purposes).subs.map((purpose) => purpose.toOID());
  if (!named.includes(CODE_SIGNING)) {
    throw unlike("the certificate's purpose", "code signing", named.length === 0 ? "not said" : named.join(", "));
  }
}

/** URI or e-mail address (RFC 5280 section 4.2.1.6), exactly one name in all. */
function identityOf(extension: Extension | undefined): string {
  const names: readonly ASN1Obj[] = extension === undefined ? [] : derOf(extension).subs;
  const [only, ...others] = names;
  if (only === undefined || others.length > 0) {
    throw unlike("the certificate's subject alternative name", "exactly one", String(names.length));
  }
  if (only.tag.constructed || !(only.tag.isContextSpecific(RFC822_NAME) || only.tag.isContextSpecific(URI))) {
    throw unlike("the certificate's subject alternative name", "a URI or an e-mail address", `tag ${only.tag.number}`);
  }
  const text = plainText(only.value);
  // Both are IA5String: a letter outside ASCII could look like another one.
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw unlike("the certificate's subject alternative name", "ASCII without spaces", JSON.stringify(text));
  }
  return text;
}

const RFC822_NAME = 1;
const URI = 6;

function unlike(what: string, expected: string, actual: string) {
  return refused("CERTIFICATE_INVALID", `${what} is not one that a signer may have`, { expected, actual });
}
