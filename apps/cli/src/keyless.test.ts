import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PlatformRun } from "@touchmark/plugin";
import { testSigstore, rootOf as trustedRootOf } from "@touchmark/testkit/sigstore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PUBLIC_INSTANCE } from "./builtin-services.ts";
import type { Config } from "./config/schema.ts";
import type { Context } from "./context.ts";
import { type KeylessOptions, keylessContacts, keylessOf, openKeyless } from "./keyless.ts";
import type { SigningOptions } from "./signing.ts";

let cwd: string;
let context: Context;

const service = (url: string) => ({
  url,
  majorApiVersion: 1,
  operator: "octo",
  validFor: { start: "2020-01-01T00:00:00Z" },
});

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "touchmark-keyless-"));
  context = { cwd } as Context;
  const config = {
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: [service("https://fulcio.example")],
    tsaUrls: [service("https://tsa.example/tsr")],
    tsaConfig: { selector: "ANY" },
  };
  writeFileSync(path.join(cwd, "services.json"), JSON.stringify(config));
  const trustedRoot = trustedRootOf(testSigstore());
  writeFileSync(path.join(cwd, "root.json"), JSON.stringify(trustedRoot));
  const mediaType = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";
  const client = { mediaType, trustedRoot, signingConfig: config };
  writeFileSync(path.join(cwd, "client.json"), JSON.stringify(client));
  writeFileSync(path.join(cwd, "no-roots.json"), JSON.stringify({ ...client, trustedRoot: {} }));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const chosen = (options: KeylessOptions & SigningOptions, sign?: Config["sign"]) =>
  keylessOf(context, options, sign === undefined ? null : ({ sign } as Config));

const OWN = ["fulcio.example", "tsa.example"];

