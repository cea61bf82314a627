import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSigningConfig } from "./signing-config.ts";
import { contactsOf, instanceOf, PUBLIC_INSTANCE } from "./signing-instance.ts";

const NOW = Date.UTC(2026, 0, 15);
const mediaType = "application/vnd.dev.sigstore.signingconfig.v0.2+json";
const service = (
  url: string,
  majorApiVersion: number,
  operator = "octo",
  start = "2025-01-01T00:00:00Z",
  end?: string,
) => ({
  url,
  majorApiVersion,
  operator,
  validFor: { start, ...(end === undefined ? {} : { end }) },
});
/** That of the public instance, as of TUF root 16. */
const config = {
  mediaType,
  caUrls: [service("https://fulcio.sigstore.dev", 1, "sigstore.dev", "2022-04-13T20:06:15.000Z")],
  oidcUrls: [service("https://oauth2.sigstore.dev/auth", 1, "sigstore.dev", "2022-04-13T20:06:15.000Z")],
  rekorTlogUrls: [service("https://rekor.sigstore.dev", 1, "sigstore.dev", "2021-01-12T11:53:27.000Z")],
  tsaUrls: [service("https://timestamp.sigstore.dev/api/v1/timestamp", 1, "sigstore.dev", "2025-07-04T00:00:00Z")],
  rekorTlogConfig: { selector: "ANY" },
  tsaConfig: { selector: "ANY" },
};

const client = { mediaType: "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json", trustedRoot: {} };

const readFile = (file: object) => readSigningConfig(new TextEncoder().encode(JSON.stringify(file)), () => NOW);
const read = (change: object = {}) => readFile({ ...config, ...change }).instance;
const logsOf = (rekorTlogUrls: readonly object[], rekorTlogConfig: object = { selector: "ALL" }) =>
  read({ rekorTlogUrls, rekorTlogConfig }).logs.map(({ url, version }) => `${version} ${new URL(url).hostname}`);

describe("takes", () => {
  it("the public instance's, which is our default", () => {
    expect(read()).toEqual(PUBLIC_INSTANCE);
  });

  it("whom people log in with: the newest that is valid, as it is written; nobody where none is", () => {
    const some = [
      service("https://old.example", 1),
      service("https://new.example/", 1, "octo", "2025-06-01T00:00:00Z"),
      service("https://past.example", 1, "octo", "2025-07-01T00:00:00Z", "2026-01-14T23:59:59Z"),
      service("https://other.example", 2, "octo", "2025-07-01T00:00:00Z"),
    ];
    expect(read({ oidcUrls: some }).loginIssuer).toBe("https://new.example/");
    expect(read({ oidcUrls: [] })).not.toHaveProperty("loginIssuer");
    expect(read({ oidcUrls: undefined })).not.toHaveProperty("loginIssuer");
  });

  it("one by itself, or in a ClientTrustConfig, which has the roots too", () => {
    expect(readFile(config)).toEqual({ instance: PUBLIC_INSTANCE, withTrustedRoot: false });
    expect(readFile({ ...client, signingConfig: config })).toEqual({
      instance: PUBLIC_INSTANCE,
      withTrustedRoot: true,
    });
  });

  it("the newest of the highest version, one of each operator", () => {
    const some = [
      service("https://old.example", 2, "octo", "2025-01-01T00:00:00Z"),
      service("https://new.example/", 2, "octo", "2025-06-01T00:00:00Z"),
      service("https://past.example", 2, "octo", "2025-07-01T00:00:00Z", "2026-01-14T23:59:59Z"),
      service("https://future.example", 2, "octo", "2026-01-15T00:00:01Z"),
      service("https://first.example", 1, "octo", "2025-08-01T00:00:00Z"),
      service("https://third.example", 3, "octo", "2025-08-01T00:00:00Z"),
      service("https://other.example", 2, "other", "2025-02-01T00:00:00Z"),
    ];
    expect(logsOf(some)).toEqual(["2 new.example", "2 other.example"]);
    expect(logsOf(some, { selector: "ANY" })).toEqual(["2 new.example"]);
    expect(logsOf(some, { selector: "EXACT", count: 2 })).toEqual(["2 new.example", "2 other.example"]);
    expect(logsOf([...some].reverse())).toEqual(["2 new.example", "2 other.example"]);
  });

  it("timestamp authorities beyond those that are wanted, for when one fails", () => {
    const three = ["a", "b", "c"].map((name) => service(`https://${name}.example`, 1, name));
    const taken = (tsaConfig: object) => read({ tsaUrls: three, tsaConfig });
    expect(taken({ selector: "ANY" })).toMatchObject({ timestampAuthorities: { length: 3 }, timestamps: 1 });
    expect(taken({ selector: "EXACT", count: 2 })).toMatchObject({
      timestampAuthorities: { length: 3 },
      timestamps: 2,
    });
    expect(taken({ selector: "ALL" })).toMatchObject({ timestampAuthorities: { length: 3 }, timestamps: 3 });
  });

  it("the ends of a period as inside of it", () => {
    const day = "2026-01-15T00:00:00Z";
    expect(
      logsOf([
        service("https://a.example", 2, "a", day),
        service("https://b.example", 2, "b", "2025-01-01T00:00:00Z", day),
      ]),
    ).toHaveLength(2);
  });

  it("an older log where there is no newer one", () => {
    expect(logsOf([service("https://first.example", 1), service("https://third.example", 3)])).toEqual([
      "1 first.example",
    ]);
  });

  it("no log and no timestamp where the configuration has none", () => {
    const none = { rekorTlogUrls: undefined, rekorTlogConfig: undefined, tsaUrls: [], tsaConfig: undefined };
    expect(read(none)).toMatchObject({
      logs: [],
      timestampAuthorities: [],
      timestamps: 0,
    });
  });
});

