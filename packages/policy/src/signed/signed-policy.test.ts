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

describe("a signed policy", () => {
  it("is read as it was signed", () => {
    expect(read()).toEqual(POLICY);
    expect(signedPolicyStatement(POLICY).subject).toMatchObject([{ name: "policy.yaml" }]);
  });

  it.each<[string, object]>([
    ["revision 0", { revision: 0 }],
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
    ["too many files", { files: Object.fromEntries([...Array(MAX_SIGNED_FILES + 1).keys()].map((n) => [`${n}`, ""])) }],
    ["too much text", { files: { "policy.yaml": "x".repeat(MAX_SIGNED_TEXT + 1) } }],
  ])("with %s is none", (_what, change) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: "POLICY_INVALID" }));
    expect(() => signedPolicyStatement({ ...POLICY, ...change })).toThrow(
      expect.objectContaining({ code: "POLICY_INVALID" }),
    );
  });

  it("is none under another type", () => {
    expect(() => read({}, "https://slsa.dev/provenance/v1")).toThrow(
      expect.objectContaining({ code: "POLICY_INVALID" }),
    );
  });

  it("may be used on its last day, and not after", () => {
    expect(read({}, SIGNED_POLICY_V1, Date.parse("2027-06-01T23:59:59.999Z"))).toEqual(POLICY);
    expect(() => read({}, SIGNED_POLICY_V1, Date.parse("2027-06-02T00:00:00Z"))).toThrow(
      expect.objectContaining({ code: "POLICY_EXPIRED" }),
    );
  });
});
