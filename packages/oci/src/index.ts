export { bundleOfAttLayer } from "./att-bundle.ts";
export { Descriptor, isUnknownPlatform, type Platform, platformText } from "./descriptor.ts";
export {
  checkBytes,
  digestParts,
  digestText,
  type ImageDigestAlgorithm,
  isImageDigest,
  parseDigestText,
  sha256Text,
} from "./image-digest.ts";
export { type ImagePurl, imagePurl, parseImagePurl } from "./image-purl.ts";
export {
  encodeImageSignatures,
  type ImageSignature,
  isSignatureOver,
  parseImageSignatures,
  simpleSigningPayload,
} from "./image-signature.ts";
export type { ImageSource, ManifestBytes } from "./image-source.ts";
export type { ContentProblem, ImageLayout, LayoutEntry } from "./layout.ts";
export {
  MAX_IMAGE_MANIFEST_BYTES,
  MAX_IMAGE_MANIFESTS,
  MAX_INDEX_DEPTH,
  MAX_LAYERS,
  MAX_MANIFEST_BYTES,
} from "./limits.ts";
export {
  type ImageIndex,
  type ImageManifest,
  parseAnyManifest,
  parseIndex,
  parseManifest,
  statedMediaType,
} from "./manifest.ts";
export {
  ATTESTATION_MANIFEST,
  DOCKER_CONFIG,
  DOCKER_LAYER,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  DSSE_LAYER,
  EMPTY_CONFIG,
  IN_TOTO_LAYER,
  isBundleType,
  isForeignLayerType,
  isIndexType,
  isManifestType,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
  SIGSTORE_BUNDLE_V03,
  SIMPLE_SIGNING,
} from "./media-types.ts";
export { openLayout } from "./open-layout.ts";
export type { PushedManifest } from "./push-manifest.ts";
export { type AttestationManifest, type Image, type PlatformImage, readImage } from "./read-image.ts";
export { type ImageReference, parseReference, referenceText } from "./reference.ts";
export { type ReferrersAnswer, referrersTag } from "./referrers.ts";
export { openRegistry, type Registry } from "./registry.ts";
export { MAX_REFERRER_PAGES, MAX_REFERRERS, MAX_REFERRERS_BYTES } from "./registry-limits.ts";
export type { Repository } from "./repository.ts";
export { startsLikeTar } from "./tar-header.ts";
