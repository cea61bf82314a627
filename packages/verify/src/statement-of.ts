import { type Bundle, parseStatement, type StatedStatement } from "@touchmark/core";

/**
 * The statement in a bundle, parsed once: what it claims is looked at before its signature is checked, and may have 100,000
 * subjects. It is the same statement before and after; only {@link Verified} says that somebody stands for it.
 *
 * @throws TouchmarkError `STATEMENT_MALFORMED`.
 */
export function statementOf(bundle: Bundle): StatedStatement {
  const known = PARSED.get(bundle) ?? parseStatement(bundle.payload);
  PARSED.set(bundle, known);
  return known;
}

const PARSED = new WeakMap<Bundle, StatedStatement>();
