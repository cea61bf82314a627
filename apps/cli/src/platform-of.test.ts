import type { Env } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import { platformOf } from "./platform-of.ts";

const job: Env = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "octo/widgets",
  GITHUB_SHA: "1f".repeat(20),
  GITHUB_RUN_ID: "42",
};
const ownServer: Env = { ...job, GITHUB_SERVER_URL: "https://github.example.com" };
const OWN_ISSUER = "https://github.example.com/_services/token";
const ENTERPRISE = "https://token.actions.githubusercontent.com/octo-corp";

describe("an issuer of GitHub's", () => {
  it("is github.com's where none is named, whatever the environment says", () => {
    expect(platformOf(job, {}).issuer).toBe("https://token.actions.githubusercontent.com");
    expect(platformOf(ownServer, {})).toMatchObject({ platform: "local", issuer: null });
  });

  it("is another where it is named, and the job runs there", async () => {
    expect(platformOf(job, { githubIssuer: ENTERPRISE }).issuer).toBe(ENTERPRISE);
    const run = platformOf(ownServer, { githubIssuer: OWN_ISSUER, platform: "github-actions" });
    expect(run.issuer).toBe(OWN_ISSUER);
    expect(await run.origin(undefined as never)).toMatchObject({
      repository: "https://github.example.com/octo/widgets",
    });
  });

  it.each<[string, Env, Parameters<typeof platformOf>[1]]>([
    ["that the job does not run at", job, { githubIssuer: OWN_ISSUER }],
    ["where no job runs", {}, { githubIssuer: ENTERPRISE }],
    ["of another platform", job, { githubIssuer: ENTERPRISE, platform: "gitlab" }],
    ["of no job", job, { githubIssuer: ENTERPRISE, platform: "local" }],
    ["that is none", job, { githubIssuer: "https://evil.example" }],
  ])("%s is USAGE", (_name, env, options) => {
    expect(() => platformOf(env, options)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
