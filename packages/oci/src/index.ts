export { bundleOfAttLayer, cosignLogEntry } from "./att-bundle.ts";
export { type AttLayer, type AttLayerLoss, attLayerOfBundle } from "./att-layer.ts";
export { Descriptor, type Platform, platformText } from "./descriptor.ts";
export {
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
export { allInParallel, inParallel } from "./in-parallel.ts";
export type { ContentProblem, ImageLayout, LayoutEntry } from "./layout.ts";
export { layoutHead } from "./layout-head.ts";
export {
  MAX_IMAGE_MANIFESTS,
  MAX_MANIFEST_BYTES,
} from "./limits.ts";
export {
  type ImageIndex,
  type ImageManifest,
  parseAnyManifest,
} from "./manifest.ts";
export {
  DOCKER_CONFIG,
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
export { type Reached, reachedFrom } from "./reached.ts";
export { type AttestationManifest, type Image, type PlatformImage, readImage } from "./read-image.ts";
export { type ImageReference, parseReference, referenceText } from "./reference.ts";
export { type ReferrersAnswer, referrersTag } from "./referrers.ts";
export { openRegistry, type Registry } from "./registry.ts";
export type { Repository } from "./repository.ts";
export { startsLikeTar } from "./tar-header.ts";
