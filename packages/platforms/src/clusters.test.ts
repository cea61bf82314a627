import type { Host, Platform, PlatformRun } from "@touchmark/plugin";
import { type IssuerBench, type TokenChange, withTestIssuer } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenInText } from "./handed-token.ts";
import { kubernetes } from "./kubernetes.ts";
import { LOCAL_BUILD_TYPE } from "./local.ts";
import { tekton } from "./tekton.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const seconds = NOW / 1_000;
const POD_UID = "6f5ad7d5-0f1c-4f4c-9a57-3cbd2f1f0001";
const ACCOUNT_UID = "6f5ad7d5-0f1c-4f4c-9a57-3cbd2f1f0002";
const BUILDER = "https://kubernetes.io/namespaces/ci/serviceaccounts/builder";

const times = { aud: ["sigstore"], iat: seconds, nbf: seconds, exp: seconds + 3_600 };
const bound = {
  namespace: "ci",
  node: { name: "worker-3.example", uid: "6f5ad7d5-0f1c-4f4c-9a57-3cbd2f1f0003" },
  pod: { name: "release-1-pod", uid: POD_UID },
  serviceaccount: { name: "builder", uid: ACCOUNT_UID },
};
/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens */
const podToken = { ...times, jti: "1", sub: "system:serviceaccount:ci:builder", "kubernetes.io": bound };
/** https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md */
const workloadToken = { ...times, sub: "spiffe://cluster.example/ns/ci/taskrun/release-1" };

function runIn(platform: Platform, { issuer }: IssuerBench, claims: object, change: TokenChange = {}): PlatformRun {
  const text = issuer.mint({ iss: issuer.url, ...claims }, change);
  const run = platform.detect(
    {},
    tokenInText(text, () => NOW),
  );
  if (run === null) throw new Error("it always answers when it is named");
  return run;
}

const claimed = (platform: Platform, claims: object, change?: TokenChange) =>
  withTestIssuer((bench) => runIn(platform, bench, claims, change).claim(bench.host));

describe("claims", () => {
  it.each([
    [kubernetes, "https://touchmark.dev/buildtypes/kubernetes/v1"],
    [tekton, "https://touchmark.dev/buildtypes/tekton/v1"],
  ])("of a pod: the examples of $name's build type", async (platform, buildType) => {
    await withTestIssuer(async (bench) => {
      expect(await runIn(platform, bench, podToken).claim(bench.host)).toEqual({
        buildType,
        externalParameters: {},
        internalParameters: {
          issuer: bench.issuer.url,
          namespace: "ci",
          service_account: "builder",
          service_account_uid: ACCOUNT_UID,
          pod: "release-1-pod",
          pod_uid: POD_UID,
          node: "worker-3.example",
        },
        source: null,
        builder: { id: BUILDER, version: {} },
        invocationId: `urn:uuid:${POD_UID}`,
        startedOn: null,
        finishedOn: null,
      });
    });
  });

  it("of a Tekton task with a SPIFFE ID", async () => {
    await withTestIssuer(async (bench) => {
      expect(await runIn(tekton, bench, workloadToken).claim(bench.host)).toMatchObject({
        buildType: "https://touchmark.dev/buildtypes/tekton/v1",
        internalParameters: { issuer: bench.issuer.url },
        builder: { id: workloadToken.sub },
        invocationId: null,
      });
    });
  });

  it("of an older cluster, which does not say the node", async () => {
    const { node: _, ...older } = bound;
    const { internalParameters } = await claimed(kubernetes, { ...podToken, "kubernetes.io": older });
    expect(internalParameters).not.toHaveProperty("node");
  });

  it("of a token signed with P-256", async () => {
    const { builder } = await claimed(kubernetes, podToken, { header: { alg: "ES256" } });
    expect(builder.id).toBe(BUILDER);
  });

  it("never take the build type of a machine that nobody vouches for", async () => {
    expect((await claimed(kubernetes, podToken)).buildType).not.toBe(LOCAL_BUILD_TYPE);
  });
});

