import { parseCertificate } from "../certificate/parse-certificate.ts";
import type { X509Certificate } from "../sigstore-library.ts";

/**
 * Reads the certificate of an authority that roots name. Sigstore's verifier builds its chain anew for every bundle; who
 * issued an authority does not change between them, so each issuer is asked once.
 *
 * @param isAnchor - the last of its chain (sigstore_trustroot.proto, CertificateAuthority.cert_chain). Whoever gave the
 * roots vouches for it: what it says of itself adds nothing, and is not asked (RFC 5280 section 6.1.1, trust anchor).
 * @throws Error as `parseCertificate`.
 */
export function parseAuthority(der: Uint8Array, isAnchor: boolean): X509Certificate {
  const certificate = parseCertificate(der);
  const verify = certificate.verify.bind(certificate);
  const known = new WeakMap<X509Certificate, boolean>(isAnchor ? [[certificate, true]] : []);
  certificate.verify = (issuer = certificate) => {
    const answer = known.get(issuer) ?? verify(issuer);
    known.set(issuer, answer);
    return answer;
  };
  return certificate;
}
