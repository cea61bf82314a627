import { fact } from "../fact.ts";
import { jsonFacts } from "../json-facts.ts";
import { textAt } from "../stated.ts";
import type { PredicateKind } from "./summary.ts";

/** https://github.com/npm/attestation/tree/main/specs/publish/v0.1 : the registry says that it has this tarball. */
export const npmPublish: PredicateKind = {
  titleOf: (type) =>
    type === "https://github.com/npm/attestation/tree/main/specs/publish/v0.1" ? "npm publish attestation" : null,
  facts: (predicate) => [
    ...fact("package", textAt(predicate, "name")),
    ...fact("version", textAt(predicate, "version")),
    ...fact("registry", textAt(predicate, "registry")),
  ],
};

/** https://docs.pypi.org/attestations/publish/v1/ : that a trusted publisher uploaded this file; it says nothing more. */
export const pypiPublish: PredicateKind = {
  titleOf: (type) => (type === "https://docs.pypi.org/attestations/publish/v1" ? "PyPI publish attestation" : null),
  facts: jsonFacts,
};

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/release.md ; GitHub adds members of its own. */
export const release: PredicateKind = {
  titleOf: (type) =>
    /^https:\/\/in-toto\.io\/attestation\/release\/v0\.[12]$/.test(type) ? "release attestation" : null,
  facts: jsonFacts,
};
