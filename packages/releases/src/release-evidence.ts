import { TouchmarkError } from "@touchmark/core";
import { MAX_EVIDENCE } from "./limits.ts";

/** Bytes that claim to be evidence about a release. */
export interface ReleaseEvidence {
  /** How a report calls it: `attestation 1 of tool at api.github.com`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Counts what is kept about one release, before it is kept. */
export interface EvidenceBudget {
  /** @throws TouchmarkError `LIMIT_EXCEEDED` */
  spend(bytes: number): void;
}

export function evidenceBudget(label: string, limits = MAX_EVIDENCE): EvidenceBudget {
  let pieces = 0;
  let sum = 0;
  return {
    spend(bytes) {
      pieces += 1;
      sum += bytes;
      if (pieces <= limits.pieces && sum <= limits.bytes) return;
      throw new TouchmarkError("LIMIT_EXCEEDED", `there is more evidence about ${label} than is read`, {
        expected: `at most ${limits.pieces} pieces of ${limits.bytes} bytes in all`,
        actual: "more",
      });
    },
  };
}
