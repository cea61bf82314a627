import { TouchmarkError } from "@touchmark/core";
import { MAX_DOWNLOAD_BYTES } from "./limits.ts";

/** What all files of one run may take on the disk. */
export interface DownloadBudget {
  /** @throws TouchmarkError `LIMIT_EXCEEDED` */
  spend(bytes: number): void;
  /** What was brought and is not kept. */
  refund(bytes: number): void;
}

/** @param max - another limit for tests. Unit: bytes. */
export function downloadBudget(max = MAX_DOWNLOAD_BYTES): DownloadBudget {
  let sum = 0;
  return {
    spend(bytes) {
      sum += bytes;
      if (sum <= max) return;
      throw new TouchmarkError("LIMIT_EXCEEDED", "the files of these releases are too large to bring together", {
        expected: `at most ${max} bytes in all`,
        actual: "more",
      });
    },
    refund(bytes) {
      sum -= bytes;
    },
  };
}
