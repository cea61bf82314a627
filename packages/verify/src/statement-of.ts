import { type Bundle, parseStatement, type StatedStatement } from "@touchmark/core";

/**
 * The statement in a bundle, parsed once: what it claims is looked at before its signature is checked, and may have 100,000
 * subjects; and an envelope with 32 signatures is 32 bundles around one payload. It is the same statement before and after;
 * only {@link Verified} says that somebody stands for it.
 *
 * @throws TouchmarkError `STATEMENT_MALFORMED`.
 */
export function statementOf({ payload }: Pick<Bundle, "payload">): StatedStatement {
  const known = PARSED.get(payload) ?? parseStatement(payload);
  PARSED.set(payload, known);
  return known;
}

const PARSED = new WeakMap<Uint8Array, StatedStatement>();
