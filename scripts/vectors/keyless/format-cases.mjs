// Evidence that is no Sigstore bundle: envelopes with nothing around them, what GitHub's API answers, cosign's own bundle.
import { pemOf } from "../../../packages/testkit/src/sigstore/index.ts";
import { changed, line } from "../release-parts.mjs";
import { rootsOf, stranger } from "./authorities.mjs";
import { derivedKey } from "./derived-key.mjs";
import { keyless, signed } from "./keyless-release.mjs";

const ENTRY = "rekor-entry.json";
const args = { rekorEntries: [ENTRY] };
const base64 = (text) => Buffer.from(text).toString("base64");
const hex = (text) => Buffer.from(text, "base64").toString("hex");

/** Signed long ago: with a promise, as bundles v0.1 have it, and no timestamp. */
const old = (options = {}) => signed({ version: "0.1", entry: "intoto-0.0.1", timestamp: null, ...options });

/** As slsa-github-generator wrote it before 2.1.0. */
function envelopeOf({ bundle: { dsseEnvelope }, leaf }) {
  const { payloadType, payload, signatures } = dsseEnvelope;
  return { payloadType, payload, signatures: [{ keyid: "", sig: signatures[0].sig, cert: pemOf(leaf) }] };
}

/** As Rekor's API answers. */
function answerOf({ bundle: { verificationMaterial } }) {
  const [entry] = verificationMaterial.tlogEntries;
  const { inclusionProof: proof, inclusionPromise, logId } = entry;
  return {
    [`${"ab".repeat(32)}`]: {
      body: entry.canonicalizedBody,
      integratedTime: Number(entry.integratedTime),
      logID: hex(logId.keyId),
      logIndex: Number(entry.logIndex),
      verification: {
        inclusionProof: {
          checkpoint: proof.checkpoint.envelope,
          hashes: proof.hashes.map(hex),
          logIndex: Number(proof.logIndex),
          rootHash: hex(proof.rootHash),
          treeSize: Number(proof.treeSize),
        },
        signedEntryTimestamp: inclusionPromise.signedEntryTimestamp,
      },
    },
  };
}

export function formatCases(families) {
  envelopes(families);
  githubAnswers(families);
  cosignBundles(families);
}

function envelopes({ pass, fail }) {
  const one = old();
  const other = old({ key: derivedKey("another leaf") });
  const given = (envelope, answer, more = args) => ({
    bundle: line(envelope),
    files: { [ENTRY]: line(answer) },
    args: more,
  });
  const envelope = envelopeOf(one);
  const answer = answerOf(one);
  for (const kind of ["intoto-0.0.1", "intoto-0.0.2", "dsse-0.0.1"]) {
    const made = old({ entry: kind });
    pass(
      `envelope-${kind}`,
      "An envelope with its certificate beside its signature, and its log entry in another file.",
      given(envelopeOf(made), answerOf(made)),
    );
  }
  const twin = "envelope-intoto-0.0.1";
  pass(
    "envelope-entry-among-others",
    "The entry stands in a list, behind that of another envelope.",
    given(envelope, [answerOf(other), answer]),
  );
  pass(
    "envelope-entry-beside-a-wrong-one",
    "There are two entries about the envelope, and the time of one was changed: each is tried by itself.",
    given(envelope, [
      changed(answerOf(one), (wrong) => {
        for (const entry of Object.values(wrong)) entry.integratedTime += 1;
      }),
      answer,
    ]),
  );
  const lost = changed(envelopeOf(one), ({ signatures: [signature] }) => {
    delete signature.cert;
  });
  pass(
    "envelope-certificate-in-entry",
    "The envelope has lost its certificate; its log entry has it.",
    given(lost, answer),
  );
  pass(
    "envelope-certificate-behind-others",
    "The same behind twenty entries about the same payload by somebody else: a log takes those from anybody.",
    given(lost, [
      ...Array.from({ length: 20 }, (_, logIndex) =>
        changed(answerOf(other), (stranger) => {
          for (const entry of Object.values(stranger)) Object.assign(entry, { logIndex });
        }),
      ),
      answer,
    ]),
  );
  fail(
    "envelope-entry-missing",
    "LOG_ENTRY_MISSING",
    twin,
    "Nobody gives the entry.",
    given(envelope, answer, { rekorEntries: [] }),
  );
  fail(
    "envelope-entry-of-another",
    "LOG_ENTRY_MISSING",
    twin,
    "The entry is about another signature of the same statement (A3).",
    given(envelope, answerOf(other)),
  );
  fail(
    "envelope-certificate-of-another",
    "LOG_ENTRY_MISSING",
    "envelope-certificate-in-entry",
    "The envelope has lost its certificate, and the entry has that of another signer of the same statement (A3).",
    given(lost, answerOf(other)),
  );
  const edits = {
    time: ["LOG_ENTRY_INVALID", (entry) => Object.assign(entry, { integratedTime: entry.integratedTime + 1 })],
    index: ["LOG_ENTRY_INVALID", (entry) => Object.assign(entry, { logIndex: entry.logIndex + 1 })],
    proof: [
      "LOG_ENTRY_INVALID",
      ({ verification: { inclusionProof } }) => Object.assign(inclusionProof, { treeSize: 99 }),
    ],
    "log-id": ["LOG_ENTRY_INVALID", (entry) => Object.assign(entry, { logID: "00".repeat(32) })],
  };
  for (const [what, [code, edit]] of Object.entries(edits)) {
    fail(
      `envelope-entry-${what}`,
      code,
      twin,
      `The ${what.replace("-", " ")} in the entry was changed (A1, A3).`,
      given(
        envelope,
        changed(answerOf(one), (wrong) => {
          for (const entry of Object.values(wrong)) edit(entry);
        }),
      ),
    );
  }
  fail(
    "envelope-late",
    "TIMESTAMP_INVALID",
    twin,
    "The log says that the signature was made an hour after its certificate had ended (A11).",
    (() => {
      const late = old({ entryOptions: { time: new Date("2026-01-15T13:00:00Z") } });
      return given(envelopeOf(late), answerOf(late));
    })(),
  );
}

