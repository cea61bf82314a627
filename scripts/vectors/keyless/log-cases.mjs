// Entries of transparency logs: A3, A6, A19, A24.
import { ascii, entryFor, logEntry, pemOf } from "../../../packages/testkit/src/sigstore/index.ts";
import { subject } from "../release-parts.mjs";
import { sigstore, stranger } from "./authorities.mjs";
import { derivedKey } from "./derived-key.mjs";
import { at, keyless, provenance, signed } from "./keyless-release.mjs";

const KINDS = ["hashedrekord-0.0.1", "hashedrekord-0.0.2", "dsse-0.0.1", "intoto-0.0.2"];

export function logCases({ pass, fail }) {
  for (const kind of KINDS) entriesOf(kind, { pass, fail });
  fail(
    "log-intoto-0.0.2-other-payload-type",
    "LOG_ENTRY_INVALID",
    "log-intoto-0.0.2",
    "The entry is about an envelope of another payload type (A3).",
    { bundle: withEntry("intoto-0.0.2", { payloadType: "text/plain" }) },
  );

  const elsewhere = keyless({ statement: provenance(undefined, [subject("other", "x\n")]) });
  fail(
    "log-entry-of-another-bundle",
    "LOG_ENTRY_INVALID",
    "keyless",
    "The entry is good, and is about another bundle of the same signer (A3, CVE-2026-22703).",
    { bundle: edited({}, (bundle) => Object.assign(bundle.verificationMaterial, entriesFrom(elsewhere))) },
  );
  pass("log-two", "One entry in each of two logs.", { bundle: inTwoLogs() });
  const bad = inTwoLogs();
  bad.verificationMaterial.tlogEntries[1] = keyless({
    entry: "dsse-0.0.1",
    statement: provenance(undefined, [subject("other", "x\n")]),
  }).verificationMaterial.tlogEntries[0];
  fail(
    "log-two-one-bad",
    "LOG_ENTRY_INVALID",
    "log-two",
    "The second entry is about another bundle. The first one does not make up for it (A3).",
    { bundle: bad },
  );
  fail("log-entry-twice", "LOG_ENTRY_INVALID", "keyless", "The same entry twice: it is one witness (A6).", {
    bundle: edited({}, ({ verificationMaterial }) => {
      verificationMaterial.tlogEntries.push(verificationMaterial.tlogEntries[0]);
    }),
  });

  pass("log-none-accepted", "In no log, and the user asked for no log.", {
    bundle: keyless({ entry: null }),
    args: { withoutLog: true },
  });
  fail("log-none", "LOG_ENTRY_INVALID", "log-none-accepted", "In no log, and the roots have logs.", {
    bundle: keyless({ entry: null }),
  });
  fail(
    "log-none-nor-time",
    "TIMESTAMP_INVALID",
    "log-none-accepted",
    "In no log, as the user asked, and without a timestamp: nobody says when.",
    { bundle: keyless({ entry: null, timestamp: null }), args: { withoutLog: true } },
  );
  fail(
    "log-unknown",
    "LOG_ENTRY_INVALID",
    "keyless",
    "The entry is of a log that the roots do not name. Its key is not asked for anywhere (A19).",
    { bundle: keyless({ by: { rekorV2: stranger.rekorV2 } }) },
  );
  fail(
    "log-other-key",
    "LOG_ENTRY_INVALID",
    "keyless-logged",
    "The promise and the checkpoint were signed with another key, under the trusted log's name.",
    {
      bundle: edited({ entry: "dsse-0.0.1", timestamp: null }, ({ verificationMaterial }, entry) => {
        const forged = signedBy({ ...sigstore.rekorV1, key: stranger.rekorV1.key });
        forged.logId = entry.logId;
        verificationMaterial.tlogEntries = [forged];
      }),
    },
  );

  proofs({ pass, fail });
  bodies({ fail });
}

/** A3: an entry is about this signature, this content and this certificate. */
function entriesOf(kind, { pass, fail }) {
  const name = `log-${kind}`;
  pass(name, `An entry of the kind ${kind.replace("-", " ")}.`, { bundle: keyless({ entry: kind }) });
  const again = signed({ entry: kind, key: derivedKey("leaf", "P-256", 1) });
  fail(
    `${name}-other-signature`,
    "LOG_ENTRY_INVALID",
    name,
    "The entry is about another signature, by the same key over the same statement (A3, CVE-2022-36056).",
    { bundle: withEntry(kind, { signature: again.signature }) },
  );
  fail(
    `${name}-other-certificate`,
    "LOG_ENTRY_INVALID",
    name,
    "The entry is about the same signature, by another certificate for the same key (A3).",
    { bundle: withEntry(kind, { verifierPem: pemOf(signed({ leaf: { serial: 99 } }).leaf) }) },
  );
  fail(
    `${name}-other-content`,
    "LOG_ENTRY_INVALID",
    name,
    "The entry is about the same signature over another content (A3, CVE-2026-22703).",
    { bundle: withEntry(kind, { bytes: ascii("other"), payload: ascii("other") }) },
  );
}

