import type { StatedStatement } from "@touchmark/core";
import { SEAL } from "./seal.ts";
import type { Signer } from "./signer.ts";

/**
 * The same without the predicate's JSON, which {@link Verified.predicate} has what is needed of: kept of 10,000 statements,
 * it takes most of the memory.
 */
export function briefly<P>({ statement, predicate, signer }: Verified<P>): Verified<P> {
  return new Verified(SEAL, { ...statement, predicate: null }, predicate, signer);
}

/**
 * A statement whose signature held under somebody whom the user trusts. A value of this type exists only after that was
 * checked: nothing outside this package can make one.
 *
 * @typeParam P - the predicate as it was read; null when it is of a type that we do not read.
 */
export class Verified<P> {
  readonly statement: StatedStatement;
  readonly predicate: P;
  readonly signer: Signer;
  readonly #sealed = true;

  constructor(seal: typeof SEAL, statement: StatedStatement, predicate: P, signer: Signer) {
    if (seal !== SEAL) throw new TypeError("a Verified is made by authenticate() only");
    this.statement = statement;
    this.predicate = predicate;
    this.signer = signer;
  }

  /** True for what `authenticate` made; false for a look-alike. */
  static is(value: unknown): value is Verified<unknown> {
    return typeof value === "object" && value !== null && #sealed in value && value.#sealed;
  }
}
