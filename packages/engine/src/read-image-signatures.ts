import { findingOf, isTouchmarkError } from "@touchmark/core";
import { parseImageSignatures } from "@touchmark/oci";
import type { PiecesRead } from "@touchmark/verify";

/** A file of signatures of images is evidence as a whole, and no piece of it is about what is verified. */
export function readImageSignatures(called: string, bytes: Uint8Array): PiecesRead {
  try {
    return { whole: parseImageSignatures(bytes, called).length > 0, pieces: [], findings: [] };
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return { whole: false, pieces: [], findings: [findingOf(error, called)] };
  }
}
