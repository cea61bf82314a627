import { parseBundle, parseJson } from "../../packages/core/src/index.ts";
import type { EntryKind } from "../../packages/testkit/src/sigstore/index.ts";
import { checkCheckpoint } from "../../packages/verify/src/certificate/checkpoint.ts";
import { checkLogBody } from "../../packages/verify/src/certificate/log-body.ts";
import { type LogEntry, readLogEntry } from "../../packages/verify/src/certificate/log-entry.ts";
import { envelopeContent } from "../../packages/verify/src/certificate/signed-content.ts";
import { bytesOf, sign } from "../../packages/verify/test/certificate-cases.ts";
import type { Parser } from "../parser.ts";
import { base64 } from "./sound-inputs.ts";
import { material } from "./trusted-material.ts";

const KINDS: readonly EntryKind[] = ["hashedrekord-0.0.1", "dsse-0.0.1", "intoto-0.0.2", "hashedrekord-0.0.2"];
const logged = KINDS.map((kind) => {
  const bundle = sign({ entry: kind });
  const bytes = bytesOf(bundle.verificationMaterial.tlogEntries[0]);
  return { kind, bundle, bytes, entry: entryIn(bytes) };
});

/** What transparency logs wrote: entries, their bodies, checkpoints. */
export const logParsers: readonly Parser[] = [
  {
    name: "log-entry",
    sound: logged.map(({ bytes }) => bytes),
    codes: ["INPUT_INVALID", "INPUT_TOO_LARGE", "LOG_ENTRY_INVALID"],
    read: entryIn,
  },
  ...logged.map(({ kind, bundle, entry }): Parser => {
    const content = envelopeContent(parseBundle(bytesOf(bundle)));
    const certificate = base64(bundle.verificationMaterial.certificate?.rawBytes);
    return {
      name: `log-body-${kind}`,
      sound: [entry.body],
      codes: ["LOG_ENTRY_INVALID"],
      read: (body) => checkLogBody({ ...entry, body: Buffer.from(body) }, content, [certificate]),
    };
  }),
  ...([1, 2] as const).map((version): Parser => {
    const { proof } = logged[version === 1 ? 0 : 3]?.entry ?? {};
    if (proof == null) throw new TypeError(`the entry of Rekor v${version} has no proof`);
    const hosts = material.logs.flatMap((log) => log.hosts);
    return {
      name: `checkpoint-v${version}`,
      sound: [new TextEncoder().encode(proof.checkpoint)],
      codes: ["LOG_ENTRY_INVALID"],
      read: (note) => checkCheckpoint({ ...proof, checkpoint: new TextDecoder().decode(note) }, hosts),
    };
  }),
];

function entryIn(bytes: Uint8Array): LogEntry {
  return readLogEntry(parseJson(bytes, { what: "the entry", maxBytes: bytes.byteLength }), "0.3");
}
