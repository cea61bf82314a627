import type { StatedStatement, Statement } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { readSignedPolicy, signedPolicyStatement } from "./signed-policy.ts";
import { readSignedTrust, SIGNED_TRUST_V1, signedTrustStatement } from "./signed-trust.ts";

const NOW = Date.parse("2026-11-27T00:00:00Z");
const FILES = { "rules.yaml": "version: 1\n", "keys/a.pub": "a key" };
const TRUST = { revision: 3, expires: "2027-06-01", trust: "rules.yaml", files: FILES };
const POLICY = { revision: 3, expires: "2027-06-01", policy: "rules.yaml", files: FILES };

const stated = (statement: Statement, predicate: unknown = statement.predicate) =>
  ({ ...statement, predicate }) as StatedStatement;
const read = (statement: StatedStatement, now = NOW) => readSignedTrust(statement, "t.sigstore.json", now);

describe("a signed trust file", () => {
  it("is read as it was signed", () => {
    const statement = signedTrustStatement(TRUST);
    expect(statement).toMatchObject({ predicateType: SIGNED_TRUST_V1, subject: [{ name: "rules.yaml" }] });
    expect(read(stated(statement))).toEqual(TRUST);
  });

  it.each<[string, object]>([
    ["revision 0", { revision: 0 }],
    ["a trust file that is not among the files", { trust: "other.yaml" }],
    ["a file above it", { files: { ...FILES, "../key.pub": "" } }],
    ["a further key", { more: 1 }],
  ])("with %s is none", (_what, change) => {
    const invalid = expect.objectContaining({ code: "TRUST_INVALID" });
    expect(() => read(stated(signedTrustStatement(TRUST), { ...TRUST, ...change }))).toThrow(invalid);
    expect(() => signedTrustStatement({ ...TRUST, ...change })).toThrow(invalid);
  });

  it("is no policy, and a policy is no trust file", () => {
    expect(() => read(stated(signedPolicyStatement(POLICY)))).toThrow(
      expect.objectContaining({ code: "TRUST_INVALID" }),
    );
    expect(() => readSignedPolicy(stated(signedTrustStatement(TRUST)), "t.sigstore.json", NOW)).toThrow(
      expect.objectContaining({ code: "POLICY_INVALID" }),
    );
  });

  it("may be used on its last day, and not after", () => {
    const statement = stated(signedTrustStatement(TRUST));
    expect(read(statement, Date.parse("2027-06-01T23:59:59.999Z"))).toEqual(TRUST);
    expect(() => read(statement, Date.parse("2027-06-02T00:00:00Z"))).toThrow(
      expect.objectContaining({ code: "POLICY_EXPIRED" }),
    );
  });
});
