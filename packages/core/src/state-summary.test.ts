import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SummaryContent, stateSummary } from "./state-summary.ts";
import { encodeStatement, parseStatement } from "./statement.ts";
import { readVerificationSummary } from "./verification-summary.ts";

const DIGEST = { sha256: "ab".repeat(32) };
const SUBJECTS = [{ name: "tool", digest: DIGEST }];
const CONTENT: SummaryContent = {
  verifier: { id: "https://verifier.example.com", version: { touchmark: "1.2.3" } },
  timeVerified: "2026-01-15T12:00:00Z",
  resourceUri: "pkg:generic/widgets@1.0.0",
  policy: { uri: "https://verifier.example.com/policy", digest: { sha256: "cd".repeat(32) } },
  inputAttestations: [{ name: "tool.intoto.jsonl", digest: DIGEST }],
  passed: true,
  levels: ["SLSA_BUILD_LEVEL_2"],
  dependencyLevels: null,
};

const written = (change: Partial<SummaryContent> = {}) => stateSummary(SUBJECTS, { ...CONTENT, ...change });

describe("stateSummary", () => {
  it("says what the specification asks for, in its words", () => {
    expect(written()).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: SUBJECTS,
      predicateType: "https://slsa.dev/verification_summary/v1",
      predicate: {
        verifier: { id: "https://verifier.example.com", version: { touchmark: "1.2.3" } },
        timeVerified: "2026-01-15T12:00:00Z",
        resourceUri: "pkg:generic/widgets@1.0.0",
        policy: { uri: "https://verifier.example.com/policy", digest: { sha256: "cd".repeat(32) } },
        inputAttestations: [{ name: "tool.intoto.jsonl", digest: DIGEST }],
        verificationResult: "PASSED",
        verifiedLevels: ["SLSA_BUILD_LEVEL_2"],
        slsaVersion: "1.2",
      },
    });
  });

  it("says FAILED and no level, and nothing of dependencies, of what failed", () => {
    const { predicate } = written({ passed: false, dependencyLevels: { SLSA_BUILD_LEVEL_3: 1 } });
    expect(predicate).toMatchObject({ verificationResult: "FAILED", verifiedLevels: ["FAILED"] });
    expect(predicate).not.toHaveProperty("dependencyLevels");
  });

  it("tells no dependencies from no claim about them, and leaves out an empty list of inputs, which would be a claim", () => {
    expect(written({ dependencyLevels: {} }).predicate).toMatchObject({ dependencyLevels: {} });
    expect(written().predicate).not.toHaveProperty("dependencyLevels");
    expect(written({ inputAttestations: [] }).predicate).not.toHaveProperty("inputAttestations");
  });

  it.each<[string, Partial<SummaryContent>]>([
    ["two levels of a track", { levels: ["SLSA_BUILD_LEVEL_2", "SLSA_BUILD_LEVEL_UNEVALUATED"] }],
    ["FAILED beside PASSED", { levels: ["SLSA_BUILD_LEVEL_2", "FAILED"] }],
    ["more levels than are read", { levels: Array.from({ length: 101 }, (_, at) => `WORD_${at}`) }],
    ["a policy without a URI", { policy: { digest: DIGEST } }],
    ["an input without a digest", { inputAttestations: [{ uri: "https://example.com/a" }] }],
  ])("INPUT_INVALID: %s", (_what, change) => {
    expect(() => written(change)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("SUBJECTS_EMPTY: nothing to summarize", () => {
    expect(() => stateSummary([], CONTENT)).toThrow(expect.objectContaining({ code: "SUBJECTS_EMPTY" }));
  });

  it("is read as it was written, and no order of what goes in shows", () => {
    const level = fc.constantFrom("0", "1", "3", "UNEVALUATED");
    const levels = fc
      .record({ BUILD: level, SOURCE: level, BUILDENV: level })
      .map((tracks) => Object.entries(tracks).map(([track, one]) => `SLSA_${track}_LEVEL_${one}`));
    const inputs = fc
      .uniqueArray(fc.nat(99), { maxLength: 5 })
      .map((list) => list.map((one) => ({ name: `e${one}`, digest: { sha256: String(one).padStart(64, "0") } })));
    fc.assert(
      fc.property(levels, inputs, fc.boolean(), (one, two, passed) => {
        const content = { ...CONTENT, levels: one, inputAttestations: two, passed };
        const bytes = encodeStatement(stateSummary(SUBJECTS, content));
        const turned = { ...content, levels: one.toReversed(), inputAttestations: two.toReversed() };
        expect(encodeStatement(stateSummary(SUBJECTS, turned))).toEqual(bytes);
        expect(readVerificationSummary(parseStatement(bytes))).toMatchObject({
          passed,
          resourceUri: CONTENT.resourceUri,
          levels: passed ? one.toSorted() : ["FAILED"],
        });
      }),
    );
  });
});
