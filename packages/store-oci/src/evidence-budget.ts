import { MAX_EVIDENCE_BYTES, TouchmarkError } from "@touchmark/core";
import { MAX_EVIDENCE_PIECES, MAX_IMAGE_EVIDENCE_BYTES } from "./limits.ts";

/** What may still be read about one image. */
export interface EvidenceBudget {
  /**
   * Called before a piece is read.
   *
   * @param size - bytes, as its descriptor says.
   * @throws TouchmarkError `LIMIT_EXCEEDED`: whoever can write there could otherwise bury the evidence that counts.
   */
  spend(size: number): void;
}

export function evidenceBudget(image: string): EvidenceBudget {
  let pieces = 0;
  let bytes = 0;
  return {
    spend(size) {
      pieces += 1;
      bytes += size;
      if (pieces <= MAX_EVIDENCE_PIECES && size <= MAX_EVIDENCE_BYTES && bytes <= MAX_IMAGE_EVIDENCE_BYTES) return;
      throw new TouchmarkError("LIMIT_EXCEEDED", `there is more evidence about ${image} than anybody reads`, {
        expected: `at most ${MAX_EVIDENCE_PIECES} pieces, ${MAX_EVIDENCE_BYTES} bytes each and ${MAX_IMAGE_EVIDENCE_BYTES} together`,
        actual: size > MAX_EVIDENCE_BYTES ? `a piece of ${size} bytes` : `${pieces} pieces, ${bytes} bytes so far`,
      });
    },
  };
}
