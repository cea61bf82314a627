import { X509Certificate } from "../sigstore-library.ts";
import { encodeDer } from "./encode-der.ts";
import { parseDer } from "./parse-der.ts";

/**
 * Reads a certificate for Sigstore's verifier, which encodes certificates again whenever it compares or verifies them:
 * a dozen times for one chain, which took longer than all of the cryptography. Each part is encoded once here.
 *
 * @throws Error as {@link parseDer}.
 */
export function parseCertificate(der: Uint8Array): X509Certificate {
  const certificate = new X509Certificate(parseDer(der));
  for (const part of [certificate.root, certificate.tbsCertificate]) {
    let known: Buffer | null = null;
    part.toDER = () => {
      known ??= encodeDer(part);
      return known;
    };
  }
  certificate.clone = () => {
    const copy = new X509Certificate(parseDer(encodeDer(certificate.root)));
    // Made to be changed: without its timestamps it is what a certificate log signed.
    const { tbsCertificate } = copy;
    tbsCertificate.toDER = () => encodeDer(tbsCertificate);
    return copy;
  };
  return certificate;
}
