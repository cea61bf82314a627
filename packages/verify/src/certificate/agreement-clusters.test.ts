import type { FulcioClaims } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { outcome, SUBJECT, sign, trusting } from "../../test/certificate-cases.ts";
import { statementBytes } from "../../test/signed-bundles.ts";

const ISSUER = "https://cluster.example";
const ACCOUNT = "https://kubernetes.io/namespaces/ci/serviceaccounts/builder";
const WORKLOAD = "spiffe://cluster.example/ns/ci/taskrun/release-1";

interface Statement {
  readonly buildType?: string;
  readonly builder?: string;
  readonly internal?: object;
}

/** Signed by a workload; docs/buildtypes/kubernetes-v1.md and tekton-v1.md. */
function judged(identity: string, { buildType = "kubernetes", builder = identity, internal = {} }: Statement): string {
  const claims: FulcioClaims = { issuer: ISSUER };
  const predicate = {
    buildDefinition: {
      buildType: `https://touchmark.dev/buildtypes/${buildType}/v1`,
      externalParameters: { source: { repository: "https://github.com/octo/widgets" } },
      internalParameters: { issuer: ISSUER, ...internal },
      resolvedDependencies: [{ uri: "git+https://github.com/octo/widgets", digest: { gitCommit: "1f".repeat(20) } }],
    },
    runDetails: { builder: { id: builder } },
  };
  const payload = statementBytes({ subject: [SUBJECT], predicateType: "https://slsa.dev/provenance/v1", predicate });
  const bundle = sign({ leaf: { claims, names: [{ uri: identity }] } }, {}, payload);
  return outcome(bundle, trusting({ issuer: ISSUER, identity }));
}

describe.each(["kubernetes", "tekton"])("%s", (buildType) => {
  const pod = { namespace: "ci", service_account: "builder", pod: "release-1" };

  it("agrees with a service account", () => {
    expect(judged(ACCOUNT, { buildType, internal: pod })).toBe("verified");
  });

  it.each<[string, Statement]>([
    ["another builder", { builder: ACCOUNT.replace("builder", "admin"), internal: pod }],
    ["the local builder", { builder: "https://touchmark.dev/builders/local", internal: pod }],
    ["another cluster", { internal: { ...pod, issuer: "https://other.example" } }],
    ["another namespace", { internal: { ...pod, namespace: "prod" } }],
    ["another account", { internal: { ...pod, service_account: "admin" } }],
  ])("not with %s", (_name, change) => {
    expect(judged(ACCOUNT, { buildType, ...change })).toBe("PREDICATE_MISMATCH");
  });
});

it.each([`https://evil.example/${ACCOUNT}`, `${ACCOUNT}/x`])(
  "takes nothing from %s, which is no account",
  (identity) => {
    expect(judged(identity, { internal: { namespace: "other", service_account: "other" } })).toBe("verified");
  },
);

it("agrees with a workload's SPIFFE ID, and with no other", () => {
  expect(judged(WORKLOAD, { buildType: "tekton" })).toBe("verified");
  expect(judged(WORKLOAD, { buildType: "tekton", builder: `${WORKLOAD}0` })).toBe("PREDICATE_MISMATCH");
});
