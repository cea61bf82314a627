import { isProvenance } from "@touchmark/core";

/** What a rule may require by a name; anything else by the URI of its predicate type. */
export const PREDICATE_NAMES = ["provenance", "sbom", "vsa", "test-result", "vulns"] as const;

export type PredicateName = (typeof PREDICATE_NAMES)[number];

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
const TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";

/** Predicate types by their name. */
const KINDS: Readonly<Record<PredicateName, (type: string) => boolean>> = {
  provenance: isProvenance,
  // SPDX puts its version behind, or not; CycloneDX does not, but some tools do: https://github.com/in-toto/attestation/tree/main/spec/predicates
  sbom: (type) => /^https:\/\/(?:spdx\.dev\/Document|cyclonedx\.org\/bom)(?:\/v?\d+(?:\.\d+)*)?$/.test(type),
  vsa: (type) => /^https:\/\/slsa\.dev\/verification_summary\/(?:v1|v0\.[12])$/.test(type),
  "test-result": (type) => type === TEST_RESULT,
  vulns: (type) =>
    /^https:\/\/in-toto\.io\/attestation\/vulns\/v0\.[12]$/.test(type) ||
    type === "https://cosign.sigstore.dev/attestation/vuln/v1",
};

export function isPredicateName(text: string): text is PredicateName {
  return Object.hasOwn(KINDS, text);
}

/** Whether a predicate type is what was required: by name, or exactly this URI. */
export function isOfKind(required: string, type: string): boolean {
  return isPredicateName(required) ? KINDS[required](type) : required === type;
}

/** Whether provenance is among what is required. */
export function requiresProvenance(required: readonly unknown[]): boolean {
  return required.some((kind) => kind === "provenance" || isProvenance(String(kind)));
}

/** Whether a verification summary is. */
export function requiresSummary(required: readonly unknown[]): boolean {
  return required.some((kind) => kind === "vsa" || KINDS.vsa(String(kind)));
}

/** Whether one requirement is met by statements about tests, by name or URI. */
export function isAboutTests(required: string): boolean {
  return required === "test-result" || required === TEST_RESULT;
}
