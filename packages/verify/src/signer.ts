import type { KeyTrust } from "./trust.ts";
import type { IdentityTrust } from "./trust-identity.ts";

/** Who signed, once that is known. */
export type Signer = KeyTrust | CertificateSigner;

/** Somebody whom a certificate names, and whom the user trusts. */
export interface CertificateSigner {
  readonly kind: "identity";
  readonly trust: IdentityTrust;
  readonly identity: string;
  readonly issuer: string;
  /** The earliest verified time. RFC 3339, UTC. */
  readonly signedAt: string;
}
