import { PROVENANCE_V1 } from "@touchmark/core";
import { listed } from "../document/fields.ts";
import { type ImageRule, type RuleSigner, sourceUrl } from "./exported.ts";

/** Source: https://kyverno.io/docs/policy-types/cluster-policy/verify-images/sigstore/ */
export function kyvernoPolicy(name: string, rules: readonly ImageRule[]): Readonly<Record<string, unknown>> {
  return {
    apiVersion: "kyverno.io/v1",
    kind: "ClusterPolicy",
    metadata: { name },
    spec: { webhookTimeoutSeconds: 30, background: false, rules: rules.map(ruleOf) },
  };
}

function ruleOf({ number, rule, images, signers }: ImageRule) {
  const conditions = [
    ...(rule.source === undefined
      ? []
      : [condition("{{ buildDefinition.resolvedDependencies[0].uri }}", sourceUris(rule.source))]),
    ...(rule["build-type"] === undefined
      ? []
      : [condition("{{ buildDefinition.buildType }}", listed(rule["build-type"]))]),
    ...(rule.builder === undefined ? [] : [condition("{{ runDetails.builder.id }}", listed(rule.builder))]),
    ...(rule.commit === undefined
      ? []
      : [condition("{{ buildDefinition.resolvedDependencies[0].digest.gitCommit }}", [rule.commit])]),
  ];
  return {
    name: `rule-${number}`,
    match: { any: [{ resources: { kinds: ["Pod"] } }] },
    verifyImages: [
      {
        type: "SigstoreBundle",
        imageReferences: images.map((text) => text.replaceAll("**", "*")),
        failureAction: "Enforce",
        attestations: [
          {
            type: PROVENANCE_V1,
            attestors: [{ count: 1, entries: signers.map(attestor) }],
            ...(conditions.length === 0 ? {} : { conditions: [{ all: conditions }] }),
          },
        ],
      },
    ],
  };
}

/** With any ref behind: in Kyverno's patterns, a star stands for it. */
function sourceUris(source: string): readonly string[] {
  const url = sourceUrl(source);
  return [`git+${url}`, `git+${url}@*`];
}

function condition(key: string, value: readonly string[]) {
  return { key, operator: "AnyIn", value };
}

function attestor(signer: RuleSigner) {
  switch (signer.kind) {
    case "key":
      return { keys: { publicKeys: signer.pem, rekor: { ignoreTlog: true } } };
    case "identity":
      return { keyless: { issuer: signer.issuer, subject: signer.subject } };
    case "pattern":
      return { keyless: { issuer: signer.issuer, subjectRegExp: signer.subjectRegExp } };
  }
}
