import { PROVENANCE_V1 } from "@touchmark/core";
import { listed } from "../document/fields.ts";
import { escaped, type ImageRule, type RuleSigner, sourceUrl } from "./exported.ts";

/** Source: https://docs.sigstore.dev/policy-controller/overview/ */
export function clusterImagePolicy(
  name: string,
  { number, rule, images, signers }: ImageRule,
): Readonly<Record<string, unknown>> {
  const checks = checksOf(rule);
  const attestations = [
    {
      name: "provenance",
      predicateType: PROVENANCE_V1,
      ...(checks.length === 0 ? {} : { policy: { type: "cue", data: cue(checks) } }),
    },
  ];
  return {
    apiVersion: "policy.sigstore.dev/v1beta1",
    kind: "ClusterImagePolicy",
    metadata: { name: `${name}-${number}` },
    spec: {
      images: images.map((glob) => ({ glob })),
      authorities: signers.map((signer, index) => ({
        name: `signer-${index + 1}`,
        ...authority(signer),
        signatureFormat: "bundle",
        attestations,
      })),
    },
  };
}

function authority(signer: RuleSigner) {
  switch (signer.kind) {
    case "key":
      return { key: { data: signer.pem, hashAlgorithm: "sha256" } };
    case "identity":
      return { ...PUBLIC_LOG, keyless: { identities: [{ issuer: signer.issuer, subject: signer.subject }] } };
    case "pattern":
      return {
        ...PUBLIC_LOG,
        keyless: { identities: [{ issuer: signer.issuer, subjectRegExp: signer.subjectRegExp }] },
      };
  }
}

const PUBLIC_LOG = { ctlog: { url: "https://rekor.sigstore.dev" } };

/** Constraints of CUE on the predicate: https://cuelang.org/docs/reference/spec/ */
function checksOf(rule: ImageRule["rule"]): readonly string[] {
  const { source, builder, commit } = rule;
  const buildType = rule["build-type"];
  const first = [
    ...(source === undefined ? [] : [`uri: =~${text(`^git\\+${escaped(sourceUrl(source))}(?:@.+)?$`)}`]),
    ...(commit === undefined ? [] : [`digest: gitCommit: ${text(commit)}`]),
  ];
  return [
    ...(first.length === 0 ? [] : [`buildDefinition: resolvedDependencies: [{${first.join(", ")}, ...}, ...]`]),
    ...(buildType === undefined ? [] : [`buildDefinition: buildType: ${oneOf(buildType)}`]),
    ...(builder === undefined ? [] : [`runDetails: builder: id: ${oneOf(builder)}`]),
  ];
}

function cue(checks: readonly string[]): string {
  return checks.map((check) => `predicate: ${check}\n`).join("");
}

function oneOf(values: string | readonly string[]): string {
  return listed(values).map(text).join(" | ");
}

/** A string of CUE; what JSON escapes, it reads the same. */
function text(value: string): string {
  return JSON.stringify(value);
}
