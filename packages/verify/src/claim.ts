import { type Bundle, isTouchmarkError, type Provenance, readProvenance, type StatedStatement } from "@touchmark/core";
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
export function readClaim(bundle: Bundle): Claim | null {
  if (!isIntotoPayload(bundle.payloadType)) return null;
  const statement = attempt(() => statementOf(bundle));
  if (statement === null) return null;
  return { unverified: true, statement, provenance: attempt(() => readProvenance(statement)) };
}

/** A claim that cannot be read is no claim; that it cannot is reported by `authenticate`. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}
