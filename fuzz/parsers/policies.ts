import { isJsonObject, type Json, parseJson } from "../../packages/core/src/index.ts";
import { type CompiledPolicy, compilePolicy, policyDocument } from "../../packages/policy/src/index.ts";
import { artifact, facts, NOW, other, RULE, SPDX, TEST_RESULT } from "../../packages/policy/test/facts.ts";
import type { Parser } from "../parser.ts";
import { json } from "./sound-inputs.ts";

const SOURCE = { label: "policy.yaml", digest: "ab".repeat(32) };

const EVERYTHING = {
  version: 1,
  expires: "2027-06-01",
  trust: "./trust.yaml",
  artifacts: [
    {
      ...RULE,
      "source-id": "1234",
      tag: "v{semver} >=1.2 <2",
      parameters: { only: ["workflow", 'inputs."a.b"'], values: { "inputs.release_tag": "v1.2.3" } },
      "workflow-inputs": { dry: false },
      require: ["provenance", "sbom", "test-result"],
      "max-age": "30d",
      builders: 2,
      when: 'statement.subject.exists(s, s.name == "lib") && statement.predicate.n in [1, 3]',
    },
    { match: ["pkg:npm/%40octo/*", "**/a*b"], "any-source": true, "versioned-tag": "v1" },
  ],
  exceptions: [{ match: "x*", digest: `sha256:${"ab".repeat(32)}`, until: "2026-12-31", reason: "r", by: "b" }],
  release: { version: "1.x" },
};

const STATEMENT = {
  names: ["tool", "pkg:npm/%40octo/sdk@1.2.3"],
  ref: "refs/tags/v1.2.3",
  repository: "https://github.com/octo/widgets",
  externalParameters: { workflow: { ref: "a" }, inputs: { release_tag: "v1.2.3", dry: false, "a.b": [1] } },
  predicate: { n: 3, result: "PASSED" },
};

const read = (bytes: Uint8Array): Json => parseJson(bytes, { what: "the input", maxBytes: bytes.byteLength });
const textOf = (value: unknown): string => (typeof value === "string" ? value : String(JSON.stringify(value)));

/** Whatever a stranger wrote, rules have findings and throw nothing. */
function ask(policy: CompiledPolicy, written: Json): void {
  const { names, ref, repository, externalParameters, predicate }: Record<string, unknown> = isJsonObject(written)
    ? written
    : {};
  const rule = policy.ruleFor(artifact({ names: Array.isArray(names) ? ["tool", ...names.map(textOf)] : ["tool"] }));
  const one = facts({
    statement: { predicate, subject: names },
    provenance: { externalParameters: isJsonObject(externalParameters) ? externalParameters : {} },
    source: { ref: textOf(ref), repository: textOf(repository) },
  });
  rule.statement(one);
  rule.whole([one], [other(SPDX, predicate), other(TEST_RESULT, predicate)]);
}

/** Policies, and what they look at of statements. */
export async function policyParsers(): Promise<readonly Parser[]> {
  const policy = await compilePolicy(policyDocument(EVERYTHING, SOURCE), { now: NOW });
  return [
    {
      name: "policy",
      sound: [json(EVERYTHING)],
      codes: ["INPUT_INVALID", "INPUT_TOO_LARGE", "POLICY_EXPIRED", "POLICY_INVALID"],
      read: async (bytes) => compilePolicy(policyDocument(read(bytes), SOURCE), { now: NOW }),
    },
    {
      name: "policy-statement",
      sound: [json(STATEMENT)],
      codes: ["INPUT_INVALID", "INPUT_TOO_LARGE"],
      read: (bytes) => ask(policy, read(bytes)),
    },
  ];
}