describe("IDENTITY_TOKEN_INVALID", () => {
  const changed = (change: object) => ({ "kubernetes.io": { ...bound, ...change } });
  it.each<[string, object]>([
    ["no claims of a cluster", { "kubernetes.io": undefined }],
    ["another account in sub", { sub: "system:serviceaccount:ci:other" }],
    ["another namespace in sub", { sub: "system:serviceaccount:other:builder" }],
    ["a person in sub", { sub: "dev@example.com" }],
    ["no pod: a token that somebody made by hand", changed({ pod: undefined })],
    ["a pod without a uid", changed({ pod: { name: "release-1-pod" } })],
    ["a uid in capitals", changed({ pod: { name: "release-1-pod", uid: POD_UID.toUpperCase() } })],
    ["a namespace with a slash", changed({ namespace: "ci/serviceaccounts/admin" })],
    ["an account with a slash", changed({ serviceaccount: { name: "a/b", uid: ACCOUNT_UID } })],
    ["an account that is a number", changed({ serviceaccount: { name: 1, uid: ACCOUNT_UID } })],
    ["a node with a line end", changed({ node: { name: "worker\n3" } })],
    ["another audience", { aud: ["https://kubernetes.default.svc"] }],
    ["a start in the future", { nbf: seconds + 60 }],
  ])("kubernetes: %s", async (_name, change) => {
    await expect(claimed(kubernetes, { ...podToken, ...change })).rejects.toMatchObject({
      code: "IDENTITY_TOKEN_INVALID",
    });
  });

  it("kubernetes: a SPIFFE ID", async () => {
    await expect(claimed(kubernetes, workloadToken)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
  });

  it.each([
    "spiffe://cluster.example",
    "spiffe://cluster.example/",
    "spiffe://cluster.example/ns/ci/",
    "spiffe://cluster.example/ns/../admin",
    "spiffe://cluster.example/ns/%2e%2e",
    "spiffe://Cluster.example/ns/ci",
    "spiffe://me@cluster.example/ns/ci",
    "spiffe://cluster.example:80/ns/ci",
    "spiffe://cluster.example/ns/ci?x",
    "https://cluster.example/ns/ci",
  ])("tekton: %s", async (sub) => {
    await expect(claimed(tekton, { ...workloadToken, sub })).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
  });

  it("tekton: a pod's claims beside a SPIFFE ID", async () => {
    const both = { ...podToken, sub: workloadToken.sub };
    await expect(claimed(tekton, both)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
  });
});

it("IDENTITY_TOKEN_EXPIRED: a mounted token that nobody renewed", async () => {
  const old = { ...podToken, exp: seconds - 60 };
  await expect(claimed(kubernetes, old)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_EXPIRED" });
});

describe.each([kubernetes, tekton])("$name without a token", (platform) => {
  const run = platform.detect({}) as PlatformRun;

  it("IDENTITY_TOKEN_MISSING for what is stated, nothing for what is collected", async () => {
    expect(await run.origin(undefined as never)).toBeNull();
    expect(run).toMatchObject({ issuer: null, contacts: [], level: { build: 1 } });
    const nowhere = { run: async () => Promise.reject(new Error("no git")) } as unknown as Host;
    await expect(run.claim(nowhere)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_MISSING" });
    await expect(run.identityToken("sigstore", nowhere)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_MISSING" });
  });
});

it("gives the certificate the token of the statement, and takes the names that it may hold", async () => {
  await withTestIssuer(async (bench) => {
    const run = runIn(kubernetes, bench, podToken);
    const { url: issuer, host } = bench.issuer;
    await run.claim(bench.host);
    expect(run).toMatchObject({ issuer, contacts: [host] });
    expect(await run.identityToken("sigstore", bench.host)).toMatch(/^eyJ/);
    await run.checkSigner?.({ identity: BUILDER, issuer }, bench.host);
    const other = { identity: BUILDER.replace("builder", "admin"), issuer };
    await expect(run.checkSigner?.(other, bench.host)).rejects.toMatchObject({ code: "SERVICE_INVALID" });
  });
});

it("whatever the claims are, a claim or IDENTITY_TOKEN_INVALID, and nothing that reads as another account", async () => {
  await withTestIssuer(async (bench) => {
    const text = fc.oneof(fc.string(), fc.constantFrom("ci", "builder", "a/b", "", "x".repeat(300)));
    const claims = fc.record({
      sub: fc.oneof(fc.constant(podToken.sub), fc.string({ minLength: 1 })),
      "kubernetes.io": fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.record({
          namespace: text,
          serviceaccount: fc.record({ name: text, uid: fc.constant(ACCOUNT_UID) }),
          pod: fc.constant(bound.pod),
        }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(claims, async (some) => {
        // A key such as `__proto__` is refused when the token is handed over, before anybody asks for a claim.
        const claim = async () => runIn(kubernetes, bench, { ...podToken, ...some }).claim(bench.host);
        const outcome = await claim().then(
          ({ builder }) => builder.id,
          (error: { code: string }) => error.code,
        );
        expect(outcome).toMatch(
          /^(?:IDENTITY_TOKEN_INVALID|https:\/\/kubernetes\.io\/namespaces\/[a-z0-9-]+\/serviceaccounts\/[a-z0-9.-]+)$/,
        );
      }),
      { numRuns: 60 },
    );
  });
});
