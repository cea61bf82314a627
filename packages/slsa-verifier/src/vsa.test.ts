import { createPublicKey, sign } from "node:crypto";
import { type KeyKind, newTestKey, POINTLESS_KEY_PEM, pae, type TestKey } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf } from "../test/github-cases.ts";
import { verdictOf } from "../test/reason.ts";
import { fingerprint } from "./signature.ts";
import { verifyVsa } from "./verify.ts";
import type { VsaExpectations } from "./vsa.ts";

const KEY = newTestKey();
const TYPE = "application/vnd.in-toto+json";
const SHA256 = "a1".repeat(32);

function summary() {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: "one", digest: { sha256: SHA256 } as Record<string, string> },
      { name: "two", digest: { gce_image_id: "8970095005306000053" } as Record<string, string> },
    ],
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: "https://example.com/verifier" },
      timeVerified: "2026-01-15T12:00:00Z",
      resourceUri: "pkg:oci/widgets",
      verificationResult: "PASSED",
      verifiedLevels: ["SLSA_BUILD_LEVEL_2", "SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_1", "BCID_L1"] as unknown[],
    },
  };
}

const EXPECTED: VsaExpectations = {
  digests: [`sha256:${SHA256}`],
  verifierId: "https://example.com/verifier",
  resourceUri: "pkg:oci/widgets",
  levels: ["SLSA_BUILD_LEVEL_2", "BCID_L1"],
  key: KEY.publicKey,
  keyId: "a key",
};

interface Signature {
  readonly keyid?: string;
  readonly sig: string;
}

function signature(statement: unknown, key: TestKey = KEY, keyid = "a key"): Signature {
  return { keyid, sig: Buffer.from(key.sign(pae(TYPE, bytesOf(statement)))).toString("base64") };
}

function verdict(
  expected: Partial<VsaExpectations> = {},
  statement: unknown = summary(),
  signatures: readonly Signature[] = [signature(statement)],
): string {
  const payload = Buffer.from(bytesOf(statement)).toString("base64");
  const envelope = { payloadType: TYPE, payload, signatures };
  return verdictOf(verifyVsa(bytesOf(envelope), { ...EXPECTED, ...expected }));
}

function edited(change: (one: ReturnType<typeof summary>) => void): unknown {
  const statement = summary();
  change(statement);
  return statement;
}

