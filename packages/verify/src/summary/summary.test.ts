import { encodeKeyBundle, parseBundle, preAuthEncoding, type VerificationSummary, VSA_V1 } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { digest, file, image, subject } from "../../test/judge-cases.ts";
import { pieceOf, sha256, signed, statementBytes, type TestStatement, testKey } from "../../test/signed-bundles.ts";
import type { Artifact } from "../artifact.ts";
import type { Evidence } from "../evidence.ts";
import { type ExamineOptions, examine } from "../examine.ts";
import { judge } from "../judge.ts";
import { buildLevelOf } from "./accept-summary.ts";
import { type SummaryTrust, type SummaryTrustOptions, trustedVerifier } from "./summary-trust.ts";

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

describe("what a verifier may say", () => {
  const rights = {
    entry: "the verifier",
    levels: ["SLSA_BUILD_LEVEL_2", "SLSA_BUILD_REPRODUCED"],
    resources: [RESOURCE, "https://example.com/gadgets/*"],
  };
  const bounded = (change: Partial<SummaryTrustOptions> = {}) => ({
    verifiers: [trustedVerifier({ ...trust, resourceUri: null, levels: [], rights, ...change })],
  });
  const levels = (...verifiedLevels: string[]) => ({ verifiedLevels });
  const TWO = levels("SLSA_BUILD_LEVEL_2");

  it.each<[string, object]>([
    ["the level", TWO],
    ["a lower one", levels("SLSA_BUILD_LEVEL_0")],
    ["a property that is named", levels("SLSA_BUILD_REPRODUCED")],
    ["what it did not evaluate", levels("SLSA_BUILD_LEVEL_1", "SLSA_SOURCE_LEVEL_UNEVALUATED")],
    ["nothing", levels()],
    ["another resource of its own", { ...TWO, resourceUri: "https://example.com/gadgets/2" }],
  ])("%s is accepted", (_what, change) => {
    expect(examined(summary(change), bounded()).kind).toBe("summary");
  });

  it.each<[string, string, object]>([
    ["a higher level (A40)", "VSA_LEVEL_NOT_ALLOWED", levels("SLSA_BUILD_LEVEL_3")],
    ["another track", "VSA_LEVEL_NOT_ALLOWED", levels("SLSA_BUILD_LEVEL_2", "SLSA_SOURCE_LEVEL_0")],
    ["another property", "VSA_LEVEL_NOT_ALLOWED", levels("SLSA_SOURCE_TWO_PARTY_REVIEWED")],
    ["a word of its own", "VSA_LEVEL_NOT_ALLOWED", levels("SLSA_BUILD_LEVEL_2", "BCID_L1")],
    ["a resource (A40)", "VSA_RESOURCE_NOT_ALLOWED", { ...TWO, resourceUri: "https://example.com/others/1" }],
    [
      "what only begins like a resource that it may",
      "VSA_RESOURCE_NOT_ALLOWED",
      { ...TWO, resourceUri: `${RESOURCE}/x` },
    ],
  ])("%s that it was not given: %s", async (_what, code, change) => {
    const evidence = examined(summary(change), bounded());
    expect(evidence).toMatchObject({ kind: "refused", findings: [{ code }] });
    expect(await verdict(evidence)).toMatchObject({ status: "policy", code });
  });

  it("is not what the user asks for: both must hold", () => {
    const gadgets = { ...TWO, resourceUri: "https://example.com/gadgets/2" };
    expect(examined(summary(gadgets), bounded({ resourceUri: RESOURCE }))).toMatchObject({
      findings: [{ code: "VSA_MISMATCH" }],
    });
    expect(examined(summary(levels("SLSA_BUILD_LEVEL_1")), bounded({ levels: TWO.verifiedLevels }))).toMatchObject({
      findings: [{ code: "VSA_LEVEL_TOO_LOW" }],
    });
  });

  it.each([undefined, "_", "app", "ghcr.io/octo/other"])(
    "calls an image %s, and bears out no other name that a list claims",
    async (name) => {
      const evidence = examined(summary({}, [subject(name, "app")]));
      const claimed = image("app", { layout: "kit/images/1", isClaimed: true });
      expect(await verdict(evidence, claimed)).toMatchObject({ status: "not-covered", code: "IMAGE_NAME_UNPROVEN" });
    },
  );

  it("bears out the name of an image that it has", async () => {
    const evidence = examined(summary({}, [subject("ghcr.io/octo/app", "app")]));
    expect(await verdict(evidence, image("app", { layout: "kit/images/1", isClaimed: true }))).toMatchObject({
      status: "verified",
    });
  });

  it("names what the summary does not, where nobody asked for its very resource (A30)", async () => {
    const nameless = examined(
      summary({ ...TWO, resourceUri: "https://example.com/gadgets/tool" }, [subject("_", "tool")]),
      bounded(),
    );
    expect(await verdict(nameless, file("tool", "tool"))).toMatchObject({ status: "verified" });
    expect(await verdict(nameless, file("installer", "tool"))).toMatchObject({ status: "not-covered" });
    expect(await verdict(nameless, digest(sha256("tool")))).toMatchObject({ status: "verified" });
  });

  it("and at what age it may: from the one moment to the other", () => {
    const at = Date.parse("2026-01-15T12:00:00Z");
    const within = (notBefore: number, notAfter: number, change: object = {}) =>
      examined(summary(change), { verifiers: [trustedVerifier({ ...trust, period: { notBefore, notAfter } })] });
    expect(within(at, at).kind).toBe("summary");
    for (const one of [within(at + 1, at + 2), within(at - 2, at - 1), within(0, at, { timeVerified: null })]) {
      expect(one).toMatchObject({ kind: "refused", findings: [{ code: "VSA_TOO_OLD" }] });
    }
  });

  it.each<[string, Partial<SummaryTrustOptions>]>([
    ["no resource at all", { resourceUri: null, rights: null }],
    ["an empty resource", { resourceUri: "" }],
    ["an empty verifier", { verifierId: "" }],
    ["every resource", { rights: { ...rights, resources: ["*"] } }],
    ["a * in the middle", { rights: { ...rights, resources: ["https://*.example.com/a"] } }],
    ["an empty right", { rights: { ...rights, resources: [""] } }],
    ["a level that is none", { rights: { ...rights, levels: ["SLSA_BUILD_LEVEL_X"] } }],
  ])("USAGE: %s", (_what, change) => {
    expect(() => bounded(change)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

describe("a refused summary", () => {
  const moment = "2026-01-15T12:00:00.000Z";
  const [before, after] = ["2026-01-15T11:59:59.000Z", "2026-01-15T12:00:01.000Z"];
  const rights = { entry: "e", levels: ["SLSA_BUILD_LEVEL_2"], resources: ["pkg:npm/*", "a:b"] };
  const refusal = (change: object, changed: Partial<SummaryTrustOptions>) => {
    const evidence = examined(summary({ timeVerified: moment, ...change }), {
      verifiers: [trustedVerifier({ ...trust, ...changed })],
    });
    const { code, message, expected, actual } = ("findings" in evidence ? evidence.findings[0] : null) ?? {};
    return [code, expected, actual, message];
  };
  const between = (from: string, until: string) => ({
    period: { notBefore: Date.parse(from), notAfter: Date.parse(until) },
  });

  it.each<[string, object, Partial<SummaryTrustOptions>, readonly string[]]>([
    ["verifier", { verifier: { id: "a:b" } }, {}, ["VSA_MISMATCH", ID, "a:b"]],
    ["resource", { resourceUri: "a:b" }, {}, ["VSA_MISMATCH", RESOURCE, "a:b"]],
    ["result", { verificationResult: "FAILED" }, {}, ["VSA_FAILED", "PASSED", "FAILED"]],
    ["resource that it may not", {}, { rights }, ["VSA_RESOURCE_NOT_ALLOWED", "pkg:npm/*, a:b", RESOURCE]],
    [
      "resource among many",
      {},
      { rights: { ...rights, resources: Array(11).fill("a:b") } },
      ["VSA_RESOURCE_NOT_ALLOWED", Array(10).fill("a:b").join(", "), RESOURCE],
    ],
    [
      "level that it may not",
      { resourceUri: "a:b" },
      { rights, resourceUri: null },
      ["VSA_LEVEL_NOT_ALLOWED", "at most SLSA_BUILD_LEVEL_2", "SLSA_BUILD_LEVEL_3"],
    ],
    [
      "level",
      {},
      { levels: ["SLSA_BUILD_LEVEL_4"] },
      ["VSA_LEVEL_TOO_LOW", "SLSA_BUILD_LEVEL_4", "SLSA_BUILD_LEVEL_3, BCID_L1"],
    ],
    ["level of none", { verifiedLevels: [] }, {}, ["VSA_LEVEL_TOO_LOW", "SLSA_BUILD_LEVEL_2", "no level"]],
    [
      "age",
      {},
      between(after, after),
      ["VSA_TOO_OLD", `verified from ${after} to ${after}`, moment, "the summary is older than is allowed"],
    ],
    [
      "age of later than now",
      {},
      between(before, before),
      [
        "VSA_TOO_OLD",
        `verified from ${before} to ${before}`,
        moment,
        "the summary says that it was made later than now",
      ],
    ],
  ])("says what was expected, and what there is: %s", (_what, change, changed, expected) => {
    expect(refusal(change, changed).slice(0, expected.length)).toEqual(expected);
  });

  it("says that it has no time where it has none", () => {
    expect(refusal({ timeVerified: null }, between(before, after))).toEqual([
      "VSA_TOO_OLD",
      `verified from ${before} to ${after}`,
      null,
      "the summary does not say when it was made",
    ]);
  });

  it("assures not even level 0 of a track that it did not evaluate", () => {
    expect(refusal({ verifiedLevels: ["SLSA_BUILD_LEVEL_UNEVALUATED"] }, { levels: ["SLSA_BUILD_LEVEL_0"] })[0]).toBe(
      "VSA_LEVEL_TOO_LOW",
    );
  });
});

it.each<[readonly string[], number | null]>([
  [["BCID_L1", "SLSA_SOURCE_LEVEL_3", "SLSA_BUILD_LEVEL_2"], 2],
  [["SLSA_SOURCE_LEVEL_3"], null],
  [["SLSA_BUILD_LEVEL_UNEVALUATED"], null],
  [[], null],
])("the Build level of %j is %s", (levels, expected) => {
  expect(buildLevelOf({ levels } as VerificationSummary)).toBe(expected);
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
  it.each(["SLSA_BUILD_LEVEL_0", "SLSA_SOURCE_LEVEL_3", "SLSA_BUILD_REPRODUCED", "SLSA_A_BB_CC_D", "BCID_L1"])(
    "takes %s",
    (level) => {
      expect(trustedVerifier({ ...trust, levels: [level] }).levels).toEqual([level]);
    },
  );

  it.each([
    "",
    "FAILED",
    "SLSA_BUILD_LEVEL_X",
    "SLSA_BUILD_LEVEL_",
    "SLSA_BUILD_LEVEL_UNEVALUATED",
    "SLSA_",
    "SLSA_build",
    "SLSA_BUILD",
    "SLSA_xSLSA_A_B",
    "SLSA_A_B-",
  ])("refuses %j, which asks for nothing", (level) => {
    expect(() => trustedVerifier({ ...trust, levels: [level] })).toThrow(
      expect.objectContaining({ code: "USAGE", actual: level }),
    );
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