function proofs({ pass, fail }) {
  const broken = (name, why, change, options = {}, twin = "keyless") =>
    fail(name, "LOG_ENTRY_INVALID", twin, why, { bundle: edited(options, (_, entry) => change(entry)) });
  broken(
    "log-proof-missing",
    "A bundle v0.3 whose entry has no proof. The log is not asked for one (A19).",
    (entry) => {
      delete entry.inclusionProof;
    },
  );
  broken("log-proof-other-hash", "A hash of the proof is another one.", ({ inclusionProof }) => {
    inclusionProof.hashes[0] = Buffer.alloc(32).toString("base64");
  });
  broken("log-proof-hash-less", "A hash of the proof is missing.", ({ inclusionProof }) => {
    inclusionProof.hashes.pop();
  });
  broken("log-proof-hash-more", "The proof has a hash too many.", ({ inclusionProof }) => {
    inclusionProof.hashes.push(Buffer.alloc(32).toString("base64"));
  });
  broken("log-proof-other-index", "The proof is of the place beside.", ({ inclusionProof }) => {
    inclusionProof.logIndex = "0";
  });
  for (const [name, index] of [
    ["word", "x"],
    ["hexadecimal", "0x1"],
    ["negative", "-1"],
    ["exponent", "1e0"],
    ["huge", "99999999999999999"],
  ]) {
    broken(`log-index-${name}`, `The entry's index is \`${index}\` (A13).`, (entry) => {
      entry.inclusionProof.logIndex = index;
    });
  }
  broken("log-id-empty", "The entry names no log.", (entry) => {
    entry.logId.keyId = "";
  });
  broken("log-kind-other", "The bundle says that the entry is of another version.", (entry) => {
    entry.kindVersion.version = "0.0.1";
  });

  const old = { entry: "dsse-0.0.1", timestamp: null };
  pass("log-bundle-v0.1", "A bundle v0.1: chain of certificates, and a promise.", {
    bundle: keyless({ ...old, version: "0.1" }),
  });
  broken(
    "log-bundle-v0.1-without-promise",
    "A bundle v0.1 without a promise; a timestamp says when.",
    (entry) => {
      delete entry.inclusionPromise;
    },
    { ...old, version: "0.1", timestamp: {} },
    "log-bundle-v0.1",
  );
  pass("log-bundle-v0.2", "A bundle v0.2: promise and proof.", { bundle: keyless({ ...old, version: "0.2" }) });
  broken(
    "log-bundle-v0.2-without-proof",
    "A bundle v0.2 without a proof.",
    (entry) => {
      delete entry.inclusionProof;
    },
    { ...old, version: "0.2" },
    "log-bundle-v0.2",
  );
}

/** A24: the log has it, under this signature's bundle, and it is no entry for a signature. */
function bodies({ fail }) {
  const good = keyless().verificationMaterial.tlogEntries[0].canonicalizedBody;
  const json = JSON.parse(Buffer.from(good, "base64"));
  const spec = (change) => {
    const copy = structuredClone(json);
    change(copy.spec.hashedRekordV002);
    return JSON.stringify(copy);
  };
  for (const [name, what, body] of [
    ["no-json", "no JSON", "hashedrekord"],
    ["null", "`null`", "null"],
    ["list", "a list", "[]"],
    ["empty", "nothing", ""],
    ["no-utf-8", "no UTF-8", Buffer.of(0x22, 0xff, 0x22)],
    ["twice", "a member twice", JSON.stringify(json).replace('"kind"', '"kind":"dsse","kind"')],
    ["other-kind", "an entry of another kind", JSON.stringify({ ...json, kind: "rpm" })],
    ["no-spec", "an entry without content", JSON.stringify({ ...json, spec: null })],
    ["no-signature", "an entry without signature", spec((record) => delete record.signature)],
    ["numbers", "an entry with numbers for texts", spec((record) => Object.assign(record.signature, { content: 1 }))],
    [
      "other-hash",
      "an entry with a hash that nobody knows",
      spec((record) => Object.assign(record.data, { algorithm: "MD5" })),
    ],
  ]) {
    fail(
      `log-body-${name}`,
      "LOG_ENTRY_INVALID",
      "keyless",
      `The log has ${what} in the place of the entry, with a good proof (A24, CVE-2023-33199).`,
      {
        bundle: edited({}, ({ verificationMaterial }) => {
          const entry = { kind: "hashedrekord", version: "0.0.2", body: new Uint8Array(Buffer.from(body)) };
          verificationMaterial.tlogEntries = [logEntry(sigstore.rekorV2, entry, { time: at("12:00:00") })];
        }),
      },
    );
  }
}

/** A good bundle with an entry in which something is about something else. */
function withEntry(kind, other) {
  const mine = signed({ entry: kind });
  const statement = Buffer.from(mine.bundle.dsseEnvelope.payload, "base64");
  const right = {
    bytes: mine.bytes,
    signature: mine.signature,
    payload: statement,
    payloadType: "application/vnd.in-toto+json",
    verifierPem: pemOf(mine.leaf),
    key: mine.key,
  };
  const bundle = structuredClone(mine.bundle);
  bundle.verificationMaterial.tlogEntries = [
    entryFor(sigstore, kind, { ...right, ...other }, { time: at("12:00:00") }),
  ];
  return bundle;
}

function signedBy(rekorV1) {
  return keyless({ entry: "dsse-0.0.1", by: { rekorV1 } }).verificationMaterial.tlogEntries[0];
}

function inTwoLogs() {
  const bundle = keyless();
  bundle.verificationMaterial.tlogEntries.push(...keyless({ entry: "dsse-0.0.1" }).verificationMaterial.tlogEntries);
  return bundle;
}

function entriesFrom({ verificationMaterial: { tlogEntries } }) {
  return { tlogEntries };
}

function edited(options, change) {
  const bundle = keyless(options);
  change(bundle, bundle.verificationMaterial.tlogEntries[0]);
  return bundle;
}
