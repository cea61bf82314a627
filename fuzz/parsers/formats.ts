import { parseStatement, readProvenance } from "../../packages/core/src/index.ts";
import { pemOf, signBundle } from "../../packages/testkit/src/sigstore/index.ts";
import { examine } from "../../packages/verify/src/examine.ts";
import { openRekorEntries } from "../../packages/verify/src/formats/open-rekor-entries.ts";
import { readPieces } from "../../packages/verify/src/formats/read-pieces.ts";
import { bytesOf, PAYLOAD, sign, sigstore, trusting } from "../../packages/verify/test/certificate-cases.ts";
import { takenApart } from "../../packages/verify/test/rekor-answers.ts";
import type { Parser } from "../parser.ts";

const old = (entry: "intoto-0.0.1" | "intoto-0.0.2" | "dsse-0.0.1") =>
  signBundle(sigstore, PAYLOAD, { version: "0.1", entry, timestamp: null });
const legacy = (["intoto-0.0.1", "intoto-0.0.2", "dsse-0.0.1"] as const).map((kind) => takenApart(old(kind)));
const trust = [trusting()];
const STATEMENT = parseStatement(PAYLOAD);
/** What is kept of evidence: the statement without the predicate's JSON, and what was read in that. */
const SIGNED = JSON.stringify([{ ...STATEMENT, predicate: null }, readProvenance(STATEMENT)]);
const answer = (entries: readonly object[]) => bytesOf(entries.map((entry, at) => ({ [`id${at}`]: entry })));
const given = await openRekorEntries([{ bytes: answer(legacy.map(({ entry }) => entry)), called: "entries.json" }]);
const envelopes = await readPieces(bytesOf(legacy[0]?.envelope), "f");

const attested = old("dsse-0.0.1");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const { entry } = takenApart(attested);
const cosign = {
  base64Signature: base64(JSON.stringify(attested.bundle.dsseEnvelope)),
  cert: base64(pemOf(attested.leaf)),
  rekorBundle: {
    SignedEntryTimestamp: entry.verification.signedEntryTimestamp,
    Payload: { body: entry.body, integratedTime: entry.integratedTime, logIndex: entry.logIndex, logID: entry.logID },
  },
};

/** Evidence that is no Sigstore bundle, and log entries that came apart from it. */
export const formatParsers: readonly Parser[] = [
  {
    name: "evidence-formats",
    sound: [
      ...legacy.map(({ envelope }) => bytesOf(envelope)),
      bytesOf({
        attestations: [
          { bundle: sign(), repository_id: 1 },
          { bundle: null, bundle_url: "" },
        ],
      }),
      bytesOf({ attestations_subject_digests: { "sha256:00": { attestations: [{ bundle: sign() }] } } }),
      bytesOf(cosign),
      bytesOf({ base64Signature: base64("a signature"), cert: pemOf(attested.leaf) }),
    ],
    codes: [],
    async read(bytes) {
      for (const { name, piece } of (await readPieces(bytes, "f")).pieces) {
        onlyWhatWasSigned(examine(name, piece, { trust, entries: given }));
      }
    },
  },
  {
    name: "rekor-answer",
    sound: [answer(legacy.map((one) => one.entry)), bytesOf({ id: legacy[0]?.entry }), bytesOf([])],
    codes: ["EVIDENCE_TOO_LARGE", "LOG_ENTRY_INVALID"],
    async read(bytes) {
      const entries = await openRekorEntries([{ bytes, called: "entries.json" }]);
      for (const { name, piece } of envelopes.pieces) onlyWhatWasSigned(examine(name, piece, { trust, entries }));
    },
  },
];

function onlyWhatWasSigned(evidence: ReturnType<typeof examine>): void {
  if (evidence.kind !== "trusted") return;
  const { statement, predicate } = evidence.verified;
  if (JSON.stringify([statement, predicate]) === SIGNED) return;
  throw new Error("a payload that nobody signed is verified");
}
