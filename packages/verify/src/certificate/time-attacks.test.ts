import {
  type BundleOptions,
  newTestKey,
  rootOf,
  signBundle,
  timestampResponse,
  trustedRoot,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { type Attack, at, edited, other, PROMISED } from "../../test/attack-cases.ts";
import { outcome, PAYLOAD, rootsFrom, sign, sigstore, trusting } from "../../test/certificate-cases.ts";

// A1, A10, A11, A26: when it was signed, and who was trusted then.
const attacks: readonly Attack[] = [
  ["a certificate that had expired", { timestamp: { time: at("12:10:01") } }, {}, "TIMESTAMP_INVALID"],
  ["a certificate that was not valid yet", { timestamp: { time: at("11:59:59") } }, {}, "TIMESTAMP_INVALID"],
  [
    "a log's time after the certificate",
    { entry: "dsse-0.0.1", entryOptions: { time: at("12:11:00") } },
    {},
    "TIMESTAMP_INVALID",
  ],
  [
    "a time that no log promised",
    { entry: "dsse-0.0.1", timestamp: null, entryOptions: { promise: false } },
    {},
    "TIMESTAMP_INVALID",
  ],
];

it.each(attacks)("%s", (_, options, changed, code) => {
  expect(outcome(sign(options, changed))).toBe(code);
});

describe("what was changed afterwards", () => {
  it("a promised time by a second", () => {
    expect(
      edited(PROMISED, (_, entry) => {
        entry.integratedTime = String(Number(entry.integratedTime) + 1);
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it.each(["253402300800", "8640000000001", "9007199254740991"])("a promised time of %s seconds", (time) => {
    expect(
      edited(PROMISED, (_, entry) => {
        entry.integratedTime = time;
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("a time for an entry that has none", () => {
    const late = { timestamp: null } as const;
    expect(
      edited(late, (_, entry) => {
        entry.integratedTime = "1768478400";
      }),
    ).toBe("TIMESTAMP_INVALID");
  });
});

// A10, A26: everything counts in its time only, and the end belongs to it.
describe("the time of the roots", () => {
  const period = (edit: (root: ReturnType<typeof rootOf>) => void) => {
    const root = rootOf(sigstore);
    edit(root);
    return rootsFrom(root);
  };
  const before = { start: "2020-01-01T00:00:00Z", end: "2026-01-15T11:59:59Z" };
  const until = { start: "2020-01-01T00:00:00Z", end: "2026-01-15T12:00:00Z" };
  const from = { start: "2026-01-15T12:00:00Z" };
  const after = { start: "2026-01-15T12:00:01Z" };
  const first = <T>([one]: T[]): T => one as T;

  it.each([
    ["log of version 1", { entry: "dsse-0.0.1" }, (root) => root.tlogs[0]?.publicKey, "LOG_ENTRY_INVALID"],
    ["log of version 2", {}, (root) => root.tlogs[1]?.publicKey, "LOG_ENTRY_INVALID"],
    ["certificate log", {}, (root) => first(root.ctlogs).publicKey, "CERTIFICATE_INVALID"],
    ["certificate authority", {}, (root) => first(root.certificateAuthorities), "CERTIFICATE_INVALID"],
    ["timestamp authority", {}, (root) => first(root.timestampAuthorities), "TIMESTAMP_INVALID"],
  ] as readonly [
    string,
    BundleOptions,
    (root: ReturnType<typeof rootOf>) => { validFor?: { start?: string; end?: string } } | undefined,
    string,
  ][])("of a %s", async (_, options, of, code) => {
    const bundle = sign(options);
    for (const [validFor, expected] of [
      [until, "verified"],
      [from, "verified"],
      [before, code],
      [after, code],
    ] as const) {
      const limited = await period((root) => Object.assign(of(root) ?? {}, { validFor }));
      expect(outcome(bundle, trusting({ roots: limited }))).toBe(expected);
    }
  });

  it("a retired timestamp authority does not borrow another one's time", async () => {
    const two = { authority: other.timestamps, uri: "https://b.example" };
    const root = trustedRoot({
      logs: [sigstore.rekorV1, sigstore.rekorV2],
      ctLogs: [{ key: sigstore.ctLog, baseUrl: "https://ct.example" }],
      certificateAuthorities: [{ authority: sigstore.fulcio, uri: "https://f.example" }],
      timestampAuthorities: [{ authority: sigstore.timestamps, uri: "https://a.example" }, two],
    });
    expect(outcome(sign(), trusting({ roots: await rootsFrom(root) }))).toBe("verified");
    Object.assign(root.timestampAuthorities[0] ?? {}, { validFor: before });
    expect(outcome(sign(), trusting({ roots: await rootsFrom(root) }))).toBe("TIMESTAMP_INVALID");
    expect(outcome(sign({}, { timestamps: other.timestamps }), trusting({ roots: await rootsFrom(root) }))).toBe(
      "verified",
    );
  });

  it("one good timestamp does not make up for one outside", async () => {
    const bundle = structuredClone(sign());
    const late = sign({ key: newTestKey() });
    expect(late).not.toEqual(bundle);
    const signed = signBundle(sigstore, PAYLOAD, {});
    const outside = timestampResponse(sigstore.timestamps, signed.signature, { time: at("13:00:00") });
    const inside = timestampResponse(sigstore.timestamps, signed.signature, { time: at("12:01:00") });
    const both = (second: Uint8Array) => {
      const copy = structuredClone(signed.bundle);
      copy.verificationMaterial.timestampVerificationData?.rfc3161Timestamps.push({
        signedTimestamp: Buffer.from(second).toString("base64"),
      });
      return outcome(copy);
    };
    expect(both(inside)).toBe("verified");
    expect(both(outside)).toBe("TIMESTAMP_INVALID");
  });
});
