export {
  type AuthorityOptions,
  type Chain,
  intermediateAuthority,
  rootAuthority,
  timestampAuthority,
  tlsServer,
} from "./authorities.ts";
export {
  type Certificate,
  type CertificateFields,
  type Extension,
  type Issuer,
  issueCertificate,
  type Name,
  pemOf,
} from "./certificate.ts";
export {
  type Checkpoint,
  type CheckpointSigner,
  checkpointBody,
  signatureLine,
  signedCheckpoint,
} from "./checkpoint.ts";
export { ctLogId, digitallySigned, type Precertificate, promise, type Sct, sctList, withoutPoison } from "./ct-log.ts";
export { ascii, concat, type Der, integer, octets, oid, paddedTlv, sequence, setOf, tlv, utf8 } from "./der.ts";
export { contentOf, partsOf } from "./der-parts.ts";
export { basicConstraints, EKU, extendedKeyUsage, type GeneralName, keyUsage, subjectAltName } from "./extensions.ts";
export { type FulcioClaims, fulcioExtension, fulcioExtensions, githubRun, RELEASE_RUN } from "./fulcio-extensions.ts";
export { fulcioLeaf, type LeafOptions } from "./fulcio-leaf.ts";
export { inclusionPath, leafHash, treeRoot } from "./merkle-tree.ts";
export {
  type EntryBody,
  type EntryOptions,
  type LogEntry,
  logEntry,
  logIdOf,
  promised,
  type TestLog,
} from "./rekor.ts";
export {
  dsseV1,
  hashedrekordV1,
  hashedrekordV2,
  intotoV1,
  intotoV2,
  type Signed,
  type SignedEnvelope,
} from "./rekor-bodies.ts";
export {
  type BundleJson,
  type BundleOptions,
  type EntryKind,
  entryFor,
  pae,
  type SignedBundle,
  signBundle,
} from "./sign-bundle.ts";
export {
  type KeyKind,
  newTestKey,
  POINTLESS_KEY_PEM,
  privatePem,
  publicPem,
  type TestKey,
  testKeyOf,
} from "./test-key.ts";
export { rootOf, type TestSigstore, testSigstore } from "./test-sigstore.ts";
export { type TimestampOptions, timestampResponse } from "./timestamp.ts";
export {
  type AuthorityInstance,
  type LogInstance,
  type Period,
  type Trusted,
  type TrustedRoot,
  trustedRoot,
} from "./trusted-root.ts";
