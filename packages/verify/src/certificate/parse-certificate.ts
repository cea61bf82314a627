import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { X509Certificate } from "../sigstore-library.ts";
import { encodeDer } from "./encode-der.ts";
import { parseDer } from "./parse-der.ts";

/**
 * Reads a certificate for Sigstore's verifier, which encodes certificates again whenever it compares or verifies them, a dozen
 * times for one chain, and reads the key of an issuer for each that it issued. That took longer than all of the cryptography.
 * DER has one encoding, which is what was read; and each key is read once.
 *
 * @throws Error as {@link parseDer}.
 */
export function parseCertificate(der: Uint8Array): X509Certificate {
  const certificate = new X509Certificate(parseDer(der));
  const whole = Buffer.from(der);
  const { root, tbsCertificate } = certificate;
  root.toDER = () => whole;
  let signed: Buffer | null = null;
  tbsCertificate.toDER = () => {
    signed ??= encodeDer(tbsCertificate);
    return signed;
  };
  certificate.verify = (issuer = certificate) => isSignedBy(certificate, keyOf(issuer));
  certificate.clone = () => {
    const copy = new X509Certificate(parseDer(whole));
    // Made to be changed: without its timestamps it is what a certificate log signed.
    const { tbsCertificate: changed } = copy;
    changed.toDER = () => encodeDer(changed);
    return copy;
  };
  return certificate;
}

/** As the library does it: what cannot be verified is not signed. */
function isSignedBy(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    const { tbsCertificate, signatureAlgorithm, signatureValue } = certificate;
    return verify(signatureAlgorithm, tbsCertificate.toDER(), key, signatureValue);
  } catch {
    return false;
  }
}

function keyOf(certificate: X509Certificate): KeyObject {
  const known = KEYS.get(certificate);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: certificate.publicKey, format: "der", type: "spki" });
  KEYS.set(certificate, key);
  return key;
}

const KEYS = new WeakMap<X509Certificate, KeyObject>();
