import type { CertificateClaims } from "./certificate/claims.ts";
import type { CloudBuildSigner } from "./cloud-build/trusted.ts";
import type { KeyTrust } from "./trust.ts";
import type { IdentityTrust } from "./trust-identity.ts";

/** Who signed, once that is known. */
export type Signer = KeyTrust | CertificateSigner | CloudBuildSigner;

/** Somebody whom a certificate names, and whom the user trusts. */
export interface CertificateSigner {
  readonly kind: "identity";
  readonly trust: IdentityTrust;
  readonly identity: string;
  readonly issuer: string;
  /** What else the certificate says of the run. */
  readonly claims: CertificateClaims;
  /** SHA-256 of the certificate's SubjectPublicKeyInfo in DER, lowercase hex. */
  readonly keyDigest: string;
  /** The earliest verified time. RFC 3339, UTC. */
  readonly signedAt: string;
  /** Every verified time, the earliest first. */
  readonly times: readonly Date[];
}

/** `key:sha256:HEX`, `identity:NAME`, `cloud-build:NAME`. */
export function shownSigner(signer: Signer): string {
  switch (signer.kind) {
    case "key":
      return `key:sha256:${signer.digest}`;
    case "identity":
      return `identity:${signer.identity}`;
    case "cloud-build":
      return `cloud-build:${signer.keyId}`;
  }
}
