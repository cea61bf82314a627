import { X509Certificate } from "../sigstore-library.ts";
import { checkDerWork } from "./der-work.ts";

/**
 * Reads a certificate for Sigstore's verifier, which encodes certificates again whenever it compares or verifies them:
 * a dozen times for one chain, which took longer than all of the cryptography. Each part is encoded once here.
 *
 * @throws Error of the library; TouchmarkError as {@link checkDerWork}.
 */
export function parseCertificate(der: Uint8Array): X509Certificate {
  checkDerWork(der);
  const certificate = X509Certificate.parse(Buffer.from(der));
  for (const part of [certificate.root, certificate.tbsCertificate]) {
    const encode = part.toDER.bind(part);
    let known: Buffer | null = null;
    part.toDER = () => {
      known ??= encode();
      return known;
    };
  }
  return certificate;
}
