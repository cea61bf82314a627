import { encodeKeyBundle, parseBundle, preAuthEncoding, VSA_V1 } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { digest, file, subject } from "../../test/judge-cases.ts";
import { pieceOf, sha256, signed, statementBytes, type TestStatement, testKey } from "../../test/signed-bundles.ts";
import type { Artifact } from "../artifact.ts";
import type { Evidence } from "../evidence.ts";
import { type ExamineOptions, examine } from "../examine.ts";
import { judge } from "../judge.ts";
import { type SummaryTrust, trustedVerifier } from "./summary-trust.ts";

const [builder, verifier, stranger] = [testKey(), testKey("P-256"), testKey("P-256")];
const RESOURCE = "https://example.com/widgets/1.0.0";
const ID = "https://example.com/verifier";
const trust: SummaryTrust = trustedVerifier({
  signer: verifier.trust,
  verifierId: ID,
  resourceUri: RESOURCE,
  levels: ["SLSA_BUILD_LEVEL_2"],
});

const summary = (change: object = {}, subjects: readonly unknown[] = [subject("tool", "tool")]): TestStatement => ({
  subject: subjects,
  predicateType: VSA_V1,
  predicate: {
    verifier: { id: ID },
    timeVerified: "2026-01-15T12:00:00Z",
    resourceUri: RESOURCE,
    policy: { uri: "https://example.com/policy" },
    verificationResult: "PASSED",
    verifiedLevels: ["SLSA_BUILD_LEVEL_3", "BCID_L1"],
    ...change,
  },
});

function examined(statement: TestStatement, options: Partial<ExamineOptions> = {}, by = verifier): Evidence {
  return examine("v.intoto.jsonl", pieceOf(signed(by, statement)), { trust: [], verifiers: [trust], ...options });
}

async function verdict(evidence: Evidence, artifact: Artifact = file("tool", "tool")) {
  const { verdicts, absent } = await judge([artifact], [evidence], { anyName: false });
  const [one] = verdicts;
  return { status: one?.status, code: one?.findings[0]?.code, statements: one?.statements, absent: absent.count };
}

describe("a summary by a trusted verifier", () => {
  it("covers what it is about, at the level that the verifier assures", async () => {
    expect(await verdict(examined(summary()))).toMatchObject({
      status: "verified",
      statements: [
        {
          predicateType: VSA_V1,
          builder: null,
          source: null,
          level: 3,
          summary: {
            verifier: ID,
            resource: RESOURCE,
            timeVerified: "2026-01-15T12:00:00Z",
            levels: ["SLSA_BUILD_LEVEL_3", "BCID_L1"],
          },
        },
      ],
    });
    expect(await verdict(examined(summary()), digest(sha256("tool")))).toMatchObject({ status: "verified" });
  });

  it("covers other bytes and other names as little as provenance does", async () => {
    expect(await verdict(examined(summary()), file("tool", "other"))).toMatchObject({ status: "not-covered" });
    expect(await verdict(examined(summary()), file("other", "tool"))).toMatchObject({ status: "not-covered" });
  });

  it.each([undefined, "", "_"])(
    "covers by the digest alone where it gives the name %j: its resource was named",
    async (name) => {
      const evidence = examined(summary({}, [subject(name, "tool")]));
      expect(await verdict(evidence, file("whatever", "tool"))).toMatchObject({ status: "verified" });
      expect(await verdict(evidence, file("whatever", "other"))).toMatchObject({ status: "not-covered" });
    },
  );

  it("says nothing of what belongs to a release", async () => {
    expect(await verdict(examined(summary({}, [subject("tool", "tool"), subject("more", "more")])))).toMatchObject({
      status: "verified",
      absent: 0,
    });
  });

  it.each<[string, string, object]>([
    ["of another verifier", "VSA_MISMATCH", { verifier: { id: `${ID}/other` } }],
    ["about another resource", "VSA_MISMATCH", { resourceUri: `${RESOURCE}-pre` }],
    ["of a failure", "VSA_FAILED", { verificationResult: "FAILED", verifiedLevels: ["FAILED"] }],
    ["of a failure that claims the level", "VSA_FAILED", { verificationResult: "FAILED" }],
    ["below the level", "VSA_LEVEL_TOO_LOW", { verifiedLevels: ["SLSA_BUILD_LEVEL_1"] }],
    ["of another track", "VSA_LEVEL_TOO_LOW", { verifiedLevels: ["SLSA_SOURCE_LEVEL_3"] }],
    ["that did not evaluate the track", "VSA_LEVEL_TOO_LOW", { verifiedLevels: ["SLSA_BUILD_LEVEL_UNEVALUATED"] }],
    ["without levels", "VSA_LEVEL_TOO_LOW", { verifiedLevels: [] }],
  ])("%s: %s", async (_what, code, change) => {
    const evidence = examined(summary(change));
    expect(evidence).toMatchObject({ kind: "refused", findings: [{ code }] });
    expect(await verdict(evidence)).toMatchObject({ status: "policy", code });
  });

  it("that is malformed is refused, once its signature held", async () => {
    const evidence = examined(summary({ resourceUri: null }));
    expect(evidence).toMatchObject({ kind: "refused", findings: [{ code: "STATEMENT_MALFORMED" }] });
    const forged = examined(summary({ resourceUri: null }), {}, stranger);
    expect(forged).toMatchObject({ kind: "refused", findings: [{ code: "SIGNER_UNTRUSTED" }] });
  });

  it.each(["P-256", "P-384"] as const)("may have its signature as two numbers: %s", async (kind) => {
    const key = testKey(kind);
    const payload = statementBytes(summary());
    const der = key.sign(preAuthEncoding("application/vnd.in-toto+json", payload));
    const size = kind === "P-256" ? 32 : 48;
    const raw = twoNumbers(der, size);
    const evidence = (signature: Uint8Array) =>
      examine(
        "v",
        pieceOf(
          parseBundle(encodeKeyBundle({ payloadType: "application/vnd.in-toto+json", payload, signature, hint: "" })),
        ),
        { trust: [], verifiers: [{ ...trust, signer: key.trust }] },
      ).kind;
    expect(evidence(der)).toBe("summary");
    expect(evidence(raw)).toBe("summary");
    expect(evidence(raw.toReversed())).toBe("refused");
    expect(evidence(raw.subarray(1))).toBe("refused");
    expect(evidence(new Uint8Array(2 * size))).toBe("refused");
  });
});

