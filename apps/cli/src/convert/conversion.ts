import type { Loss } from "./loss.ts";

/** One piece of evidence in another form. */
export interface Conversion {
  /** One line of JSON, without the line end. */
  readonly line: Uint8Array;
  /** What had no place in it; the signature always has. */
  readonly losses: readonly Loss[];
}