describe("INPUT_INVALID", () => {
  it.each<[string, object]>([
    ["another version", { mediaType: "application/vnd.dev.sigstore.signingconfig.v0.1+json" }],
    ["no certificate authority", { caUrls: [] }],
    ["an authority of another version", { caUrls: [service("https://a.example", 2)] }],
    [
      "an authority of the past",
      { caUrls: [service("https://a.example", 1, "o", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z")] },
    ],
    ["an unknown selector", { rekorTlogConfig: { selector: "SERVICE_SELECTOR_UNDEFINED" } }],
    ["logs without a selector", { rekorTlogConfig: undefined }],
    ["timestamp authorities without a selector", { tsaConfig: undefined }],
    ["exactly none", { rekorTlogConfig: { selector: "EXACT", count: 0 } }],
    ["more than there are", { tsaConfig: { selector: "EXACT", count: 2 } }],
    ["all of none", { tsaUrls: [], tsaConfig: { selector: "ALL" } }],
    ["no start", { caUrls: [{ ...service("https://a.example", 1), validFor: {} }] }],
    ["a start that is no time", { caUrls: [service("https://a.example", 1, "o", "yesterday")] }],
    ["too many", { tsaUrls: Array(65).fill(service("https://a.example", 1)) }],
  ])("%s", (_name, change) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it.each<[string, object]>([
    ["without services", client],
    ["whose services are of another version", { ...client, signingConfig: { ...config, mediaType: "x" } }],
    ["without roots", { mediaType: client.mediaType, signingConfig: config }],
    ["of another version", { ...client, mediaType: `${client.mediaType}2`, signingConfig: config }],
  ])("a ClientTrustConfig %s", (_name, file) => {
    expect(() => readFile(file)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("anything at all", () => {
    const codes = expect.objectContaining({ code: expect.stringMatching(/^(INPUT_INVALID|USAGE)$/) });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constantFrom(...Object.keys(config))), (text) => {
        expect(() => readSigningConfig(new TextEncoder().encode(text), () => NOW)).toThrow(codes);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom("mediaType", "caUrls"), fc.jsonValue(), (key, value) => {
        expect(() => read({ [key]: value })).toThrow(codes);
      }),
    );
  });
});

describe("addresses", () => {
  it("of a user", () => {
    const instance = instanceOf({
      fulcio: "https://fulcio.example/",
      rekor: { url: "http://127.0.0.1:3003", version: 2 },
      timestamps: "https://tsa.example",
    });
    expect(instance).toEqual({
      certificateAuthority: "https://fulcio.example",
      logs: [{ url: "http://127.0.0.1:3003", version: 2 }],
      timestampAuthorities: ["https://tsa.example/api/v1/timestamp"],
      timestamps: 1,
    });
    expect(contactsOf(instance)).toEqual(["fulcio.example", "127.0.0.1:3003", "tsa.example"]);
    const other = instanceOf({ fulcio: "https://a.example", rekor: null, timestamps: "https://b.example/tsr/" });
    expect(other).toMatchObject({ logs: [], timestampAuthorities: ["https://b.example/tsr"] });
  });

  it.each([
    "fulcio.example",
    "http://fulcio.example",
    "https://me:secret@a.example",
    "https://a.example/?k=secret",
    "https://a.example/#x",
    "ftp://a.example",
    "",
  ])("USAGE: %s", (fulcio) => {
    const error = expect.objectContaining({ code: "USAGE", actual: expect.not.stringContaining("me:") });
    expect(() => instanceOf({ fulcio, rekor: null, timestamps: null })).toThrow(error);
  });
});
