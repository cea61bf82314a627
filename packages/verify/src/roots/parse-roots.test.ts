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

const tlog = (edit: (log: TrustedRoot["tlogs"][number]) => void) =>
  changed((copy) => {
    for (const log of copy.tlogs.slice(0, 1)) edit(log);
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
});
