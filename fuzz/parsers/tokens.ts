import { gitHubClaims } from "../../packages/platforms/src/github-claims.ts";
import { gitLabClaims } from "../../packages/platforms/src/gitlab-claims.ts";
import { parseToken } from "../../packages/platforms/src/parse-token.ts";
import { verifyToken } from "../../packages/platforms/src/verify-token.ts";
import { tokenClaims } from "../../packages/signer-sigstore/src/token-claims.ts";
import { startTestIssuer } from "../../packages/testkit/src/identity/test-issuer.ts";
import type { Parser } from "../parser.ts";
import { answering } from "./answering-host.ts";
import { json } from "./sound-inputs.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const ISSUER = "https://issuer.example";
const COMMIT = "1f".repeat(20);
const REF = "refs/tags/v1.2.3";

const claims = { iss: ISSUER, sub: "a job", aud: "sigstore", exp: NOW / 1_000 + 300, nbf: NOW / 1_000 - 5 };
const gitHub = {
  repository: "octo/widgets",
  repository_id: "1001",
  repository_owner_id: "2002",
  ref: REF,
  sha: COMMIT,
  workflow_ref: `octo/widgets/.github/workflows/release.yml@${REF}`,
  job_workflow_ref: `octo/widgets/.github/workflows/release.yml@${REF}`,
  event_name: "push",
  run_id: "42",
  run_attempt: "1",
  runner_environment: "github-hosted",
};
const gitLab = {
  project_path: "octo/tools/widgets",
  project_id: "20",
  namespace_id: "72",
  ref_path: REF,
  ref_protected: "true",
  sha: COMMIT,
  ci_config_ref_uri: `gitlab.example/octo/tools/widgets//.gitlab-ci.yml@${REF}`,
  ci_config_sha: COMMIT,
  pipeline_source: "push",
  pipeline_id: "574",
  job_id: "302",
  runner_environment: "gitlab-hosted",
};

/** Identity tokens, and what their issuer says of itself. */
export async function tokenParsers(): Promise<readonly Parser[]> {
  const issuer = await startTestIssuer();
  const keys = new Uint8Array(await (await fetch(`${issuer.url}/keys`)).arrayBuffer());
  const [rsa, ec] = [issuer.mint(claims), issuer.mint(claims, { header: { alg: "ES256" } })];
  await issuer.close();
  const tokens = [rsa, ec, issuer.mint({ ...claims, ...gitHub }), issuer.mint({ ...claims, ...gitLab })].map((token) =>
    new TextEncoder().encode(token),
  );
  const discovery = json({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` });
  const verify = (token: string, document: Uint8Array, keySet: Uint8Array) =>
    verifyToken(
      token,
      { issuer: ISSUER, audience: "sigstore" },
      () => NOW,
      answering((url) => (url.endsWith("/openid-configuration") ? document : keySet)),
    );
  return [
    {
      name: "token",
      sound: tokens,
      codes: ["IDENTITY_TOKEN_EXPIRED", "IDENTITY_TOKEN_INVALID"],
      async read(bytes) {
        await verify(textOf(bytes), discovery, keys);
        if (tokens.some((token) => Buffer.compare(token, bytes) === 0)) return;
        throw new Error("a token that nobody signed is verified");
      },
    },
    {
      name: "issuer-discovery",
      sound: [discovery],
      codes: ["SERVICE_INVALID"],
      read: (bytes) => verify(rsa, bytes, keys),
    },
    ...[rsa, ec].map(
      (token, at): Parser => ({
        name: `issuer-keys-${at === 0 ? "rsa" : "ec"}`,
        sound: [keys],
        codes: ["IDENTITY_TOKEN_INVALID", "SERVICE_INVALID"],
        read: (bytes) => verify(token, discovery, bytes),
      }),
    ),
    {
      name: "token-claims-github",
      sound: [tokens[2] ?? new Uint8Array()],
      codes: ["IDENTITY_TOKEN_INVALID"],
      read: (bytes) => gitHubClaims(unverified(bytes)),
    },
    {
      name: "token-claims-gitlab",
      sound: [tokens[3] ?? new Uint8Array()],
      codes: ["IDENTITY_TOKEN_INVALID"],
      read: (bytes) => gitLabClaims(unverified(bytes), "https://gitlab.example"),
    },
    {
      name: "token-claims-signer",
      sound: tokens,
      codes: ["IDENTITY_TOKEN_INVALID"],
      read: (bytes) => tokenClaims(textOf(bytes)),
    },
  ];
}

/** As if its signature held: what a platform would read out of any token that its issuer made. */
function unverified(bytes: Uint8Array) {
  const text = textOf(bytes);
  const { claims, expires } = parseToken(text);
  return { text, claims, expires };
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
