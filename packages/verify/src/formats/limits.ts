/** Records of provenance about one image, as Google shows them; each build of it has two. Unit: records. */
export const MAX_CLOUD_BUILD_RECORDS = 1_000;

/**
 * All annotations of one Kubernetes object, names and values: the API server takes no more. Unit: bytes.
 * Source: https://github.com/kubernetes/apimachinery/blob/v0.34.0/pkg/api/validation/objectmeta.go, TotalAnnotationSizeLimitB
 */
export const MAX_ANNOTATION_BYTES = 256 * 1024;

/** Runs in one list, as `kubectl get` prints it. Unit: runs. */
export const MAX_TEKTON_RUNS = 1_000;

/** Log entries that one file, or one answer of a log, may hold: one for each bundle of a file. Unit: entries. */
export const MAX_REKOR_ENTRIES = 10_000;

/** Entries about one envelope that are tried: a log has one, and whoever signs can make more. Unit: entries. */
export const MAX_TRIED_ENTRIES = 16;

/** Entries about the payload of an envelope without a certificate that are looked at for its signer's. Unit: entries. */
export const MAX_SIFTED_ENTRIES = 100;

/** Signatures of one envelope: as many as a release has signers, and each is tried by itself. Unit: signatures. */
export const MAX_ENVELOPE_SIGNATURES = 32;

/** Attestations in one answer of GitHub's API, which gives at most 100 for a digest and asks for 100 digests. Unit: attestations. */
export const MAX_ATTESTATIONS = 10_000;
