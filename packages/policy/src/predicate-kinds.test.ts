import { PROVENANCE_V1 } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { isAboutTests, isOfKind, requiresProvenance, requiresSummary } from "./predicate-kinds.ts";

const VSA = "https://slsa.dev/verification_summary/v1";
const TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";

describe("what a policy requires by name", () => {
  it.each([
    ["provenance", PROVENANCE_V1],
    ["provenance", "https://slsa.dev/provenance/v0.2"],
    ["sbom", "https://spdx.dev/Document"],
    ["sbom", "https://spdx.dev/Document/v2.3"],
    ["sbom", "https://spdx.dev/Document/3.0.10"],
    ["sbom", "https://spdx.dev/Document/v12"],
    ["sbom", "https://cyclonedx.org/bom"],
    ["sbom", "https://cyclonedx.org/bom/v1.6"],
    ["vsa", VSA],
    ["vsa", "https://slsa.dev/verification_summary/v0.1"],
    ["vsa", "https://slsa.dev/verification_summary/v0.2"],
    ["test-result", TEST_RESULT],
    ["vulns", "https://in-toto.io/attestation/vulns/v0.1"],
    ["vulns", "https://in-toto.io/attestation/vulns/v0.2"],
    ["vulns", "https://cosign.sigstore.dev/attestation/vuln/v1"],
  ])("%s: %s, and nothing longer", (kind, type) => {
    expect(isOfKind(kind, type)).toBe(true);
    for (const other of [`x${type}`, `https://evil.example/?${type}`, `${type}/x`, `${type}x`, `${type}/v1.x`])
      expect(isOfKind(kind, other)).toBe(false);
  });

  it.each([
    ["sbom", "https://spdx.dev/Document/v"],
    ["sbom", "https://spdx.dev/Document/"],
    ["vsa", "https://slsa.dev/verification_summary/v2"],
    ["vsa", "https://slsa.dev/verification_summary/v0.3"],
    ["vulns", "https://in-toto.io/attestation/vulns/v0.3"],
    ["test-result", VSA],
    ["toString", "toString()"],
  ])("%s is not %s", (kind, type) => {
    expect(isOfKind(kind, type)).toBe(false);
  });
});

it.each<[readonly string[], boolean, boolean]>([
  [["provenance"], true, false],
  [[PROVENANCE_V1], true, false],
  [["vsa"], false, true],
  [["sbom", VSA], false, true],
  [["sbom", "provenance", "vsa"], true, true],
  [["sbom", TEST_RESULT], false, false],
])("%j requires provenance: %s, a summary: %s", (required, provenance, summary) => {
  expect([requiresProvenance(required), requiresSummary(required)]).toEqual([provenance, summary]);
});

it.each([
  ["test-result", true],
  [TEST_RESULT, true],
  ["sbom", false],
  [VSA, false],
])("%s is about tests: %s", (required, expected) => {
  expect(isAboutTests(required)).toBe(expected);
});
