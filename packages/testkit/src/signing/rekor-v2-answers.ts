import type { Answer, SeenRequest } from "../registry/fault-server.ts";
import { ascii } from "../sigstore/der.ts";
import { logEntry } from "../sigstore/rekor.ts";
import type { TestSigstore } from "../sigstore/test-sigstore.ts";
import { json, jsonIn } from "./json-answer.ts";

interface CreateEntryRequest {
  readonly hashedRekordRequestV002?: {
    readonly digest: string;
    readonly signature: { readonly content: string; readonly verifier: unknown };
  };
}

/**
 * https://github.com/sigstore/rekor-tiles/blob/main/api/proto/rekor/v2/rekor_service.proto: as JSON of protobuf, without
 * what is zero or empty. An entry that is there already is a conflict, and its address is not told.
 */
export class RekorV2Answers {
  readonly #sigstore: TestSigstore;
  readonly #time: Date;
  readonly #bodies: Uint8Array[] = [];
  constructor(sigstore: TestSigstore, time: Date) {
    this.#sigstore = sigstore;
    this.#time = time;
  }

  answer({ method, path, body }: SeenRequest): Answer {
    if (method !== "POST" || path !== "/api/v2/log/entries") return json(404, { code: 5, message: "Not Found" });
    const request = (jsonIn(body) as CreateEntryRequest).hashedRekordRequestV002;
    if (request === undefined) return json(400, { code: 3, message: "invalid type, must be hashedrekord" });
    const data = { algorithm: "SHA2_256", digest: request.digest };
    const spec = { hashedRekordV002: { data, signature: sorted(request.signature) } };
    const kind = { kind: "hashedrekord", version: "0.0.2" };
    const made = ascii(JSON.stringify({ apiVersion: kind.version, kind: kind.kind, spec }));
    if (this.#bodies.some((one) => Buffer.from(one).equals(made))) {
      return json(409, { code: 6, message: "an equivalent entry already exists in the transparency log with index 0" });
    }
    const before = [...this.#bodies];
    this.#bodies.push(made);
    const entry = logEntry(this.#sigstore.rekorV2, { ...kind, body: made }, { time: this.#time, before, after: [] });
    return json(201, withoutZeros(entry));
  }
}

function withoutZeros(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const members = Object.entries(value).filter(([, one]) => one !== "0" && !(Array.isArray(one) && one.length === 0));
  return Object.fromEntries(members.map(([name, one]) => [name, withoutZeros(one)]));
}

/** RFC 8785: members in order. */
function sorted({ content, verifier }: { readonly content: string; readonly verifier: unknown }): unknown {
  const members = Object.entries(verifier as object).sort(([left], [right]) => (left < right ? -1 : 1));
  return { content, verifier: Object.fromEntries(members) };
}