function githubAnswers({ pass, fail }) {
  const item = (bundle) => ({ bundle, bundle_url: "", repository_id: 1001, initiator: "user" });
  const answer = (...bundles) => ({ bundle: line({ attestations: bundles.map(item) }) });
  pass(
    "github-answer",
    "What GitHub's API answers: beside the right attestation one of an instance whose roots are not here, and one that it has elsewhere.",
    answer(keyless({ by: stranger }), null, keyless()),
  );
  fail(
    "github-answer-of-another-instance",
    "CERTIFICATE_INVALID",
    "github-answer",
    "Only the attestation of the other instance.",
    answer(keyless({ by: stranger })),
  );
  const own = { ...keyless({ entry: null, leaf: { ctLogs: [] } }) };
  const roots = { ...rootsOf(), tlogs: [], ctlogs: [] };
  pass("github-own-instance", "GitHub's own instance: no log, and a timestamp.", {
    bundle: line({ attestations: [item(own)] }),
    roots,
  });
  fail("github-own-instance-without-time", "TIMESTAMP_INVALID", "github-own-instance", "There is no timestamp.", {
    bundle: line({ attestations: [item(keyless({ entry: null, timestamp: null, leaf: { ctLogs: [] } }))] }),
    roots,
  });
}

function cosignBundles({ pass, fail }) {
  const one = signed({ version: "0.1", entry: "dsse-0.0.1", timestamp: null });
  const rekorBundle = ({ bundle: { verificationMaterial } }) => {
    const [entry] = verificationMaterial.tlogEntries;
    return {
      SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
      Payload: {
        body: entry.canonicalizedBody,
        integratedTime: Number(entry.integratedTime),
        logIndex: Number(entry.logIndex),
        logID: hex(entry.logId.keyId),
      },
    };
  };
  const bundle = {
    base64Signature: base64(JSON.stringify(one.bundle.dsseEnvelope)),
    cert: base64(pemOf(one.leaf)),
    rekorBundle: rekorBundle(one),
  };
  pass("cosign-attest-blob", "What cosign wrote with `attest-blob --bundle` before version 3.", {
    bundle: line(bundle),
  });
  const blob = signed({
    statement: "the tool\n",
    content: "message",
    version: "0.1",
    entry: "hashedrekord-0.0.1",
    timestamp: null,
  });
  fail(
    "cosign-sign-blob",
    "NOT_PROVENANCE",
    "cosign-attest-blob",
    "What `sign-blob --bundle` wrote: a signature over the file, which says nothing of where it came from (A33).",
    {
      bundle: line({
        base64Signature: base64(blob.signature),
        cert: base64(pemOf(blob.leaf)),
        rekorBundle: rekorBundle(blob),
      }),
    },
  );
  fail(
    "cosign-attest-blob-time",
    "LOG_ENTRY_INVALID",
    "cosign-attest-blob",
    "The time in the log's entry was changed (A1).",
    {
      bundle: line(
        changed(structuredClone(bundle), ({ rekorBundle: { Payload } }) => {
          Payload.integratedTime += 1;
        }),
      ),
    },
  );
}