describe("who signs", () => {
  it.each<[string, KeylessOptions & SigningOptions, Config["sign"]]>([
    ["nothing is said", {}, undefined],
    ["a key is named", { key: "k" }, undefined],
    ["the configuration has a key", {}, { key: "k" }],
    ["the configuration says so", {}, { with: "key" }],
    ["a key is named against the configuration", { key: "k" }, { with: "keyless" }],
  ])("a key, where %s", async (_name, options, sign) => {
    expect(await chosen(options, sign)).toBeNull();
  });

  it("the job, by the public-good instance, where nothing else is said", async () => {
    const expected = { instance: PUBLIC_INSTANCE, log: "auto", acknowledgePrivate: false, trustedRoot: null };
    expect(await chosen({ keyless: true })).toEqual(expected);
    expect(await chosen({}, { with: "keyless" })).toEqual(expected);
    expect(await chosen({ keyless: true }, { key: "k" })).toEqual(expected);
  });

  it("whoever the handed identity names, without another word", async () => {
    expect(await chosen({ login: true })).toMatchObject({ instance: PUBLIC_INSTANCE });
    expect(await chosen({ identityToken: "t" })).toMatchObject({ instance: PUBLIC_INSTANCE });
    expect(await chosen({ login: true }, { key: "k" })).toMatchObject({ instance: PUBLIC_INSTANCE });
    // What a platform's token says can be stated by a key.
    expect(await chosen({ identityToken: "t", key: "k" })).toBeNull();
    expect(await chosen({ identityToken: "t" }, { key: "k" })).toBeNull();
  });

  it("the job, by services of a file; flags win", async () => {
    const sign = {
      with: "keyless",
      "signing-config": "services.json",
      "trusted-root": "root.json",
      log: "none",
    } as const;
    expect(await chosen({}, sign)).toMatchObject({ log: "none", trustedRoot: "root.json" });
    expect(keylessContacts(await chosen({}, sign))).toEqual(OWN);
    const flags = { keyless: true, signingConfig: "services.json", trustedRoot: "other.json", log: "auto" };
    expect(await chosen(flags, sign)).toMatchObject({ log: "auto", trustedRoot: "other.json" });
  });

  it("the job, by a ClientTrustConfig, whose roots count where no others are named", async () => {
    const client = { keyless: true, signingConfig: "client.json" };
    expect(await chosen(client)).toMatchObject({ trustedRoot: "client.json" });
    expect(keylessContacts(await chosen(client))).toEqual(OWN);
    expect(await chosen({ ...client, trustedRoot: "root.json" })).toMatchObject({ trustedRoot: "root.json" });
    const configured = { with: "keyless", "signing-config": "client.json" } as const;
    expect(await chosen({}, configured)).toMatchObject({ trustedRoot: "client.json" });
    const both = { ...configured, "trusted-root": "root.json" } as const;
    expect(await chosen({}, both)).toMatchObject({ trustedRoot: "root.json" });
    expect(await chosen({ signingConfig: "client.json" }, both)).toMatchObject({ trustedRoot: "client.json" });
  });

  it("nobody, by a ClientTrustConfig with broken roots, also where others count", async () => {
    const broken = { keyless: true, signingConfig: "no-roots.json" };
    await expect(chosen(broken)).rejects.toMatchObject({ code: "ROOTS_INVALID" });
    await expect(chosen({ ...broken, trustedRoot: "root.json" })).rejects.toMatchObject({ code: "ROOTS_INVALID" });
  });

  it("the job, by addresses", async () => {
    const addresses = { keyless: true, fulcioUrl: "https://f.example", tsaUrl: "https://t.example", trustedRoot: "r" };
    expect((await chosen(addresses))?.instance.logs).toEqual([]);
    const log = { ...addresses, rekorUrl: "https://l.example" };
    expect((await chosen(log))?.instance.logs).toEqual([{ url: "https://l.example", version: 2 }]);
    expect((await chosen({ ...log, rekorVersion: "1" }))?.instance.logs).toMatchObject([{ version: 1 }]);
    expect(keylessContacts(await chosen(log))).toEqual(["f.example", "l.example", "t.example"]);
  });

  it.each<[string, KeylessOptions & SigningOptions, Config["sign"]]>([
    ["a key beside it", { keyless: true, key: "k" }, undefined],
    ["a key beside a login", { login: true, key: "k" }, undefined],
    ["a signing command beside it", { keyless: true, signerExec: "kms-sign" }, undefined],
    ["a signing command against the configuration", { signerExec: "kms-sign" }, { with: "keyless" }],
    ["a passphrase in a file beside it", { keyless: true, passphraseFile: "p" }, undefined],
    ["a passphrase in a variable beside it", { keyless: true, passphraseEnv: "P" }, undefined],
    ["a configured key beside it", {}, { with: "keyless", key: "k" }],
    ["a flag about it, and a key signs", { log: "auto", key: "k" }, undefined],
    ["an acknowledgement, and a key signs", { acknowledgePrivate: true }, undefined],
    ["own services without roots", { keyless: true, signingConfig: "services.json" }, undefined],
    ["own addresses without roots", { keyless: true, fulcioUrl: "https://f.example" }, undefined],
    ["services named twice", { keyless: true, signingConfig: "services.json", tsaUrl: "https://t.example" }, undefined],
    ["a log without an authority", { keyless: true, rekorUrl: "https://l.example", trustedRoot: "r" }, undefined],
    ["a version without a log", { keyless: true, fulcioUrl: "https://f.example", rekorVersion: "1" }, undefined],
    [
      "another version",
      {
        keyless: true,
        fulcioUrl: "https://f.example",
        rekorUrl: "https://l.example",
        rekorVersion: "3",
        trustedRoot: "r",
      },
      undefined,
    ],
    ["another mode", { keyless: true, log: "sometimes" }, undefined],
  ])("USAGE: %s", async (_name, options, sign) => {
    await expect(chosen(options, sign)).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("openKeyless", () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const runWith = (claims: object, issuer: string | null = "https://token.actions.githubusercontent.com") =>
    ({
      platform: "test",
      issuer,
      identityToken: async () => `${part({})}.${part({ sub: "x", ...claims })}.c2ln`,
    }) as unknown as PlatformRun;
  const claim = {
    builder: { id: "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1" },
    source: { uri: "git+https://github.com/octo/widgets@refs/tags/v1" },
  } as never;
  const keyless = {
    instance: {
      certificateAuthority: "https://f.example",
      logs: [{ url: "https://l.example", version: 2 }],
      timestampAuthorities: ["https://t.example/x"],
      timestamps: 1,
    },
    log: "auto",
    acknowledgePrivate: false,
    trustedRoot: "root.json",
  } as const;

  it("verifies by the identity that the statement names, with its source, as a consumer would", async () => {
    const signing = openKeyless(context, keyless, runWith({ repository_visibility: "public" }));
    expect(await signing.trustOf(claim, {} as never)).toMatchObject({
      kind: "identity",
      issuer: "https://token.actions.githubusercontent.com",
      identity: { exact: "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1" },
      source: { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1" },
      withoutLog: false,
    });
    expect(await signing.notes({} as never)).toEqual([]);
    expect(signing.publicKey).toBeNull();
  });

  it("says what no log has, and only then accepts it", async () => {
    const signing = openKeyless(context, keyless, runWith({ repository_visibility: "private" }));
    expect(await signing.trustOf(claim, {} as never)).toMatchObject({ withoutLog: true });
    expect(await signing.notes({} as never)).toEqual([expect.stringContaining("--without-log")]);
  });

  it("IDENTITY_TOKEN_MISSING on a platform without an issuer", () => {
    const open = () => openKeyless(context, keyless, runWith({}, null));
    expect(open).toThrow(expect.objectContaining({ code: "IDENTITY_TOKEN_MISSING" }));
  });
});
