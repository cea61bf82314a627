import { createHash } from "node:crypto";
import {
  EKU,
  type Extension,
  extendedKeyUsage,
  intermediateAuthority,
  newTestKey,
  octets,
  POINTLESS_KEY_PEM,
  rootAuthority,
  rootOf,
  sequence,
  testSigstore,
  timestampAuthority,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { materialOf, type RootMaterial } from "./material.ts";
import { parseRoots } from "./parse-roots.ts";

const sigstore = testSigstore();
const START = new Date("2020-01-01T00:00:00Z");
const END = new Date("2026-01-01T00:00:00Z");
const FOREVER = new Date(8_640_000_000_000_000);
const ended = { start: "2020-01-01T00:00:00Z", end: "2026-01-01T00:00:00Z" };

function material(root: unknown): RootMaterial {
  const [parsed] = parseRoots(new TextEncoder().encode(JSON.stringify(root)), "roots").roots;
  if (parsed === undefined) throw new Error("no root");
  return materialOf(parsed, "roots");
}

/** The same, with the first of each kind changed. */
function changed({ log = {}, authority = {}, stamps = {} }: { log?: object; authority?: object; stamps?: object }) {
  const root = rootOf(sigstore);
  Object.assign(root.tlogs[0] ?? {}, log);
  Object.assign(root.certificateAuthorities[0] ?? {}, authority);
  Object.assign(root.timestampAuthorities[0] ?? {}, stamps);
  return material(root);
}

const refused = (actual: string) =>
  expect.objectContaining({
    code: "ROOTS_INVALID",
    message: "roots does not hold trusted roots that can be used",
    expected: "a trusted_root.json, a ClientTrustConfig, or what `gh attestation trusted-root` prints",
    actual,
    cause: expect.any(Error),
  });

describe("a log", () => {
  const keyId = Buffer.from("log").toString("base64");

  it("is known by its id, for its time", () => {
    const { logs, certificateLogIds, forLibrary } = changed({});
    const root = rootOf(sigstore);
    const idOf = (log: { logId: { keyId: string } } | undefined) => Buffer.from(log?.logId.keyId ?? "", "base64");
    expect(logs).toMatchObject([
      { logId: idOf(root.tlogs[0]), start: START, end: null },
      { logId: idOf(root.tlogs[1]), start: START, end: null },
    ]);
    expect(certificateLogIds).toEqual([idOf(root.ctlogs[0])]);
    expect(forLibrary.tlogs).toMatchObject([
      { logID: idOf(root.tlogs[0]), baseURL: sigstore.rekorV1.baseUrl, validFor: { start: START, end: FOREVER } },
      { logID: idOf(root.tlogs[1]), baseURL: sigstore.rekorV2.baseUrl, validFor: { start: START, end: FOREVER } },
    ]);
    expect(forLibrary.tlogs[0]?.publicKey.equals(sigstore.rekorV1.key.publicKey)).toBe(true);
    expect(forLibrary.ctlogs[0]?.publicKey.equals(sigstore.ctLog.publicKey)).toBe(true);
  });

  it("ends when it says so", () => {
    const { spki, details } = sigstore.rekorV1.key;
    const publicKey = { rawBytes: Buffer.from(spki).toString("base64"), keyDetails: details, validFor: ended };
    const { logs, forLibrary } = changed({ log: { publicKey } });
    expect(logs[0]).toMatchObject({ start: START, end: END });
    expect(forLibrary.tlogs[0]?.validFor).toEqual({ start: START, end: END });
  });

  it.each<[string, object, string]>([
    ["its id", { logId: { keyId }, checkpointKeyId: { keyId: "AAAA" } }, "log"],
    ["the id of its checkpoints, where it has no other", { logId: null, checkpointKeyId: { keyId } }, "log"],
  ])("is known by %s", (_, log, id) => {
    expect(changed({ log }).logs[0]?.logId.toString()).toBe(id);
  });

  it("is one witness with others of its operator, and else with others of its key", () => {
    expect(changed({ log: { operator: "octo" } }).logs[0]?.operator).toBe("octo");
    for (const operator of ["", null]) {
      const digest = createHash("sha256").update(sigstore.rekorV1.key.spki).digest("hex");
      expect(changed({ log: { operator } }).logs[0]?.operator).toBe(`key:${digest}`);
    }
  });

  it.each([
    ["https://rekor.example/log", ["rekor.example"]],
    ["HTTPS://rekor.example:8443", ["rekor.example", "rekor.example:8443"]],
    ["rekor.example", ["rekor.example"]],
    ["rekor.example/log?of=https://other.example", ["rekor.example"]],
  ])("at %s carries the names %j", (baseUrl, hosts) => {
    expect(changed({ log: { baseUrl } }).logs[0]?.hosts).toEqual(hosts);
  });

  it("may have an RSA key, as SubjectPublicKeyInfo or as PKCS#1", () => {
    const { publicKey } = newTestKey("RSA");
    for (const type of ["spki", "pkcs1"] as const) {
      const rawBytes = publicKey.export({ type, format: "der" }).toString("base64");
      const log = { publicKey: { rawBytes, keyDetails: "PKCS1_RSA_PKCS1V5", validFor: ended } };
      expect(changed({ log }).forLibrary.tlogs[0]?.publicKey.equals(publicKey)).toBe(true);
    }
  });

  it.each([
    ["no key", "AAAA"],
    ["a key without a point", POINTLESS_KEY_PEM.split("\n")[1]],
  ])("of which the key cannot be read says that: %s", (_, rawBytes) => {
    const publicKey = { rawBytes, keyDetails: "PKIX_ED25519", validFor: ended };
    expect(() => changed({ log: { publicKey } })).toThrow(refused("the key of a log that cannot be read"));
    const root = rootOf(sigstore);
    for (const one of root.ctlogs) Object.assign(one, { publicKey });
    expect(() => material(root)).toThrow(refused("the key of a certificate log that cannot be read"));
  });
});

describe("an authority", () => {
  it("may issue with each certificate of its chain, by name and key identifier", () => {
    const { issuers, forLibrary } = changed({});
    const [chain] = forLibrary.certificateAuthorities.map(({ certChain }) => certChain);
    expect(issuers).toEqual(chain?.map((one) => ({ subject: one.subject, keyId: one.extSubjectKeyID?.keyIdentifier })));
    expect(issuers.map(({ keyId }) => keyId?.byteLength)).toEqual([20, 20]);
  });

  it("need not name its key", () => {
    const fulcio = intermediateAuthority("bare", rootAuthority("bare root", { extensions: [] }), { extensions: [] });
    expect(material(rootOf({ ...sigstore, fulcio })).issuers.map(({ keyId }) => keyId)).toEqual([null, null]);
  });

  it("counts for its time", () => {
    expect(changed({}).forLibrary.certificateAuthorities[0]?.validFor).toEqual({ start: START, end: FOREVER });
    const { certificateAuthorities } = changed({ authority: { validFor: ended } }).forLibrary;
    expect(certificateAuthorities[0]?.validFor).toEqual({ start: START, end: END });
  });

  it("that cannot be read says that", () => {
    const certChain = { certificates: [{ rawBytes: "AAAA" }] };
    expect(() => changed({ authority: { certChain } })).toThrow(refused("a certificate that cannot be read"));
    expect(() => changed({ stamps: { certChain } })).toThrow(refused("a certificate that cannot be read"));
  });

  it("is vouched for by whoever gave the roots, as the last of its chain, and never before that", () => {
    const broken = Buffer.from(rootAuthority("root").chain[0]?.der ?? []);
    broken.writeUInt8(broken.readUInt8(broken.length - 1) ^ 1, broken.length - 1);
    const rawBytes = broken.toString("base64");
    const { forLibrary } = changed({ authority: { certChain: { certificates: [{ rawBytes }, { rawBytes }] } } });
    const [chain] = forLibrary.certificateAuthorities.map(({ certChain }) => certChain);
    expect(chain?.map((one) => one.verify())).toEqual([false, true]);
  });

  it("brings no keys of signers", () => {
    expect(() => changed({}).forLibrary.publicKey("hint")).toThrow(TypeError);
  });
});

describe("a timestamp authority", () => {
  it("is known by its signing certificate, and is one witness by operator, address or name", () => {
    const { timestampSigners, forLibrary } = changed({ stamps: { operator: "octo" } });
    const [signer] = forLibrary.timestampAuthorities[0]?.certChain ?? [];
    expect(timestampSigners).toEqual([
      { issuer: signer?.issuer, serialNumber: signer?.serialNumber, operator: "octo" },
    ]);
    const operatorOf = (stamps: object) => changed({ stamps }).timestampSigners[0]?.operator;
    expect(operatorOf({})).toBe("https://timestamp.sigstore.test");
    expect(operatorOf({ operator: "" })).toBe("https://timestamp.sigstore.test");
    expect(operatorOf({ uri: null })).toBe(signer?.subject.toString("base64"));
  });

  const empty: Extension = { oid: "2.5.29.37", critical: true, value: sequence() };
  it.each<[string, readonly Extension[], boolean]>([
    ["timestamps, critical", [extendedKeyUsage([EKU.timeStamping], true)], true],
    ["timestamps, not critical", [extendedKeyUsage([EKU.timeStamping], false)], false],
    ["timestamps and another", [extendedKeyUsage([EKU.timeStamping, EKU.codeSigning], true)], false],
    ["signing code", [extendedKeyUsage([EKU.codeSigning], true)], false],
    ["nothing that is named", [empty], false],
    ["nothing that can be read", [{ ...empty, value: octets(new Uint8Array(0)) }], false],
    ["anything", [], false],
  ])("is made for %s: %s", (_, extensions, holds) => {
    const timestamps = timestampAuthority("stamps", rootAuthority("stamps root"), { extensions });
    const open = () => material(rootOf({ ...sigstore, timestamps })).timestampSigners.length;
    if (holds) expect(open()).toBe(1);
    else expect(open).toThrow(refused("a timestamp authority's certificate that cannot be read"));
  });
});
