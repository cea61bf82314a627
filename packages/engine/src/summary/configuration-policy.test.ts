import { describe, expect, it } from "vitest";
import type { CheckReport } from "../report.ts";
import { FLAGS_POLICY, policyOf } from "./configuration-policy.ts";

const digest = (hex: string) => `sha256:${hex.repeat(32)}`;
const inputs = (change: object = {}) =>
  ({
    policy: { name: "/home/me/policy.yaml", digest: digest("ab") },
    state: null,
    key: { name: "a.pub", digest: digest("cd") },
    ...change,
  }) as unknown as CheckReport["inputs"];
const STRICT = { complete: false, anyName: false, recursive: false, package: null, ignore: [] };

describe("the policy of a summary", () => {
  it("is the policy's file", () => {
    const file = { uri: "policy.yaml", digest: { sha256: "ab".repeat(32) } };
    expect(policyOf(inputs(), STRICT, null)).toEqual(file);
    expect(policyOf(inputs(), { ...STRICT, complete: true, recursive: true }, null)).toEqual(file);
  });

  it.each([
    ["any name", { anyName: true }],
    ["files that nobody looked at", { ignore: ["*.txt"] }],
  ])("is not the file alone where flags let pass %s", (_what, less) => {
    const said = policyOf(inputs(), { ...STRICT, ...less }, null);
    expect(said.uri).toBe(FLAGS_POLICY);
    const others = [
      policyOf(inputs(), STRICT, null),
      policyOf(inputs({ policy: null }), { ...STRICT, ...less }, null),
      policyOf(inputs({ policy: { name: "policy.yaml", digest: digest("ef") } }), { ...STRICT, ...less }, null),
    ];
    for (const other of others) expect(other.digest).not.toEqual(said.digest);
    const elsewhere = inputs({ policy: { name: "/other/policy.yaml", digest: digest("ab") } });
    expect(policyOf(elsewhere, { ...STRICT, ...less }, null)).toEqual(said);
  });
});
