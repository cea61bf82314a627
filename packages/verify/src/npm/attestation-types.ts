/** Source: https://slsa.dev/spec/v1.2/build-provenance and https://slsa.dev/spec/v0.2/provenance */
export const NPM_PROVENANCE: readonly string[] = ["https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"];

/** Source: https://github.com/npm/attestation/blob/main/specs/publish/v0.1/README.md */
export const NPM_PUBLISH = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";