describe("keys", () => {
  it("a verifier's key signs no provenance", async () => {
    const evidence = examined({ subject: [subject("tool", "tool")] });
    expect(await verdict(evidence)).toMatchObject({ status: "untrusted", code: "SIGNER_UNTRUSTED" });
  });

  it("a builder's key signs no summary", async () => {
    const options = { trust: [builder.trust] };
    expect(await verdict(examined(summary(), options, builder))).toMatchObject({ code: "SIGNER_UNTRUSTED" });
    expect(await verdict(examined(summary(), { ...options, verifiers: [] }, builder))).toMatchObject({
      status: "not-covered",
      code: "NOT_PROVENANCE",
    });
  });

  it("and of several verifiers each answers for itself", () => {
    const other = { ...trust, signer: stranger.trust, verifierId: "https://example.com/other" };
    const both = { verifiers: [trust, other] };
    expect(examined(summary(), both).kind).toBe("summary");
    expect(examined(summary(), both, stranger)).toMatchObject({ findings: [{ code: "VSA_MISMATCH" }] });
    const raised = { verifiers: [{ ...trust, levels: ["SLSA_BUILD_LEVEL_4"] }, trust] };
    expect(examined(summary(), raised).kind).toBe("summary");
  });
});

describe("trustedVerifier", () => {
  it.each(["SLSA_BUILD_LEVEL_0", "SLSA_SOURCE_LEVEL_3", "SLSA_BUILD_REPRODUCED", "BCID_L1"])("takes %s", (level) => {
    expect(trustedVerifier({ ...trust, levels: [level] }).levels).toEqual([level]);
  });

  it.each([
    "",
    "FAILED",
    "SLSA_BUILD_LEVEL_X",
    "SLSA_BUILD_LEVEL_",
    "SLSA_BUILD_LEVEL_UNEVALUATED",
    "SLSA_",
    "SLSA_build",
  ])("refuses %j, which asks for nothing", (level) => {
    expect(() => trustedVerifier({ ...trust, levels: [level] })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("asks for a word of the verifier's own as it is", () => {
    const asking = (level: string) => ({ verifiers: [trustedVerifier({ ...trust, levels: [level] })] });
    expect(examined(summary(), asking("BCID_L1")).kind).toBe("summary");
    expect(examined(summary(), asking("BCID_L2"))).toMatchObject({ findings: [{ code: "VSA_LEVEL_TOO_LOW" }] });
  });
});

/** The numbers of a signature in DER, each with as many bytes as the curve has. */
function twoNumbers(der: Uint8Array, size: number): Uint8Array {
  const numbers: Uint8Array[] = [];
  for (let at = der[1] === 0x81 ? 3 : 2; at < der.byteLength; ) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    numbers.push(Buffer.concat([Buffer.alloc(size), number]).subarray(-size));
    at += 2 + length;
  }
  return Buffer.concat(numbers);
}
