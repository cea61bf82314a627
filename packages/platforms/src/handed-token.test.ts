import type { HandedToken } from "@touchmark/plugin";
import { withTestIssuer } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import { githubActions } from "./github-actions.ts";
import { gitlab } from "./gitlab.ts";
import { handedBy, handedToken, tokenInText } from "./handed-token.ts";
import { local } from "./local.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const seconds = NOW / 1_000;
const clock = () => NOW;
const person = { sub: "4004", aud: "sigstore", exp: seconds + 60, email: "dev@example.com", email_verified: true };

it("gets the token once, and verifies it once", async () => {
  await withTestIssuer(async ({ issuer, host }) => {
    let got = 0;
    const get = async () => {
      got += 1;
      return issuer.mint({ iss: issuer.url, ...person });
    };
    const token = handedToken({ issuer: issuer.url, audience: "sigstore", unverified: {}, get }, clock);
    const [first, second] = await Promise.all([token.verified(host), token.verified(host)]);
    expect(first).toBe(second);
    expect(got).toBe(1);
    expect(issuer.requests).toHaveLength(2);
  });
});

it("takes an issuer with a slash at its end, as some have it", async () => {
  await withTestIssuer(async ({ issuer, host }) => {
    const token = tokenInText(issuer.mint({ iss: `${issuer.url}/`, ...person }), clock);
    // The test's issuer calls itself by its name without one; that the document was found is what counts here.
    await expect(token.verified(host)).rejects.toMatchObject({ code: "SERVICE_INVALID", expected: `${issuer.url}/` });
    expect(issuer.requests[0]?.path).toBe("/.well-known/openid-configuration");
  });
});

it("IDENTITY_TOKEN_EXPIRED: once its time is over, also after it was verified", async () => {
  await withTestIssuer(async ({ issuer, host }) => {
    let now = NOW;
    const token = tokenInText(issuer.mint({ iss: issuer.url, ...person }), () => now);
    await token.verified(host);
    now += 60_000;
    await expect(token.verified(host)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_EXPIRED" });
  });
});

describe("IDENTITY_TOKEN_INVALID", () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const from = (iss: string) => `${part({ alg: "RS256" })}.${part({ ...person, iss })}.${part("signature")}`;

  it.each([
    "http://issuer.example",
    "ftp://issuer.example",
    "issuer.example",
    "https://issuer.example?x",
    "https://issuer.example#x",
    "https://me:canary@issuer.example",
  ])("an issuer that cannot be asked: %s", (iss) => {
    expect(() => tokenInText(from(iss), clock)).toThrow(
      expect.objectContaining({ code: "IDENTITY_TOKEN_INVALID", actual: expect.not.stringContaining("canary") }),
    );
  });

  it("what is no token", () => {
    expect(() => tokenInText("canary", clock)).toThrow(expect.objectContaining({ code: "IDENTITY_TOKEN_INVALID" }));
  });

  it("another audience", async () => {
    await withTestIssuer(async ({ issuer, host }) => {
      const token = tokenInText(issuer.mint({ iss: issuer.url, ...person, aud: "other" }), clock);
      await expect(token.verified(host)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
    });
  });

  it("another issuer than the platform's, which is not asked", async () => {
    const token = tokenInText(from("https://issuer.example"), clock);
    await expect(handedBy(token, "https://other.example", undefined as never)).rejects.toMatchObject({
      code: "IDENTITY_TOKEN_INVALID",
      actual: '"https://issuer.example"',
    });
  });
});

it("signs on a machine that nobody vouches for, and states nothing", async () => {
  await withTestIssuer(async ({ issuer, host }) => {
    const text = issuer.mint({ iss: issuer.url, ...person });
    const run = local.detect({}, tokenInText(text, clock));
    expect(run).toMatchObject({ platform: "local", issuer: issuer.url, contacts: [issuer.host], level: { build: 1 } });
    expect(await run?.identityToken("sigstore", host)).toBe(text);
    expect((await run?.claim(host))?.builder.id).toBe("https://touchmark.dev/builders/local");
    const signer = { identity: "dev@example.com", issuer: issuer.url };
    await run?.checkSigner?.(signer, host);
    await expect(run?.checkSigner?.({ ...signer, identity: "evil@example.com" }, host)).rejects.toMatchObject({
      code: "SERVICE_INVALID",
    });
  });
});

describe("of a platform that has tokens of its own", () => {
  const COMMIT = "1f".repeat(20);
  const REF = "refs/tags/v1";

  it("GitHub's is used instead of asking for one", async () => {
    await withTestIssuer(async ({ issuer, host }) => {
      const workflow = `octo/widgets/.github/workflows/release.yml@${REF}`;
      const claims = {
        ...{ iss: issuer.url, ...person, repository: "octo/widgets", repository_id: "1", repository_owner_id: "2" },
        ...{ ref: REF, sha: COMMIT, workflow_ref: workflow, job_workflow_ref: workflow, event_name: "push" },
        ...{ run_id: "42", run_attempt: "1", runner_environment: "self-hosted" },
      };
      const env = {
        ...{ GITHUB_ACTIONS: "true", GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "octo/widgets" },
        ...{ GITHUB_SHA: COMMIT, GITHUB_RUN_ID: "42" },
      };
      const text = issuer.mint(claims);
      const instance = { clock, issuer: issuer.url, server: "https://github.com" };
      const run = githubActions(instance).detect(env, tokenInText(text, clock));
      expect(run?.contacts).toEqual([issuer.host]);
      expect((await run?.claim(host))?.builder.id).toBe(`https://github.com/${workflow}`);
      expect(await run?.identityToken("sigstore", host)).toBe(text);
    });
  });

  it("GitLab's is used instead of the variable's", async () => {
    await withTestIssuer(async ({ issuer, host }) => {
      const env = {
        ...{ GITLAB_CI: "true", CI_SERVER_URL: issuer.url, CI_PROJECT_PATH: "octo/widgets", CI_COMMIT_SHA: COMMIT },
        ...{ CI_PIPELINE_ID: "42", SIGSTORE_ID_TOKEN: "canary" },
      };
      const text = issuer.mint({ iss: issuer.url, ...person, runner_environment: "gitlab-hosted" });
      const token: HandedToken = tokenInText(text, clock);
      const run = gitlab({ clock }).detect(env, token);
      expect(run?.level.build).toBe(2);
      expect(await run?.identityToken("sigstore", host)).toBe(text);
    });
  });
});
