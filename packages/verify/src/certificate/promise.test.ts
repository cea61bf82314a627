import {
  ascii,
  type BundleOptions,
  entryFor,
  newTestKey,
  pemOf,
  rootOf,
  signBundle,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { at } from "../../test/attack-cases.ts";
import { outcome, PAYLOAD, refusal, rootsFrom, sign, sigstore, trusting } from "../../test/certificate-cases.ts";

/** As cosign attached it until 2023: an entry that keeps no signature, with a promise alone. */
const OLD: BundleOptions = { version: "0.1", entry: "intoto-0.0.1", entryOptions: { proof: false }, timestamp: null };

function withEntry(edit: (entry: ReturnType<typeof firstEntry>) => void) {
  const bundle = structuredClone(sign(OLD));
  edit(firstEntry(bundle));
  return bundle;
}

function firstEntry(bundle: ReturnType<typeof sign>) {
  const [entry] = bundle.verificationMaterial.tlogEntries;
  if (entry === undefined) throw new TypeError("no entry");
  return entry;
}

it("an entry that was promised is one, and says when", () => {
  expect(outcome(sign(OLD))).toBe("verified");
});

it.each([
  ["another time", (entry) => (entry.integratedTime = `${Number(entry.integratedTime) + 1}`)],
  ["another index", (entry) => (entry.logIndex = "7")],
  ["another promise", (entry) => (entry.inclusionPromise = { signedEntryTimestamp: "MAYCAQECAQE=" })],
] satisfies [string, (entry: ReturnType<typeof firstEntry>) => void][])("%s than was promised", (_what, edit) => {
  expect(refusal(withEntry(edit))).toContain("LOG_ENTRY_INVALID: the promise of a log does not hold");
});

it("another body than was promised", () => {
  const bundle = withEntry((entry) => {
    const body = JSON.parse(Buffer.from(entry.canonicalizedBody, "base64").toString());
    body.spec.content.hash.value = "0".repeat(64);
    entry.canonicalizedBody = Buffer.from(JSON.stringify(body)).toString("base64");
  });
  expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: the promise of a log does not hold");
});

it.each([
  ["no promise", (entry) => delete entry.inclusionPromise],
  ["no time", (entry) => (entry.integratedTime = "0")],
  ["a log that nobody knows", (entry) => (entry.logId.keyId = Buffer.alloc(32).toString("base64"))],
] satisfies [string, (entry: ReturnType<typeof firstEntry>) => void][])("%s", (_what, edit) => {
  expect(outcome(withEntry(edit))).toBe("LOG_ENTRY_INVALID");
});

it("a promise by another key", () => {
  const other = { ...sigstore, rekorV1: { ...sigstore.rekorV1, key: newTestKey() } };
  const bundle = structuredClone(signBundle(other, PAYLOAD, OLD).bundle);
  const entry = firstEntry(bundle);
  entry.logId = firstEntry(sign(OLD)).logId;
  expect(outcome(bundle)).toBe("LOG_ENTRY_INVALID");
});

describe("a promise is shown for what it is not", () => {
  const unkept = (actual: string) => `LOG_ENTRY_INVALID: the promise of a log does not hold: ${actual}`;

  it("none, where there is a proof alone, or one without a time", () => {
    expect(refusal(sign({ entry: "intoto-0.0.1", entryOptions: { promise: false } }))).toBe(unkept("none, or no time"));
    expect(refusal(withEntry((entry) => (entry.integratedTime = "0")))).toBe(unkept("none, or no time"));
  });

  it("of another signature, where the log's key was in use", () => {
    expect(refusal(withEntry((entry) => (entry.logIndex = "7")))).toBe(unkept("another signature"));
  });

  it.each([
    ["2026-01-15T12:00:00Z", undefined, "verified"],
    ["2020-01-01T00:00:00Z", "2026-01-15T12:00:00Z", "verified"],
    ["2026-01-15T12:00:01Z", undefined, unkept("a log whose key was not in use then")],
    ["2020-01-01T00:00:00Z", "2026-01-15T11:59:59Z", unkept("a log whose key was not in use then")],
  ])("by a log's key in use from %s to %s", async (start, end, result) => {
    const root = rootOf(sigstore);
    const [log] = root.tlogs;
    if (log !== undefined) log.publicKey.validFor = { start, ...(end === undefined ? {} : { end }) };
    expect(refusal(sign(OLD), trusting({ roots: await rootsFrom(root) }))).toBe(result);
  });

  it("ECDSA on P-256: no other log wrote entries of this kind", async () => {
    const modern = { ...sigstore, rekorV1: { ...sigstore.rekorV1, key: newTestKey("ed25519") } };
    const bundle = signBundle(modern, PAYLOAD, OLD).bundle;
    expect(refusal(bundle, trusting({ roots: await rootsFrom(rootOf(modern)) }))).toBe(unkept("another signature"));
  });
});

describe("with a proof", () => {
  const PROVEN: BundleOptions = { ...OLD, entryOptions: {} };
  const withProof = (edit: (proof: NonNullable<ReturnType<typeof firstEntry>["inclusionProof"]>) => void) => {
    const bundle = structuredClone(sign(PROVEN));
    const { inclusionProof } = firstEntry(bundle);
    if (inclusionProof === undefined) throw new TypeError("no proof");
    edit(inclusionProof);
    return refusal(bundle);
  };

  it.each([0, 1, 2, 3, 6])("of a tree with %i entries before and some after", (length) => {
    const others = (name: string, count: number) => Array.from({ length: count }, (_, at) => ascii(`${name} ${at}`));
    for (const after of [0, 1, 4]) {
      const entryOptions = { before: others("before", length), after: others("after", after) };
      expect(outcome(sign({ ...OLD, entryOptions }))).toBe("verified");
    }
  });

  it.each([
    ["another place", (proof) => (proof.logIndex = "0")],
    ["a place outside", (proof) => (proof.logIndex = "9")],
    ["a shorter path", (proof) => proof.hashes.pop()],
    ["a longer path", (proof) => proof.hashes.push(proof.rootHash)],
    ["another path", (proof) => proof.hashes.reverse()],
  ] satisfies [string, Parameters<typeof withProof>[0]][])("%s", (_what, edit) => {
    expect(withProof(edit)).toContain("LOG_ENTRY_INVALID: the proof of a log does not hold");
  });

  it("a checkpoint that says something else", () => {
    expect(withProof((proof) => (proof.treeSize = "4"))).toContain("LOG_ENTRY_INVALID: a checkpoint does not say");
  });

  it("a checkpoint that another key signed", () => {
    const other = { ...sigstore, rekorV1: { ...sigstore.rekorV1, key: newTestKey() } };
    const theirs = firstEntry(signBundle(other, PAYLOAD, PROVEN).bundle).inclusionProof?.checkpoint.envelope ?? "";
    const line = theirs.split("\n\n")[1] ?? "";
    expect(
      withProof(({ checkpoint }) => (checkpoint.envelope = `${checkpoint.envelope.split("\n\n")[0]}\n\n${line}`)),
    ).toContain("a checkpoint that the log did not sign");
  });
});

it("a time outside the certificate's", () => {
  expect(outcome(sign({ ...OLD, entryOptions: { proof: false, time: at("13:00:00") } }))).toBe("TIMESTAMP_INVALID");
});

it("another payload", () => {
  const bundle = structuredClone(sign(OLD));
  if (bundle.dsseEnvelope) bundle.dsseEnvelope.payload = Buffer.from("{}").toString("base64");
  expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another content");
});

it("another certificate of the same key", () => {
  const key = newTestKey();
  const mine = signBundle(sigstore, PAYLOAD, { ...OLD, key });
  const theirs = signBundle(sigstore, PAYLOAD, { ...OLD, key, leaf: { serial: 99 } });
  const { bytes, signature } = mine;
  const signed = { bytes, signature, payload: PAYLOAD, payloadType: "application/vnd.in-toto+json", key };
  const bundle = structuredClone(mine.bundle);
  bundle.verificationMaterial.tlogEntries = [
    entryFor(
      sigstore,
      "intoto-0.0.1",
      { ...signed, verifierPem: pemOf(theirs.leaf) },
      { time: at("12:00:00"), proof: false },
    ),
  ];
  expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another certificate or key");
});

it("a signature that does not hold, though the entry does", () => {
  const bundle = structuredClone(sign(OLD));
  const [signature] = bundle.dsseEnvelope?.signatures ?? [];
  if (signature) signature.sig = sign(OLD).dsseEnvelope?.signatures[0]?.sig ?? "";
  expect(outcome(bundle)).toBe("SIGNATURE_INVALID");
});

it("an entry without the payload's digest", () => {
  const bundle = withEntry((entry) => {
    const body = JSON.parse(Buffer.from(entry.canonicalizedBody, "base64").toString());
    delete body.spec.content.payloadHash;
    entry.canonicalizedBody = Buffer.from(JSON.stringify(body)).toString("base64");
  });
  expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: the body of a log entry is malformed");
});
