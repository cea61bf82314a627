import { attempt, type Bundle, isTouchmarkError, parseStatement, type StatedStatement } from "@touchmark/core";

/**
 * The statement in a bundle, parsed once: what it claims is looked at before its signature is checked, an envelope has up to
 * 32 signatures over one payload, and there may be 100,000 subjects. It is the same statement before and after; only
 * {@link Verified} says that somebody stands for it.
 *
 * @throws TouchmarkError `STATEMENT_MALFORMED`.
 */
export function statementOf({ payload }: Pick<Bundle, "payload">): StatedStatement {
  const known = PARSED.get(payload) ?? attempt(() => parseStatement(payload));
  PARSED.set(payload, known);
  if (isTouchmarkError(known)) throw known;
  return known;
}

const PARSED = new WeakMap<Uint8Array, ReturnType<typeof attempt<StatedStatement>>>();
