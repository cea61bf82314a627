import { describe, expect, it } from "vitest";
import { MAX_VERIFIED_LEVELS } from "./limits.ts";
import { PROVENANCE_V1 } from "./provenance-v1.ts";
import { encodeStatement, parseStatement, STATEMENT_V1, type Statement } from "./statement.ts";
import { readVerificationSummary, VSA_V1 } from "./verification-summary.ts";

const PREDICATE = {
  verifier: { id: "https://example.com/verifier", version: { tool: "1" } },
  timeVerified: "2026-01-15T12:00:00.5Z",
  resourceUri: "pkg:generic/widgets@1.0.0",
  policy: { uri: "https://example.com/policy", digest: { sha256: "ab".repeat(32) } },
  inputAttestations: [{ uri: "https://example.com/a", digest: { sha256: "ab".repeat(32) } }],
  verificationResult: "PASSED",
  verifiedLevels: ["SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_UNEVALUATED", "SLSA_BUILD_REPRODUCED", "OWN"],
  dependencyLevels: {},
  slsaVersion: "1.2",
  ours_more: 1,
};

const read = (change: object, predicateType = VSA_V1) =>
  readVerificationSummary(
    parseStatement(
      encodeStatement({
        _type: STATEMENT_V1,
        subject: [{ name: "a", digest: { sha256: "ab".repeat(32) } }],
        predicateType,
        predicate: { ...PREDICATE, ...change },
      } as Statement),
    ),
  );

describe("readVerificationSummary", () => {
  it("reads what the specification has", () => {
    expect(read({})).toEqual({
      verifierId: "https://example.com/verifier",
      timeVerified: "2026-01-15T12:00:00.5Z",
      resourceUri: "pkg:generic/widgets@1.0.0",
      policyUri: "https://example.com/policy",
      passed: true,
      levels: PREDICATE.verifiedLevels,
    });
    expect(read({ verificationResult: "FAILED", verifiedLevels: ["FAILED"] })).toMatchObject({ passed: false });
    expect(read({ timeVerified: undefined, verifiedLevels: null })).toMatchObject({ timeVerified: null, levels: [] });
  });

  it("leaves other predicates alone, older summaries among them", () => {
    expect(read({}, PROVENANCE_V1)).toBeNull();
    expect(read({}, "https://slsa.dev/verification_summary/v0.2")).toBeNull();
  });

  it.each([
    ["no verifier", { verifier: undefined }],
    ["an empty verifier", { verifier: { id: "" } }],
    ["no resource", { resourceUri: undefined }],
    ["an empty resource", { resourceUri: "" }],
    ["no policy", { policy: undefined }],
    ["a policy without address", { policy: { digest: {} } }],
    ["no result", { verificationResult: undefined }],
    ["another result", { verificationResult: "passed" }],
    ["a time that is none", { timeVerified: "yesterday" }],
    ["levels that are no list", { verifiedLevels: "SLSA_BUILD_LEVEL_3" }],
    ["a level that is no text", { verifiedLevels: [3] }],
    ["too many levels", { verifiedLevels: Array.from({ length: MAX_VERIFIED_LEVELS + 1 }, (_, at) => `L${at}`) }],
    ["two levels of a track", { verifiedLevels: ["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_1"] }],
    ["a level beside UNEVALUATED", { verifiedLevels: ["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_UNEVALUATED"] }],
    ["FAILED among the levels of what passed", { verifiedLevels: ["SLSA_BUILD_LEVEL_3", "FAILED"] }],
  ])("refuses %s", (_what, change) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: "STATEMENT_MALFORMED" }));
  });
});
