import { INTOTO_PAYLOAD_TYPE, isTouchmarkError, type Json, MAX_EVIDENCE_BYTES, parseJson } from "@touchmark/core";
import { type Fields, structOf, structsOf, textOf, textsOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";

/** A signed payload; that the signature holds is known already. */
export interface Payload {
  readonly payloadType: string;
  readonly payload: Uint8Array;
}

/** The head of an in-toto statement, as Go's in-toto library reads it. */
export interface StatementHead {
  readonly type: string;
  readonly predicateType: string;
  readonly subjects: readonly StatementSubject[];
  readonly predicate: Json | undefined;
}

export interface StatementSubject {
  readonly name: string;
  readonly digest: ReadonlyMap<string, string>;
}

const HEAD = ["_type", "predicateType", "subject", "predicate"];

/** @throws Refusal `ErrorInvalidDssePayload`. */
export function readStatement({ payloadType, payload }: Payload): StatementHead {
  if (payloadType !== INTOTO_PAYLOAD_TYPE) {
    throw new Refusal(
      "ErrorInvalidDssePayload",
      `expected payload type "${INTOTO_PAYLOAD_TYPE}", got "${payloadType}"`,
    );
  }
  const fields = structOf(readJson(payload), HEAD, "the statement");
  return {
    type: textOf(fields, "_type"),
    predicateType: textOf(fields, "predicateType"),
    subjects: structsOf(fields, "subject", ["name", "digest"]).map(subjectOf),
    predicate: fields.get("predicate"),
  };
}

/** @throws Refusal `ErrorInvalidDssePayload`, also for JSON that two readers could read as two things. */
export function readJson(bytes: Uint8Array): Json {
  try {
    return parseJson(bytes, { what: "the statement", maxBytes: MAX_EVIDENCE_BYTES });
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw new Refusal("ErrorInvalidDssePayload", error.message);
  }
}

function subjectOf(fields: Fields): StatementSubject {
  return { name: textOf(fields, "name"), digest: textsOf(fields, "digest") };
}

/**
 * Some subject must have the digest, under the algorithm that its length says.
 *
 * @param hex - SHA-256 or longer.
 * @throws Refusal `ErrorInvalidHash`, `ErrorMismatchHash`.
 */
export function checkDigest(subjects: readonly StatementSubject[], hex: string): void {
  const bits = hex.length * 4;
  if (bits < 256) throw new Refusal("ErrorInvalidHash", `expected minimum 256-bit, got ${bits}`);
  if (subjects.some(({ digest }) => digest.get(`sha${bits}`) === hex)) return;
  throw new Refusal("ErrorMismatchHash", `expected hash '${hex}' not found`);
}
