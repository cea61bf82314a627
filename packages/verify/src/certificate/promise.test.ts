import { type BundleOptions, entryFor, newTestKey, pemOf, signBundle } from "@touchmark/testkit/sigstore";
import { expect, it } from "vitest";
import { at } from "../../test/attack-cases.ts";
import { outcome, PAYLOAD, refusal, sign, sigstore } from "../../test/certificate-cases.ts";

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

it("with a proof it is refused: nobody here would check that", () => {
  expect(refusal(sign({ ...OLD, entryOptions: {} }))).toContain("a proof, which is not read for this kind");
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