describe("the signature", () => {
  it.each(["P-256", "P-384", "P-521", "RSA", "ed25519"] satisfies KeyKind[])("by a key of the kind %s", (kind) => {
    const key = newTestKey(kind);
    const signed = summary();
    expect(verdict({ key: key.publicKey }, signed, [signature(signed, key)])).toBe("passed");
    expect(verdict({ key: newTestKey(kind).publicKey }, signed, [signature(signed, key)])).toBe(
      "ErrorNoValidSignature",
    );
  });

  it("may be r and s in a row", () => {
    const bytes = pae(TYPE, bytesOf(summary()));
    const sig = sign("sha256", bytes, { key: KEY.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64");
    expect(verdict({}, summary(), [{ keyid: "a key", sig }])).toBe("passed");
    expect(
      verdict(
        {},
        edited((one) => (one.predicate.resourceUri = "x")),
        [{ keyid: "a key", sig }],
      ),
    ).toBe("ErrorNoValidSignature");
  });

  it("is over the payload and its type, not the payload alone", () => {
    const sig = Buffer.from(KEY.sign(bytesOf(summary()))).toString("base64");
    expect(verdict({}, summary(), [{ keyid: "a key", sig }])).toBe("ErrorNoValidSignature");
  });

  it.each([
    ["a key", "a key", "passed"],
    ["another", "a key", "ErrorNoValidSignature"],
    ["", "a key", "passed"], // a signature may leave its id out
    [fingerprint(KEY.publicKey) ?? "", "", "passed"],
    ["a key", "", "ErrorNoValidSignature"],
  ])("stated id %j, expected %j: %s", (stated, keyId, name) => {
    expect(verdict({ keyId }, summary(), [signature(summary(), KEY, stated)])).toBe(name);
  });

  it("one of several is enough, none is not", () => {
    const other = signature(summary(), newTestKey());
    expect(verdict({}, summary(), [other, signature(summary())])).toBe("passed");
    expect(verdict({}, summary(), [other])).toBe("ErrorNoValidSignature");
    expect(verdict({}, summary(), [])).toBe("ErrorNoValidSignature");
    expect(verdict({}, summary(), [{ keyid: "a key", sig: "?" }])).toBe("ErrorNoValidSignature");
  });

  it("33 are too many", () => {
    expect(verdict({}, summary(), Array(33).fill(signature(summary())))).toBe("ErrorInvalidDssePayload");
  });
});

it("a key without a point has no fingerprint", () => {
  expect(fingerprint(createPublicKey(POINTLESS_KEY_PEM))).toBeNull();
});

describe("the subjects", () => {
  it.each([
    [["gce_image_id:8970095005306000053"], "passed"],
    [[`sha256:${SHA256}`, "gce_image_id:8970095005306000053"], "passed"],
    [[`sha256:${SHA256}`, "gce_image_id:1"], "ErrorMissingSubjectDigest"],
    [[`sha512:${SHA256}`], "ErrorMissingSubjectDigest"],
    [[SHA256], "ErrorInvalidDssePayload"],
    [[], "ErrorEmptyRequiredField"],
  ])("expected %j: %s", (digests, name) => {
    expect(verdict({ digests })).toBe(name);
  });

  it("must be there", () => {
    expect(
      verdict(
        {},
        edited((one) => (one.subject = [])),
      ),
    ).toBe("ErrorInvalidDssePayload");
  });
});

describe("what was verified, by whom", () => {
  it.each([
    [{ verifierId: "https://example.com/other" }, "ErrorMismatchVerifierID"],
    [{ resourceUri: "pkg:oci/other" }, "ErrorMismatchResourceURI"],
  ])("expected %j: %s", (expected, name) => {
    expect(verdict(expected)).toBe(name);
  });

  it.each([
    ["no verifier", { verifier: {} }, "ErrorEmptyRequiredField"],
    ["a verifier that is no object", { verifier: "x" }, "ErrorEmptyRequiredField"],
    ["a verifier that is no text", { verifier: { id: 1 } }, "ErrorInvalidDssePayload"],
    ["no resource", { resourceUri: "" }, "ErrorEmptyRequiredField"],
    ["failed", { verificationResult: "FAILED" }, "ErrorInvalidVerificationResult"],
    ["passed in small letters", { verificationResult: "passed" }, "ErrorInvalidVerificationResult"],
    ["no result", { verificationResult: null }, "ErrorInvalidVerificationResult"],
    ["levels that are no list", { verifiedLevels: "SLSA_BUILD_LEVEL_3" }, "ErrorInvalidDssePayload"],
    ["a level that is no text", { verifiedLevels: [3] }, "ErrorInvalidDssePayload"],
  ])("%s", (_what, change, name) => {
    expect(
      verdict(
        {},
        edited((one) => Object.assign(one.predicate, change)),
      ),
    ).toBe(name);
  });

  it.each([
    ["_type", "https://example.com/Statement"],
    ["predicateType", "https://slsa.dev/verification_summary/v0.2"],
  ])("another %s", (name, value) => {
    expect(
      verdict(
        {},
        edited((one) => Object.assign(one, { [name]: value })),
      ),
    ).toBe("ErrorInvalidDssePayload");
  });
});

describe("the levels", () => {
  it.each([
    [[], "passed"],
    [["SLSA_BUILD_LEVEL_3"], "passed"],
    [["SLSA_BUILD_LEVEL_4"], "ErrorMismatchVerifiedLevels"],
    [["SLSA_SOURCE_LEVEL_2"], "ErrorMismatchVerifiedLevels"],
    [["SLSA_DEPENDENCY_LEVEL_1"], "ErrorMismatchVerifiedLevels"],
    [["BCID_L1"], "passed"],
    [["BCID_L2"], "ErrorMismatchVerifiedLevels"],
    [["SLSA_BUILD"], "ErrorInvalidSLSALevel"],
    [["SLSA_BUILD_LEVEL_x"], "ErrorInvalidSLSALevel"],
    [["SLSA_BUILD_LEVEL_2_MORE"], "ErrorInvalidSLSALevel"],
  ])("expected %j: %s", (levels, name) => {
    expect(verdict({ levels })).toBe(name);
  });

  it.each(["SLSA_BUILD_LEVEL_", `SLSA_BUILD_LEVEL_${"9".repeat(20)}`, "SLSA_BUILD_2"])("%s is none", (level) => {
    expect(
      verdict(
        {},
        edited((one) => one.predicate.verifiedLevels.push(level)),
      ),
    ).toBe("ErrorInvalidSLSALevel");
  });

  it("none at all is none that is expected", () => {
    expect(
      verdict(
        {},
        edited((one) => (one.predicate.verifiedLevels = [])),
      ),
    ).toBe("ErrorMismatchVerifiedLevels");
    expect(
      verdict(
        { levels: [] },
        edited((one) => (one.predicate.verifiedLevels = null as never)),
      ),
    ).toBe("passed");
  });
});

it("what is no envelope is refused", () => {
  expect(verdictOf(verifyVsa(bytesOf([]), EXPECTED))).toBe("ErrorInvalidDssePayload");
  expect(verdictOf(verifyVsa(bytesOf({ payloadType: TYPE }), EXPECTED))).toBe("ErrorInvalidDssePayload");
  expect(verdictOf(verifyVsa(bytesOf({ payloadType: "x", payload: "" }), EXPECTED))).toBe("ErrorInvalidDssePayload");
  expect(verdictOf(verifyVsa(bytesOf({ payloadType: TYPE, payload: "?" }), EXPECTED))).toBe("ErrorInvalidDssePayload");
});
