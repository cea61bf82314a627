/**
 * The only door to Sigstore's own libraries, which are CommonJS and large. Whatever imports this is loaded when a
 * certificate has to be verified, and never for a key.
 */
export { ASN1Obj, EXTENSION_OID_SCT, RFC3161Timestamp, X509Certificate, X509SCTExtension } from "@sigstore/core";
// Not in the index.
export { ASN1Tag } from "@sigstore/core/dist/asn1/tag.js";
export type { SignedEntity, TrustMaterial } from "@sigstore/verify";
// Not by the index, which also brings what reads bundles and roots: both are read here.
export { VerificationError } from "@sigstore/verify/dist/error.js";
export { Verifier } from "@sigstore/verify/dist/verifier.js";
