import { MAX_EVIDENCE_BYTES, TouchmarkError } from "@touchmark/core";
import { MAX_EVIDENCE_PIECES, MAX_IMAGE_EVIDENCE_BYTES, MAX_OPENED_REFERRERS } from "./limits.ts";

/** What may still be read about one image. */
export interface EvidenceBudget {
  /**
   * Called before a manifest is read that may lead to a piece.
   *
   * @param size - bytes, as its descriptor says.
   * @throws TouchmarkError `LIMIT_EXCEEDED`: whoever can write there could otherwise bury the evidence that counts.
   */
  open(size: number): void;
  /** Called before a piece is read; as `open`. */
  spend(size: number): void;
  /** What to say of a piece, or of a manifest that leads to one, that is too large by itself; null for all others. */
  tooLarge(size: number): TouchmarkError | null;
}

export function evidenceBudget(image: string): EvidenceBudget {
  let opened = 0;
  let pieces = 0;
  let bytes = 0;
  const check = (size: number): void => {
    bytes += size;
    const countFits = opened <= MAX_OPENED_REFERRERS && pieces <= MAX_EVIDENCE_PIECES;
    if (countFits && bytes <= MAX_IMAGE_EVIDENCE_BYTES) return;
    throw new TouchmarkError("LIMIT_EXCEEDED", `there is more evidence about ${image} than anybody reads`, {
      expected: `at most ${MAX_OPENED_REFERRERS} referrers, ${MAX_EVIDENCE_PIECES} pieces, ${MAX_IMAGE_EVIDENCE_BYTES} bytes together`,
      actual: `${opened} referrers, ${pieces} pieces, ${bytes} bytes so far`,
    });
  };
  return {
    open(size) {
      opened += 1;
      check(size);
    },
    spend(size) {
      pieces += 1;
      check(size);
    },
    tooLarge: (size) => {
      if (size <= MAX_EVIDENCE_BYTES) return null;
      return new TouchmarkError(
        "EVIDENCE_TOO_LARGE",
        `a piece of evidence about ${image} is larger than anybody reads`,
        {
          expected: `at most ${MAX_EVIDENCE_BYTES} bytes`,
          actual: `${size} bytes`,
        },
      );
    },
  };
}
