import { MAX_EVIDENCE_BYTES, TouchmarkError } from "@touchmark/core";
import { MAX_EVIDENCE_PIECES, MAX_IMAGE_EVIDENCE_BYTES, MAX_OPENED_REFERRERS } from "./limits.ts";

/** What may still be read about one image. */
export interface EvidenceBudget {
  /**
   * Called before a manifest is read that may lead to a piece.
   *
   * @param size - bytes, as its descriptor says.
   * @throws TouchmarkError `EVIDENCE_TOO_LARGE` for this piece alone, whose bytes then do not count;
   * `LIMIT_EXCEEDED` for the whole: whoever can write there could otherwise bury the evidence that counts.
   */
  open(size: number): void;
  /** Called before a piece is read; as `open`. */
  spend(size: number): void;
}

export function evidenceBudget(image: string): EvidenceBudget {
  let opened = 0;
  let pieces = 0;
  let bytes = 0;
  const check = (size: number): void => {
    const isPieceTooLarge = size > MAX_EVIDENCE_BYTES;
    if (!isPieceTooLarge) bytes += size;
    if (opened > MAX_OPENED_REFERRERS || pieces > MAX_EVIDENCE_PIECES || bytes > MAX_IMAGE_EVIDENCE_BYTES) {
      throw new TouchmarkError("LIMIT_EXCEEDED", `there is more evidence about ${image} than anybody reads`, {
        expected: `at most ${MAX_OPENED_REFERRERS} referrers, ${MAX_EVIDENCE_PIECES} pieces, ${MAX_IMAGE_EVIDENCE_BYTES} bytes together`,
        actual: `${opened} referrers, ${pieces} pieces, ${bytes} bytes so far`,
      });
    }
    if (isPieceTooLarge) {
      throw new TouchmarkError(
        "EVIDENCE_TOO_LARGE",
        `a piece of evidence about ${image} is larger than anybody reads`,
        {
          expected: `at most ${MAX_EVIDENCE_BYTES} bytes`,
          actual: `${size} bytes`,
        },
      );
    }
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
  };
}
