import { attemptOrNull, type Bundle, type Provenance, readProvenance, type StatedStatement } from "@touchmark/core";
import { isIntotoPayload } from "./authenticate.ts";
import { statementOf } from "./statement-of.ts";

/** What a bundle says of itself. Nobody checked it: it may be shown, and must not decide that anything holds. */
export interface Claim {
  readonly unverified: true;
  readonly statement: StatedStatement;
  /** Null when the predicate is no provenance, or not a well-formed one. */
  readonly provenance: Provenance | null;
}

/**
 * Reads what a bundle says, whoever signed it.
 *
 * @returns null when the payload is not an in-toto statement.
 */
export function readClaim({ payloadType, payload }: Pick<Bundle, "payloadType" | "payload">): Claim | null {
  if (!isIntotoPayload(payloadType)) return null;
  const known = CLAIMS.get(payload);
  if (known !== undefined) return known;
  const claim = claimIn(payload);
  CLAIMS.set(payload, claim);
  return claim;
}

/** One for each payload: an envelope has up to 32 signatures, and what it claims may be as large as its file. */
const CLAIMS = new WeakMap<Uint8Array, Claim | null>();

function claimIn(payload: Uint8Array): Claim | null {
  const statement = attemptOrNull(() => statementOf({ payload }));
  if (statement === null) return null;
  return { unverified: true, statement, provenance: attemptOrNull(() => readProvenance(statement)) };
}
