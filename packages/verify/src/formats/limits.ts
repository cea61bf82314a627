/** Records of provenance about one image, as Google shows them; each build of it has two. Unit: records. */
export const MAX_CLOUD_BUILD_RECORDS = 1_000;

/** Signatures of one envelope; those that are made have one or two. Unit: signatures. */
export const MAX_ENVELOPE_SIGNATURES = 32;

/**
 * All annotations of one Kubernetes object, names and values: the API server takes no more. Unit: bytes.
 * Source: https://github.com/kubernetes/apimachinery/blob/v0.34.0/pkg/api/validation/objectmeta.go, TotalAnnotationSizeLimitB
 */
export const MAX_ANNOTATION_BYTES = 256 * 1024;

/** Runs in one list, as `kubectl get` prints it. Unit: runs. */
export const MAX_TEKTON_RUNS = 1_000;
