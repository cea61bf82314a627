import { createHash, X509Certificate } from "node:crypto";
import { stableText } from "@touchmark/core";
import {
  type AuthorityInstance,
  type LogInstance,
  newTestKey,
  rootOf,
  testSigstore,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { instanceOf } from "./instance.ts";
import { parseRoots } from "./parse-roots.ts";

const START = "2020-01-01T00:00:00.000Z";
const [EARLY, LATE] = ["2025-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"];
const digestOf = (spki: Uint8Array) => createHash("sha256").update(spki).digest("hex");
const of = (root: unknown) => {
  const [parsed] = parseRoots(new TextEncoder().encode(JSON.stringify(root)), "roots").roots;
  if (parsed === undefined) throw new Error("no root");
  return instanceOf(parsed);
};

const sigstore = testSigstore();
const { rekorV1, rekorV2, ctLog } = sigstore;
const keysIn = ({ certChain }: AuthorityInstance) =>
  certChain.certificates.map(({ rawBytes }) => {
    const { publicKey } = new X509Certificate(Buffer.from(rawBytes, "base64"));
    return digestOf(publicKey.export({ type: "spki", format: "der" }));
  });

describe("an instance", () => {
  it("has every key of its root, with its end", () => {
    const root = rootOf(sigstore);
    const [v1, v2] = root.tlogs;
    if (v1) v1.publicKey.validFor = { start: "2020-01-01T00:00:00Z", end: "2025-01-01T00:00:00Z" };
    if (v2) v2.publicKey.validFor = { start: "2026-03-01T00:00:00Z" };
    for (const one of root.ctlogs)
      one.publicKey.validFor = { start: "2020-01-01T00:00:00Z", end: "2026-01-01T00:00:00Z" };
    for (const one of root.certificateAuthorities) one.validFor = { start: "2020-01-01T00:00:00Z", end: LATE };
    expect(of(root)).toMatchObject({
      newest: "2026-03-01T00:00:00.000Z",
      keys: Object.fromEntries([
        [digestOf(rekorV1.key.spki), EARLY],
        [digestOf(rekorV2.key.spki), null],
        [digestOf(ctLog.spki), LATE],
        ...root.certificateAuthorities.flatMap(keysIn).map((key) => [key, LATE]),
        ...root.timestampAuthorities.flatMap(keysIn).map((key) => [key, null]),
      ]),
    });
    expect(Object.keys(of(root).keys)).toHaveLength(7);
  });

  const key = newTestKey();
  const log = (end: string | null): LogInstance => ({
    baseUrl: "https://rekor.example",
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: Buffer.from(key.spki).toString("base64"),
      keyDetails: key.details,
      validFor: { start: START, ...(end === null ? {} : { end }) },
    },
    logId: { keyId: "AAAA" },
  });

  it.each<[string, readonly (string | null)[], string | null]>([
    ["once", [EARLY], EARLY],
    ["twice, the later one last", [EARLY, LATE], LATE],
    ["twice, the later one first", [LATE, EARLY], LATE],
    ["twice, at last without an end", [EARLY, null], null],
    ["twice, at first without an end", [null, EARLY], null],
  ])("has a key until its latest end: %s", (_, ends, end) => {
    expect(of({ ...rootOf(sigstore), tlogs: ends.map(log) }).keys[digestOf(key.spki)]).toBe(end);
  });
});

describe("the digest of an instance", () => {
  const root = rootOf(sigstore);

  it("is that of what its root says, as JSON without anything that this program does not read", () => {
    const ofAuthority = ({ uri, certChain }: AuthorityInstance) => ({
      uri,
      certChain,
      validFor: { start: START, end: null },
    });
    const ofLog = ({ baseUrl, hashAlgorithm, publicKey, logId }: LogInstance) => ({
      baseUrl,
      hashAlgorithm,
      publicKey: { ...publicKey, validFor: { start: START, end: null } },
      logId,
    });
    const text = stableText({
      mediaType: root.mediaType,
      tlogs: root.tlogs.map(ofLog),
      ctlogs: root.ctlogs.map(ofLog),
      certificateAuthorities: root.certificateAuthorities.map(ofAuthority),
      timestampAuthorities: root.timestampAuthorities.map(ofAuthority),
    });
    expect(of(root).digest).toBe(createHash("sha256").update(text).digest("hex"));
  });

  it("is the same however it is written, and another for an end", () => {
    const { mediaType, ...rest } = root;
    expect(of({ somethingNew: 1, ...rest, mediaType }).digest).toBe(of(root).digest);
    const ended = structuredClone(root);
    for (const one of ended.ctlogs) one.publicKey.validFor = { start: START, end: EARLY };
    expect(of(ended).digest).not.toBe(of(root).digest);
  });
});
