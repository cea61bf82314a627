import type { Json, TouchmarkError } from "@touchmark/core";
import type { FormatName, Piece } from "./piece.ts";

/** A format of evidence that is not a Sigstore bundle. */
export interface Format {
  readonly name: FormatName;
  /** What it is for people: `a DSSE envelope`. */
  readonly title: string;
  /** True for a value with the marks of this format: what is wrong with it from then on, this format says. */
  recognises(json: Json): boolean;
  /**
   * Takes the pieces out of a value that it recognised, and verifies nothing.
   *
   * @returns in place of a piece what is wrong with it, where the others can be read all the same.
   * @throws TouchmarkError `BUNDLE_MALFORMED`, where nothing can be read.
   */
  read(json: Json): readonly (Piece | TouchmarkError)[];
}
