import {
  newTestKey,
  rootAuthority,
  rootOf,
  type TrustedRoot,
  testSigstore,
  timestampAuthority,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import type { SeenInstance } from "../seen/schema.ts";
import { MAX_ROOTS_BYTES } from "./limits.ts";
import { PUBLIC_GOOD_ROOT } from "./public-good.ts";
import { Roots } from "./roots.ts";

const sigstore = testSigstore();
const root = rootOf(sigstore);

function open(text: string, asOf: string | null = null, seen: readonly SeenInstance[] = []): Roots {
  return new Roots({ bytes: new TextEncoder().encode(text), label: "roots", asOf }, { notBefore: null, seen });
}

const json = (value: unknown) => JSON.stringify(value);
const changed = (edit: (copy: TrustedRoot) => void): string => {
  const copy = structuredClone(root);
  edit(copy);
  return json(copy);
};

const tlog = (edit: (log: TrustedRoot["tlogs"][number]) => void) =>
  changed((copy) => {
    for (const log of copy.tlogs.slice(0, 1)) edit(log);
  });

/** The root in so many bytes. */
const padded = (length: number) =>
  json({ ...root, padding: "x".repeat(length - json({ ...root, padding: "" }).length) });

const withKey = (kind: "P-384" | "P-521") => ({ ...sigstore.rekorV1, key: newTestKey(kind) });

describe("the format is recognised", () => {
  it.each([
    ["a trusted root on one line", json(root), 1],
    ["a trusted root over several lines", JSON.stringify(root, null, 2), 1],
    ["the public-good root", PUBLIC_GOOD_ROOT, 1],
    [
      "a trusted root of another version",
      json({ ...root, mediaType: "application/vnd.dev.sigstore.trustedroot.v0.2+json" }),
      1,
    ],
    [
      "a ClientTrustConfig",
      json({
        mediaType: "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
        trustedRoot: root,
        signingConfig: { mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json" },
      }),
      1,
    ],
    ["what gh attestation trusted-root prints", `${json(root)}\n${json(rootOf(testSigstore()))}\n`, 2],
    ["the same with blank lines and carriage returns", `\r\n${json(root)}\r\n\r\n${json(root)}`, 2],
    ["the same behind spaces", `  ${json(root)}\n  ${json(root)}`, 2],
    ["16 roots", `${json(root)}\n`.repeat(16), 16],
    ["1 MiB of two roots", `${json(root)}\n${padded(MAX_ROOTS_BYTES - json(root).length - 1)}`, 2],
    ["a root without logs", json({ ...root, tlogs: [] }), 1],
    ["a root with a log and a timestamp authority", json({ ...root, tlogs: root.tlogs.slice(0, 1) }), 1],
    [
      "a root that leaves out what it does not have",
      json({ ...root, ctlogs: undefined, timestampAuthorities: null }),
      1,
    ],
    [
      "a key that counts for a moment",
      tlog((log) => {
        log.publicKey.validFor = { start: "2026-01-01T00:00:00Z", end: "2026-01-01T00:00:00.000Z" };
      }),
      1,
    ],
    ["members that are newer than this program", json({ ...root, somethingNew: {} }), 1],
  ])("%s", (_, text, count) => {
    expect(open(text).list()).toHaveLength(count);
  });

  it("lists what counts, and for which time", () => {
    expect(
      open(
        changed((copy) =>
          Object.assign(copy.timestampAuthorities[0] ?? {}, {
            validFor: { start: "2020-01-01T00:00:00Z", end: "2026-01-01T00:00:00.5Z" },
          }),
        ),
      ).list(),
    ).toMatchObject([
      {
        certificateAuthorities: [
          { name: "https://fulcio.sigstore.test", start: "2020-01-01T00:00:00.000Z", end: null },
        ],
        certificateLogs: [{ name: "https://ctfe.sigstore.test" }],
        logs: [{ name: "https://rekor.sigstore.test" }, { name: "https://log2026-1.rekor.sigstore.test" }],
        timestampAuthorities: [{ end: "2026-01-01T00:00:00.500Z" }],
      },
    ]);
  });

  it("takes its newest start for its date, unless it is known", () => {
    const text = changed((copy) =>
      Object.assign(copy.tlogs[1]?.publicKey ?? {}, { validFor: { start: "2026-03-01T00:00:00Z" } }),
    );
    expect(open(text).date).toBe("2026-03-01T00:00:00.000Z");
    expect(open(text, "2026-06-01T00:00:00Z").date).toBe("2026-06-01T00:00:00Z");
  });
});

describe("roots that are refused", () => {
  it.each([
    ["nothing", ""],
    ["text", "roots"],
    ["a list", json([root])],
    ["another document", json({ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" })],
    ["no media type", json({ ...root, mediaType: undefined })],
    [
      "a version that is not known",
      json({ ...root, mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=9" }),
    ],
    ["a key twice", json(root).replace("{", `{"mediaType":"${root.mediaType}",`)],
    ["a second line that is broken", `${json(root)}\n{`],
    ["17 roots", `${json(root)}\n`.repeat(17)],
    ["65 logs", json({ ...root, tlogs: new Array(65).fill(root.tlogs[0]) })],
    ["two lines with more than 1 MiB", `${json(root)}\n${padded(MAX_ROOTS_BYTES - json(root).length)}`],
    ["more than 1 MiB", `${json(root)}${" ".repeat(1024 * 1024)}`],
    ["no certificate authority", json({ ...root, certificateAuthorities: [] })],
    ["nobody who says when", json({ ...root, tlogs: [], timestampAuthorities: [] })],
    ["a log without a start", tlog((log) => Object.assign(log.publicKey, { validFor: {} }))],
    [
      "a log without a time",
      tlog((log) => {
        delete log.publicKey.validFor;
      }),
    ],
    [
      "a certificate log without a start",
      changed((copy) => Object.assign(copy.ctlogs[0]?.publicKey ?? {}, { validFor: { end: "2026-01-01T00:00:00Z" } })),
    ],
    [
      "an authority without a start",
      changed((copy) => Object.assign(copy.certificateAuthorities[0] ?? {}, { validFor: {} })),
    ],
    [
      "a timestamp authority without a start",
      changed((copy) => Object.assign(copy.timestampAuthorities[0] ?? {}, { validFor: {} })),
    ],
    [
      "an end before the start",
      tlog((log) => {
        log.publicKey.validFor = { start: "2026-01-02T00:00:00Z", end: "2026-01-01T00:00:00Z" };
      }),
    ],
    [
      "a start that is no time",
      tlog((log) => {
        log.publicKey.validFor = { start: "2026-13-01T00:00:00Z" };
      }),
    ],
    [
      "a start in the year 12026",
      tlog((log) => {
        log.publicKey.validFor = { start: "+012026-01-01T00:00:00Z" };
      }),
    ],
    [
      "a start without a zone",
      tlog((log) => {
        log.publicKey.validFor = { start: "2026-01-01T00:00:00" };
      }),
    ],
    [
      "a key of a kind that nobody here verifies",
      tlog((log) => {
        log.publicKey.keyDetails = "ML_DSA_65";
      }),
    ],
    ["a log's key on another curve", json(rootOf({ ...sigstore, rekorV1: withKey("P-384") }))],
    [
      "a log's key on another curve that is called P-256",
      changed((copy) => {
        const { publicKey } = rootOf({ ...sigstore, rekorV1: withKey("P-521") }).tlogs[0] ?? {};
        Object.assign(copy.tlogs[0]?.publicKey ?? {}, { rawBytes: publicKey?.rawBytes });
      }),
    ],
    [
      "a key that is none",
      tlog((log) => {
        log.publicKey.rawBytes = "AAAA";
      }),
    ],
    [
      "a key that is no base64",
      tlog((log) => {
        log.publicKey.rawBytes = "!";
      }),
    ],
    [
      "a log without an id",
      tlog((log) => {
        Reflect.deleteProperty(log, "logId");
      }),
    ],
    [
      "a log with an empty id",
      tlog((log) => {
        Reflect.deleteProperty(log.logId, "keyId");
      }),
    ],
    [
      "a tree of another hash",
      tlog((log) => {
        log.hashAlgorithm = "SHA2_512";
      }),
    ],
    [
      "a base URL that is none",
      tlog((log) => {
        log.baseUrl = "http://[";
      }),
    ],
    [
      "a certificate that is none",
      changed((copy) =>
        Object.assign(copy.certificateAuthorities[0] ?? {}, { certChain: { certificates: [{ rawBytes: "AAAA" }] } }),
      ),
    ],
    [
      "a certificate with an extension that has no name",
      changed((copy) => {
        const [certificate] = copy.certificateAuthorities[0]?.certChain.certificates ?? [];
        if (certificate === undefined) return;
        const der = Buffer.from(certificate.rawBytes, "base64");
        const name = der.indexOf(Buffer.from("0603551d0e", "hex")); // OBJECT IDENTIFIER 2.5.29.14
        der[name] = 0x07;
        certificate.rawBytes = der.toString("base64");
      }),
    ],
    [
      "an empty chain",
      changed((copy) => Object.assign(copy.certificateAuthorities[0] ?? {}, { certChain: { certificates: [] } })),
    ],
    [
      "a timestamp authority that is made for anything",
      json(
        rootOf({ ...sigstore, timestamps: timestampAuthority("lax", rootAuthority("lax root"), { extensions: [] }) }),
      ),
    ],
  ])("%s", (_, text) => {
    expect(() => open(text)).toThrow(expect.objectContaining({ code: "ROOTS_INVALID" }));
    const seen = open(json(root)).instances();
    expect(() => open(text, null, seen)).toThrow(expect.objectContaining({ code: "ROOTS_INVALID" }));
  });

  it.each<[string, string, unknown]>([
    ["the bytes", "roots", expect.stringMatching(/^roots is not valid JSON: Unexpected token/)],
    ["the number of lines", `${json(root)}\n`.repeat(17), "17 lines, at most 16"],
    ["the place", json({ ...root, ctlogs: 1 }), expect.stringMatching(/^ctlogs: /)],
    [
      "the base64",
      tlog((log) => {
        log.publicKey.rawBytes = "!";
      }),
      expect.stringMatching(/^tlogs\.0\.publicKey\.rawBytes: a certificate or a key is not /),
    ],
  ])("are refused for %s", (_, text, actual) => {
    expect(() => open(text)).toThrow(
      expect.objectContaining({
        code: "ROOTS_INVALID",
        message: "roots does not hold trusted roots that can be used",
        expected: "a trusted_root.json, a ClientTrustConfig, or what `gh attestation trusted-root` prints",
        actual,
      }),
    );
  });
});
