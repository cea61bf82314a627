import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordingTerminal } from "../test/recording-terminal.ts";
import { PUBLIC_INSTANCE } from "./builtin-services.ts";
import type { Context } from "./context.ts";
import { type HandedOptions, handedIdentity } from "./handed-identity.ts";
import type { Keyless } from "./keyless.ts";

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = { iss: "https://issuer.example", sub: "4004", aud: "sigstore", exp: 4_000_000_000 };
const TOKEN = `${part({ alg: "RS256" })}.${part(claims)}.${part("signature")}`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "touchmark-identity-"));
  writeFileSync(path.join(cwd, "token"), `${TOKEN}\n`);
  writeFileSync(path.join(cwd, "empty"), "\n");
  writeFileSync(path.join(cwd, "two"), `${TOKEN}\n${TOKEN}\n`);
  writeFileSync(path.join(cwd, "long"), "x".repeat(16 * 1024 + 1));
  writeFileSync(path.join(cwd, "huge"), "x".repeat(1024 * 1024));
  // As a kubelet mounts it.
  symlinkSync("token", path.join(cwd, "mounted"));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const keyless = (loginIssuer?: string): Keyless => {
  const { loginIssuer: _, ...instance } = PUBLIC_INSTANCE;
  return {
    instance: loginIssuer === undefined ? instance : { ...instance, loginIssuer },
    log: "auto",
    acknowledgePrivate: false,
    trustedRoot: null,
  };
};
const PUBLIC: Keyless = { ...keyless(), instance: PUBLIC_INSTANCE };

function handed(options: HandedOptions, chosen: Keyless | null = PUBLIC, env: Record<string, string> = {}) {
  const context = { cwd, env, terminal: recordingTerminal(), signal: new AbortController().signal };
  return handedIdentity(context as Context, options, chosen, path.join(cwd, "mounted"));
}

describe("a token", () => {
  it("out of a file", async () => {
    expect(await handed({ identityToken: "token" })).toMatchObject({
      issuer: "https://issuer.example",
      unverified: claims,
    });
    expect(await handed({ identityToken: "mounted" })).toMatchObject({ issuer: "https://issuer.example" });
  });

  it.each(["kubernetes", "tekton"])("mounted, where the user names %s", async (platform) => {
    expect(await handed({ platform })).toMatchObject({ issuer: "https://issuer.example" });
  });

  it("is not looked for anywhere else", async () => {
    expect(await handed({})).toBeNull();
    expect(await handed({ platform: "gitlab" })).toBeNull();
  });

  it("is not there where nothing is mounted", async () => {
    const context = { cwd, env: {}, terminal: recordingTerminal() } as unknown as Context;
    expect(await handedIdentity(context, { platform: "kubernetes" }, null, path.join(cwd, "none"))).toBeNull();
  });

  it.each([
    ["none", "INPUT_MISSING"],
    [".", "FILE_REFUSED"],
    ["huge", "INPUT_TOO_LARGE"],
    ["empty", "IDENTITY_TOKEN_INVALID"],
    ["long", "IDENTITY_TOKEN_INVALID"],
    ["two", "IDENTITY_TOKEN_INVALID"],
  ])("%s: %s", async (identityToken, code) => {
    const failed = await handed({ identityToken }).catch((error: Error & { code: string; actual: string }) => error);
    expect(failed).toMatchObject({ code });
    expect(JSON.stringify([failed, (failed as Error).message])).not.toContain(part(claims));
  });
});

describe("a login", () => {
  it("is with the public service, unless another is named", async () => {
    expect(await handed({ login: true })).toMatchObject({ issuer: "https://oauth2.sigstore.dev/auth", unverified: {} });
    expect(await handed({ login: "browser" }, keyless("https://own.example"))).toMatchObject({
      issuer: "https://own.example",
    });
    const options = { login: "device", oidcIssuer: "https://other.example/", oidcClientId: "me" } as const;
    expect(await handed(options, keyless("https://own.example"))).toMatchObject({ issuer: "https://other.example/" });
  });

  it("is there on a CI system where a person says so", async () => {
    expect(await handed({ login: true, platform: "local" }, PUBLIC, { CI: "true" })).not.toBeNull();
  });

  const job = {
    GITLAB_CI: "true",
    CI_SERVER_URL: "https://gitlab.com",
    CI_PROJECT_PATH: "o/r",
    CI_COMMIT_SHA: "1f".repeat(20),
    CI_PIPELINE_ID: "1",
  };
  it.each<[string, HandedOptions, Keyless | null, Record<string, string>]>([
    ["a key beside it", { login: true }, null, {}],
    ["a token beside it", { login: true, identityToken: "token" }, PUBLIC, {}],
    ["another way", { login: "phone" }, PUBLIC, {}],
    ["services without a login", { login: true }, keyless(), {}],
    ["a CI platform", { login: true }, PUBLIC, job],
    ["another CI system", { login: true }, PUBLIC, { CI: "1" }],
    ["a named platform", { login: true, platform: "kubernetes" }, PUBLIC, {}],
    ["a service in the open", { login: true, oidcIssuer: "http://login.example" }, PUBLIC, {}],
    ["a service with a password", { login: true, oidcIssuer: "https://me:canary@login.example" }, PUBLIC, {}],
    ["a client that is none", { login: true, oidcClientId: "a b" }, PUBLIC, {}],
    ["no login, and a service", { oidcIssuer: "https://login.example" }, PUBLIC, {}],
    ["no login, and a client", { oidcClientId: "me" }, PUBLIC, {}],
    ["no login, and no browser", { browser: false }, PUBLIC, {}],
  ])("USAGE: %s", async (_name, options, chosen, env) => {
    const failed = await handed(options, chosen, env).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "USAGE", actual: expect.not.stringContaining("canary") });
  });
});
