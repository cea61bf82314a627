import { describe, expect, it } from "vitest";
import { errorWords } from "../test/error-words.ts";
import { credentialSource, parseDockerConfig, parseHelperOutput, saysNotFound } from "./docker-config.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const base64 = (text: string) => Buffer.from(text).toString("base64");
const sourceIn = (config: unknown, registry: string) =>
  credentialSource(parseDockerConfig(bytes(JSON.stringify(config)), "config.json"), registry, "config.json");
const basic = (username: string, password: string) => ({
  kind: "stored",
  credentials: { kind: "basic", username, password },
});

describe("credentials written in the configuration", () => {
  it("are a name and a password, with whatever colons it has", () => {
    const auths = { "ghcr.io": { auth: base64("octo:pass:word") } };
    expect(sourceIn({ auths }, "ghcr.io")).toEqual(basic("octo", "pass:word"));
  });

  it("may have been padded, be spelled out, or be an identity token", () => {
    const auths = {
      "a.example": { auth: base64("octo:word\0\0") },
      "b.example": { username: "octo", password: "word" },
      "c.example": { auth: base64("octo:"), identitytoken: "identity" },
    };
    expect(sourceIn({ auths }, "a.example")).toEqual(basic("octo", "word"));
    expect(sourceIn({ auths }, "b.example")).toEqual(basic("octo", "word"));
    expect(sourceIn({ auths }, "c.example")).toEqual({
      kind: "stored",
      credentials: { kind: "identity-token", token: "identity" },
    });
  });

  it.each([{}, { auths: {} }, { auths: { "ghcr.io": {} } }, { auths: { "ghcr.io": { auth: "" } } }, { auths: null }])(
    "may be none: %j",
    (config) => {
      expect(sourceIn(config, "ghcr.io")).toEqual({ kind: "none" });
    },
  );
});

describe("the registry that credentials are for", () => {
  const found = (key: string, registry: string) =>
    sourceIn({ auths: { [key]: { auth: base64("octo:word") } } }, registry).kind === "stored";

  it.each([
    ["ghcr.io", "ghcr.io"],
    ["https://ghcr.io", "ghcr.io"],
    ["https://ghcr.io/", "ghcr.io"],
    ["ghcr.io/v2/", "ghcr.io"],
    ["https://ghcr.io/v1/", "ghcr.io"],
    ["GHCR.io", "ghcr.io"],
    ["ghcr.io:443", "ghcr.io"],
    ["http://127.0.0.1:5000", "127.0.0.1:5000"],
    ["https://index.docker.io/v1/", "docker.io"],
    ["index.docker.io", "docker.io"],
    ["docker.io", "docker.io"],
    ["registry-1.docker.io", "docker.io"],
    ["https://index.docker.io/v1/", "index.docker.io"],
  ])("%s stands for %s", (key, registry) => {
    expect(found(key, registry)).toBe(true);
  });

  it.each([
    ["ghcr.io", "ghcr.io.evil.example"],
    ["ghcr.io", "evil.ghcr.io"],
    ["ghcr.io", "xghcr.io"],
    ["ghcr.io", "ghcr.io:444"],
    ["registry.example:5000", "registry.example"],
    ["example", "registry.example"],
    [".example", "registry.example"],
    ["*.example", "registry.example"],
    ["quay.io/team", "quay.io"],
    ["https://quay.io/team/", "quay.io"],
    ["https://user@ghcr.io", "ghcr.io"],
    ["https://ghcr.io/?x", "ghcr.io"],
    ["docker.io", "hub.docker.io"],
    ["", "ghcr.io"],
  ])("%s does not stand for %s", (key, registry) => {
    expect(found(key, registry)).toBe(false);
  });

  it("is first the one of exactly this name", () => {
    const auths = { "https://ghcr.io/v2/": { auth: base64("first:x") }, "ghcr.io": { auth: base64("exact:x") } };
    expect(sourceIn({ auths }, "ghcr.io")).toEqual(basic("exact", "x"));
  });
});

describe("a credential helper", () => {
  it("of the registry comes first, then the store of all", () => {
    const config = {
      auths: { "ghcr.io": { auth: base64("octo:word") } },
      credHelpers: { "ghcr.io": "own" },
      credsStore: "store",
    };
    expect(sourceIn(config, "ghcr.io")).toEqual({
      kind: "helper",
      command: "docker-credential-own",
      server: "ghcr.io",
    });
    expect(sourceIn(config, "quay.io")).toMatchObject({ command: "docker-credential-store", server: "quay.io" });
  });

  it("is asked for Docker Hub by the name that docker stores it under", () => {
    expect(sourceIn({ credsStore: "store" }, "docker.io")).toMatchObject({ server: "https://index.docker.io/v1/" });
    expect(sourceIn({ credHelpers: { "https://index.docker.io/v1/": "own" } }, "docker.io")).toMatchObject({
      command: "docker-credential-own",
    });
  });

  it.each(["../evil", "a/b", "a b", "-x", "a;b", "a\0b", "$(x)", "x".repeat(65), "a\\b"])(
    "is not called %j",
    async (credsStore) => {
      expect(await errorWords(() => sourceIn({ credsStore }, "ghcr.io"))).toMatch(/^CREDENTIALS_UNREADABLE/);
    },
  );

  it("prints a name and a secret, or a token", () => {
    const answer = (value: unknown) => parseHelperOutput(bytes(JSON.stringify(value)), "the answer");
    expect(answer({ ServerURL: "ghcr.io", Username: "octo", Secret: "word" })).toEqual({
      kind: "basic",
      username: "octo",
      password: "word",
    });
    expect(answer({ Username: "<token>", Secret: "identity" })).toEqual({ kind: "identity-token", token: "identity" });
    expect(answer({ Username: "", Secret: "" })).toBeNull();
  });

  it("says that it has nothing", () => {
    expect(saysNotFound(bytes("credentials not found in native keychain\n"))).toBe(true);
    expect(saysNotFound(bytes("not logged in"))).toBe(false);
  });
});

describe("a configuration that cannot be read", () => {
  it.each([
    ["no JSON", 'canary"'],
    ["half of it", '{"auths":{"ghcr.io":{"auth":"canary'],
    ["a key twice", '{"auths":{},"auths":{"canary":{}}}'],
    ["a list", '["canary"]'],
    ["auths that are a text", '{"auths":"canary"}'],
    ["an auth that is a number", '{"auths":{"ghcr.io":{"auth":12345}}}'],
    ["an auth that is not base64", '{"auths":{"ghcr.io":{"auth":"canary!canary"}}}'],
    ["an auth without a colon", `{"auths":{"ghcr.io":{"auth":"${base64("canary")}"}}}`],
    ["an auth without a name", `{"auths":{"ghcr.io":{"auth":"${base64(":canary")}"}}}`],
    ["a helper with a path", '{"credHelpers":{"ghcr.io":"/tmp/canary"}}'],
  ])("with %s is an error that shows nothing of it", async (_, text) => {
    const words = await errorWords(() =>
      credentialSource(parseDockerConfig(bytes(text), "config.json"), "ghcr.io", "config.json"),
    );
    expect(words).toMatch(/^CREDENTIALS_UNREADABLE/);
    expect(words).not.toMatch(/canary|12345/);
  });

  it.each(["canary", '{"Username":"canary"}', '{"Username":"octo","Secret":["canary"]}'])(
    "nor does the one of a helper that prints %s",
    async (text) => {
      const words = await errorWords(() => parseHelperOutput(bytes(text), "the answer"));
      expect(words).toMatch(/^CREDENTIALS_UNREADABLE/);
      expect(words).not.toContain("canary");
    },
  );
});
