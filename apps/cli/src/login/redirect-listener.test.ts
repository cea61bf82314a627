import { request } from "node:http";
import { connect, Server } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { listenForRedirect, type RedirectListener } from "./redirect-listener.ts";

const STATE = "the-state-of-this-login";
const never = new AbortController().signal;
let listener: RedirectListener | null = null;

afterEach(() => listener?.close());

async function listen(timeoutMs = 5_000, signal = never): Promise<RedirectListener> {
  listener = await listenForRedirect(STATE, timeoutMs, signal);
  return listener;
}

interface Got {
  readonly status: number | undefined;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function ask(url: string, options: { readonly method?: string; readonly headers?: Record<string, string> } = {}) {
  return new Promise<Got>((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, text, headers: response.headers }));
    });
    sent.on("error", reject).end();
  });
}

it("takes the answer to this login, on this machine alone, once", async () => {
  const { redirectUri, answer } = await listen();
  expect(redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  const got = await ask(`${redirectUri}?code=c0de&state=${STATE}`);
  expect(got).toMatchObject({ status: 200, headers: { "cache-control": "no-store", connection: "close" } });
  expect(got.text).not.toContain("c0de");
  expect((await answer).searchParams.get("code")).toBe("c0de");
  await expect(ask(`${redirectUri}?code=again&state=${STATE}`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

it("takes the service's refusal, and repeats nothing of it", async () => {
  const { redirectUri, answer } = await listen();
  const got = await ask(`${redirectUri}?error=access_denied&error_description=<script>&state=${STATE}`);
  expect(got).toMatchObject({ status: 400, headers: { "content-type": "text/plain; charset=utf-8" } });
  expect(got.text).not.toContain("script");
  expect((await answer).searchParams.get("error")).toBe("access_denied");
});

describe("LOGIN_FAILED: one try, and no other login's answer", () => {
  it.each([
    ["another state", "code=c&state=other"],
    ["a part of the state", `code=c&state=${STATE.slice(1)}`],
    ["no state", "code=c"],
    ["an empty state", "code=c&state="],
    ["the state twice", `code=c&state=${STATE}&state=${STATE}`],
    ["the state after another", `code=c&state=other&state=${STATE}`],
  ])("%s", async (_name, query) => {
    const { redirectUri, answer } = await listen();
    expect((await ask(`${redirectUri}?${query}`)).status).toBe(400);
    await expect(answer).rejects.toMatchObject({ code: "LOGIN_FAILED", actual: "another, or none" });
  });

  it("nobody comes", async () => {
    const { answer } = await listen(20);
    await expect(answer).rejects.toMatchObject({ code: "LOGIN_FAILED", actual: "none" });
  });
});

it("LOGIN_FAILED where no port can be had", async () => {
  const refused = Object.assign(new Error("listen"), { code: "EPERM" });
  const listening = vi.spyOn(Server.prototype, "listen").mockImplementation(function (this: Server) {
    this.emit("error", refused);
    return this;
  });
  try {
    await expect(listen()).rejects.toMatchObject({ code: "LOGIN_FAILED", actual: "EPERM" });
  } finally {
    listening.mockRestore();
  }
});

describe("goes on waiting after", () => {
  it.each<[string, string, { method?: string; headers?: Record<string, string> }]>([
    ["another path", "/favicon.ico", {}],
    ["a path below", `/callback/x?code=c&state=${STATE}`, {}],
    ["a path that would be no URL beside a base", "//[", {}],
    ["a path that would be another host", `//evil.example/callback?code=c&state=${STATE}`, {}],
    ["another method", `/callback?code=c&state=${STATE}`, { method: "POST" }],
    ["another name of this machine", `/callback?code=c&state=${STATE}`, { headers: { host: "evil.example" } }],
    ["the name localhost", `/callback?code=c&state=${STATE}`, { headers: { host: "localhost" } }],
  ])("%s", async (_name, path, options) => {
    const { redirectUri, answer } = await listen();
    expect((await ask(redirectUri.replace("/callback", path), options)).status).toBe(404);
    await ask(`${redirectUri}?code=c0de&state=${STATE}`);
    expect((await answer).searchParams.get("code")).toBe("c0de");
  });

  it("an address that is none, and bytes that are no request", async () => {
    const { redirectUri, answer } = await listen();
    const { port } = new URL(redirectUri);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await new Promise<void>((resolve) => {
          const socket = connect(Number(port), "127.0.0.1", () => socket.end(bytes));
          socket.on("error", () => resolve()).on("close", () => resolve());
          socket.resume();
        });
      }),
      { numRuns: 50 },
    );
    await ask(`${redirectUri}?code=c0de&state=${STATE}`);
    expect((await answer).searchParams.get("code")).toBe("c0de");
  });
});

it("ABORTED when the user interrupts", async () => {
  const interrupt = new AbortController();
  const { answer } = await listen(5_000, interrupt.signal);
  interrupt.abort();
  await expect(answer).rejects.toMatchObject({ code: "ABORTED" });
});

it("refuses more than a browser would send", async () => {
  const { redirectUri, answer } = await listen();
  expect((await ask(`${redirectUri}?code=${"c".repeat(20_000)}&state=${STATE}`)).status).toBe(431);
  await ask(`${redirectUri}?code=c&state=${STATE}`);
  await answer;
});
