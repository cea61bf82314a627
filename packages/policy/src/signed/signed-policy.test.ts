import { createHash } from "node:crypto";
import type { StatedStatement } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { MAX_SIGNED_FILES, MAX_SIGNED_TEXT } from "./limits.ts";
import { readSignedPolicy, SIGNED_POLICY_V1, signedPolicyStatement } from "./signed-policy.ts";

const NOW = Date.parse("2026-11-27T00:00:00Z");
const POLICY = { revision: 3, expires: "2027-06-01", policy: "policy.yaml", files: { "policy.yaml": "version: 1\n" } };

function read(change: object = {}, predicateType: string = SIGNED_POLICY_V1, now = NOW) {
  const statement = { ...signedPolicyStatement(POLICY), predicateType, predicate: { ...POLICY, ...change } };
  return readSignedPolicy(statement as StatedStatement, "p.sigstore.json", now);
}

const files = (count: number) => Object.fromEntries([...Array(count).keys()].map((n) => [`${n}`, ""]));

describe("a signed policy", () => {
  it("is read as it was signed", () => {
    expect(read()).toEqual(POLICY);
    expect(signedPolicyStatement(POLICY).subject).toMatchObject([{ name: "policy.yaml" }]);
  });

  it.each<[string, object]>([
    ["revision 0", { revision: 0 }],
    ["a revision that no number holds", { revision: Number.MAX_SAFE_INTEGER + 1 }],
    ["too much text in two files", { files: { "policy.yaml": "x".repeat(MAX_SIGNED_TEXT), a: "x" } }],
    ["a revision that is no whole number", { revision: 1.5 }],
    ["a day that is none", { expires: "2027-02-30" }],
    ["no day", { expires: undefined }],
    ["a policy that is not among the files", { policy: "other.yaml" }],
    ["a policy that every object has", { policy: "toString" }],
    ["a file above it", { files: { ...POLICY.files, "../key.pub": "" } }],
    ["a file from the root", { files: { ...POLICY.files, "/key.pub": "" } }],
    ["a file with a dot for a folder", { files: { ...POLICY.files, "a/./key.pub": "" } }],
    ["a file with a backslash", { files: { ...POLICY.files, "a\\key.pub": "" } }],
    ["a further key", { more: 1 }],
    ["too many files", { files: { ...POLICY.files, ...files(MAX_SIGNED_FILES) } }],
    ["too much text", { files: { "policy.yaml": "x".repeat(MAX_SIGNED_TEXT + 1) } }],
  ])("with %s is none", (_what, change) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: "POLICY_INVALID" }));
    expect(() => signedPolicyStatement({ ...POLICY, ...change })).toThrow(
      expect.objectContaining({ code: "POLICY_INVALID" }),
    );
  });

  it.each<[string, object]>([
    ["the highest revision", { revision: Number.MAX_SAFE_INTEGER }],
    ["revision 1", { revision: 1 }],
    ["500 files", { files: { ...POLICY.files, ...files(MAX_SIGNED_FILES - 1) } }],
    ["16 MB of text", { files: { a: "x", "policy.yaml": "x".repeat(MAX_SIGNED_TEXT - 1) } }],
    ["a file of a long name", { files: { ...POLICY.files, ["x".repeat(2_048)]: "" } }],
    ["files with dots in their names", { files: { ...POLICY.files, ".a/..b/c../...": "" } }],
  ])("may have %s", (_what, change) => {
    expect(read(change)).toEqual({ ...POLICY, ...change });
  });

  it.each([
    "",
    ".",
    "..",
    "a/",
    "a//b",
    "a/..",
    "a/../b",
    "ab/../c",
    "ab/cd/./e",
    "ab//c",
    "./a",
    "/a",
    "a\nb",
    "a\u0000b",
    "x".repeat(2_049),
  ])("has no file %j", (path) => {
    expect(() => read({ files: { ...POLICY.files, [path]: "" } })).toThrow(
      expect.objectContaining({ code: "POLICY_INVALID" }),
    );
  });

  it("is none under another type", () => {
    expect(() => read({}, "https://slsa.dev/provenance/v1")).toThrow(
      expect.objectContaining({
        code: "POLICY_INVALID",
        message: "p.sigstore.json is no signed policy",
        expected: "what touchmark policy sign writes",
        actual: 'a statement of the type "https://slsa.dev/provenance/v1"',
      }),
    );
  });

  it("says which file is missing", () => {
    expect(() => read({ policy: "other.yaml" })).toThrow(
      expect.objectContaining({ actual: 'no file "other.yaml" among those that were signed' }),
    );
  });

  it("has the policy's digest for a subject", () => {
    const sha256 = createHash("sha256").update("version: 1\n").digest("hex");
    expect(signedPolicyStatement(POLICY)).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "policy.yaml", digest: { sha256 } }],
      predicateType: SIGNED_POLICY_V1,
      predicate: POLICY,
    });
  });

  it("may be used on its last day, and not after", () => {
    expect(read({}, SIGNED_POLICY_V1, Date.parse("2027-06-01T23:59:59.999Z"))).toEqual(POLICY);
    expect(() => read({}, SIGNED_POLICY_V1, Date.parse("2027-06-02T00:00:00Z"))).toThrow(
      expect.objectContaining({
        code: "POLICY_EXPIRED",
        expected: "a policy for today; this one was signed until 2027-06-01",
        actual: "2027-06-02T00:00:00.000Z",
      }),
    );
  });
});
