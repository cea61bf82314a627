/** What a certificate says of its holder. Nothing about it is verified: it is for whoever just got it from its authority. */
export interface CertifiedHolder {
  readonly identity: string;
  readonly issuer: string;
  /** `https://HOST/PATH@REF`, or without a ref; null where the certificate names no repository. */
  readonly source: string | null;
}

/**
 * @param der - a signing certificate.
 * @throws TouchmarkError `CERTIFICATE_INVALID` for one by which nobody could verify a signature.
 */
export async function certifiedHolder(der: Uint8Array): Promise<CertifiedHolder> {
  // What reads certificates is large, and who verifies by a key needs none of it.
  const { readLeaf } = await import("./certificate/leaf-on-use.ts");
  const { identity, claims } = readLeaf(der);
  const { issuer, sourceRepository, sourceRef } = claims;
  const ref = sourceRef === null ? "" : `@${sourceRef}`;
  return { identity, issuer, source: sourceRepository === null ? null : `${sourceRepository}${ref}` };
}
