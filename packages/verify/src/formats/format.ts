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
   * @param bytes - what the value was parsed from.
   * @returns for each part a piece, or why it is none: one that is broken spoils no other.
   * @throws TouchmarkError `BUNDLE_MALFORMED` where all of it is broken.
   */
  read(json: Json, bytes: Uint8Array): readonly (Piece | TouchmarkError)[];
}
