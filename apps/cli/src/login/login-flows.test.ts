import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { startTestIssuer, type TestIssuer, withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { browserLogin } from "./browser-login.ts";
import { deviceLogin } from "./device-login.ts";
import type { LoginPrompt } from "./login-prompt.ts";

/** What the service says or does otherwise than an honest one. */
interface Change {
  readonly discovery?: object;
  /** Of the identity token. */
  readonly claims?: object;
  /** Instead of the token endpoint's answers, in order; the last one stays. */
  readonly tokens?: readonly { readonly status: number; readonly body: object }[];
  /** Instead of what the browser brings back. */
  readonly callback?: (honest: URLSearchParams) => URLSearchParams;
}

const CANARY = "canary-canary-canary-canary-canary";
let signer: TestIssuer;
let server: Server;
let issuer: string;
let change: Change;
let asked: { readonly path: string; readonly body: URLSearchParams }[];
let nonce: string | null;

beforeEach(async () => {
  [change, asked, nonce] = [{}, [], null];
  signer = await startTestIssuer();
  server = createServer(async (request, response) => {
    const { status, body } = answer(request.url ?? "", new URLSearchParams(await bodyOf(request)));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await Promise.all([signer.close(), new Promise((resolve) => server.close(resolve))]);
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString();
}

function answer(path: string, body: URLSearchParams): { readonly status: number; readonly body: object } {
  if (path === "/.well-known/openid-configuration") {
    const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
    const device = { device_authorization_endpoint: `${issuer}/device` };
    return { status: 200, body: { issuer, jwks_uri: `${issuer}/keys`, ...endpoints, ...device, ...change.discovery } };
  }
  asked.push({ path, body });
  if (path === "/device") {
    const page = { verification_uri: `${issuer}/activate`, user_code: "ABCD-EFGH" };
    return { status: 200, body: { device_code: CANARY, ...page, expires_in: 60, interval: 0.01 } };
  }
  const tokens = asked.filter((one) => one.path === "/token").length;
  const instead = change.tokens?.[Math.min(tokens, change.tokens.length) - 1];
  return instead ?? { status: 200, body: { access_token: CANARY, token_type: "bearer", id_token: identityToken() } };
}

function identityToken(): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: issuer,
    aud: "sigstore",
    sub: "4004",
    iat: now,
    exp: now + 60,
    ...(nonce === null ? {} : { nonce }),
  };
  return signer.mint({ ...claims, ...change.claims });
}

/** A person whose browser does what the service's page would. */
const person: LoginPrompt = {
  async open(page) {
    const sent = page.searchParams;
    nonce = sent.get("nonce");
    const honest = new URLSearchParams({ code: "c0de", state: sent.get("state") ?? "" });
    const query = change.callback?.(honest) ?? honest;
    const answered = await fetch(`${sent.get("redirect_uri")}?${query}`);
    await answered.text();
  },
  code: () => undefined,
};

function login(flow: typeof browserLogin | typeof deviceLogin, prompt = person, timeoutMs = 5_000): Promise<string> {
  const folder = mkdtempSync(`${tmpdir()}/touchmark-login-`);
  const grant = { kind: "services", hosts: [new URL(issuer).host] } as const;
  const service = { issuer, clientId: "sigstore" };
  return withTestHost(folder, (host) => flow(service, prompt, host, timeoutMs), { network: grant }).finally(() =>
    rmSync(folder, { recursive: true }),
  );
}

it("browser: sends PKCE, state, nonce and a loopback redirect, and brings the token", async () => {
  const pages: URL[] = [];
  const watching: LoginPrompt = {
    ...person,
    open: (page) => {
      pages.push(page);
      return person.open(page);
    },
  };
  expect(await login(browserLogin, watching)).toMatch(/^eyJ/);
  const sent = Object.fromEntries(pages[0]?.searchParams ?? []);
  expect(sent).toMatchObject({
    response_type: "code",
    client_id: "sigstore",
    scope: "openid email",
    code_challenge_method: "S256",
    redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
  });
  for (const name of ["state", "nonce", "code_challenge"]) expect(sent[name]?.length).toBeGreaterThanOrEqual(43);
  const [{ body } = { body: new URLSearchParams() }] = asked;
  expect(Object.fromEntries(body)).toMatchObject({ code: "c0de", redirect_uri: sent["redirect_uri"] });
  expect(body.get("code_verifier")?.length).toBeGreaterThanOrEqual(43);
  expect(body.has("client_secret")).toBe(false);
});

it("device: shows page and code, waits until the person is through, and brings the token", async () => {
  const shown: string[] = [];
  const pending = { status: 400, body: { error: "authorization_pending" } };
  change = {
    tokens: [
      pending,
      pending,
      { status: 200, body: { access_token: "x", token_type: "bearer", id_token: identityToken() } },
    ],
  };
  const prompt: LoginPrompt = { ...person, code: (page, code) => shown.push(page.href, code) };
  expect(await login(deviceLogin, prompt)).toMatch(/^eyJ/);
  expect(shown).toEqual([`${issuer}/activate`, "ABCD-EFGH"]);
});

const refused = { status: 400, body: { error: "invalid_grant", error_description: `no ${CANARY}` } };
const noToken = { status: 200, body: { access_token: CANARY, token_type: "bearer" } };

describe("LOGIN_FAILED", () => {
  it.each<[string, () => Change]>([
    ["another nonce", () => ({ claims: { nonce: "other" } })],
    ["no nonce", () => ({ claims: { nonce: undefined } })],
    ["a token of another issuer", () => ({ claims: { iss: "https://evil.example" } })],
    ["a token for another client", () => ({ claims: { aud: "other" } })],
    ["no identity token", () => ({ tokens: [noToken] })],
    ["a refusal", () => ({ tokens: [refused] })],
    [
      "a person who refused",
      () => ({
        callback: (honest) => new URLSearchParams({ error: "access_denied", state: honest.get("state") ?? "" }),
      }),
    ],
    ["another login's state", () => ({ callback: () => new URLSearchParams({ code: "c0de", state: "other" }) })],
    ["a code twice", () => ({ callback: (honest) => new URLSearchParams(`${honest}&code=other`) })],
    [
      "an answer of another issuer",
      () => ({ callback: (honest) => new URLSearchParams(`${honest}&iss=https://evil.example`) }),
    ],
    ["a description of another issuer", () => ({ discovery: { issuer: "https://evil.example" } })],
    ["a page that is none", () => ({ discovery: { authorization_endpoint: "file:///etc/passwd" } })],
    ["a page in the open", () => ({ discovery: { authorization_endpoint: "http://evil.example/" } })],
  ])("browser: %s", async (_name, changed) => {
    change = changed();
    const failed = await login(browserLogin).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "LOGIN_FAILED" });
    expect(JSON.stringify([failed, String(failed)])).not.toMatch(/canary|eyJ/);
  });

  it.each<[string, () => Change]>([
    ["a refusal", () => ({ tokens: [refused] })],
    ["a person who refused", () => ({ tokens: [{ status: 400, body: { error: "access_denied" } }] })],
    ["a code that nobody typed", () => ({ tokens: [{ status: 400, body: { error: "expired_token" } }] })],
    ["a service without such a login", () => ({ discovery: { device_authorization_endpoint: undefined } })],
  ])("device: %s", async (_name, changed) => {
    change = changed();
    const failed = await login(deviceLogin).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "LOGIN_FAILED" });
    expect(JSON.stringify([failed, String(failed)])).not.toMatch(/canary|eyJ/);
  });

  it("nobody comes", async () => {
    await expect(login(browserLogin, { ...person, open: async () => undefined }, 50)).rejects.toMatchObject({
      code: "LOGIN_FAILED",
      actual: "none",
    });
    change = { tokens: [{ status: 400, body: { error: "authorization_pending" } }] };
    await expect(login(deviceLogin, person, 50)).rejects.toMatchObject({ code: "LOGIN_FAILED", actual: "none" });
  });
});

it("NETWORK_REFUSED: no code goes to a host in the open", async () => {
  change = { discovery: { token_endpoint: "http://evil.example/token" } };
  await expect(login(browserLogin)).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
  expect(asked).toEqual([]);
});
