import type { Answer, SeenRequest } from "../registry/fault-server.ts";
import { ascii } from "../sigstore/der.ts";
import { type EntryBody, logEntry } from "../sigstore/rekor.ts";
import { dsseV1 } from "../sigstore/rekor-bodies.ts";
import { pae } from "../sigstore/sign-bundle.ts";
import { newTestKey, sha256 } from "../sigstore/test-key.ts";
import type { TestSigstore } from "../sigstore/test-sigstore.ts";
import { json, jsonIn } from "./json-answer.ts";

interface ProposedEnvelope {
  readonly proposedContent: { readonly envelope: string; readonly verifiers: readonly string[] };
}

type ProposedEntry =
  | { readonly kind: "dsse"; readonly spec: ProposedEnvelope }
  /** What is posted is what is kept. */
  | { readonly kind: "hashedrekord"; readonly spec: unknown };

const hex = (base64: string) => Buffer.from(base64, "base64").toString("hex");

/** https://github.com/sigstore/rekor/blob/main/openapi.yaml, for entries of the kinds dsse and hashedrekord. */
export class RekorV1Answers {
  readonly #sigstore: TestSigstore;
  readonly #time: Date;
  readonly #entries = new Map<string, unknown>();
  constructor(sigstore: TestSigstore, time: Date) {
    this.#sigstore = sigstore;
    this.#time = time;
  }

  answer({ method, path, body }: SeenRequest): Answer {
    const id = /^\/api\/v1\/log\/entries\/([0-9a-f]+)$/.exec(path)?.[1];
    if (method === "GET" && id !== undefined) {
      return this.#entries.has(id) ? json(200, { [id]: this.#entries.get(id) }) : json(404, { code: 404 });
    }
    if (method !== "POST" || path !== "/api/v1/log/entries") return json(404, { code: 404 });
    return this.#add(bodyOf(jsonIn(body) as ProposedEntry));
  }

  #add(made: EntryBody): Answer {
    const id = Buffer.from(sha256(made.body)).toString("hex");
    const location = `/api/v1/log/entries/${id}`;
    if (this.#entries.has(id))
      return json(409, { code: 409, message: "an equivalent entry already exists" }, { location });
    const entry = logEntry(this.#sigstore.rekorV1, made, { time: this.#time, logIndex: 1000 + this.#entries.size });
    const { inclusionProof: proof, inclusionPromise: promise } = entry;
    this.#entries.set(id, {
      body: entry.canonicalizedBody,
      integratedTime: Number(entry.integratedTime),
      logID: hex(entry.logId.keyId),
      logIndex: Number(entry.logIndex),
      verification: {
        signedEntryTimestamp: promise?.signedEntryTimestamp,
        inclusionProof: {
          checkpoint: proof?.checkpoint.envelope,
          hashes: proof?.hashes.map(hex),
          logIndex: Number(proof?.logIndex),
          rootHash: hex(proof?.rootHash ?? ""),
          treeSize: Number(proof?.treeSize),
        },
      },
    });
    return json(201, { [id]: this.#entries.get(id) }, { location });
  }
}

function bodyOf(entry: ProposedEntry): EntryBody {
  if (entry.kind === "hashedrekord") {
    const { kind, spec } = entry;
    return { kind, version: "0.0.1", body: ascii(JSON.stringify({ apiVersion: "0.0.1", kind, spec })) };
  }
  const { envelope, verifiers } = entry.spec.proposedContent;
  const { payload: encoded, payloadType, signatures } = JSON.parse(envelope);
  const payload = new Uint8Array(Buffer.from(encoded, "base64"));
  const signature = new Uint8Array(Buffer.from(signatures[0].sig, "base64"));
  const verifierPem = Buffer.from(verifiers[0] ?? "", "base64").toString();
  // Of the key only its kind counts here.
  const key = newTestKey();
  return dsseV1({ payload, payloadType, bytes: pae(payloadType, payload), signature, verifierPem, key });
}
