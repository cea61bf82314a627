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
export function readClaim(bundle: Pick<Bundle, "payloadType" | "payload">): Claim | null {
  if (!isIntotoPayload(bundle.payloadType)) return null;
  const statement = attemptOrNull(() => statementOf(bundle));
  if (statement === null) return null;
  return { unverified: true, statement, provenance: attemptOrNull(() => readProvenance(statement)) };
}
