import type { Code } from "@touchmark/core";

/**
 * How much a refusal by some roots says, beside those by others: that roots know the authorities and something is wrong
 * counts more than that roots are too old to tell, and that more than that they never heard of the certificate's authority.
 */
export function certainty({ code, message }: { readonly code: Code; readonly message: string }): number {
  if (code === "ROOTS_STALE" || code === "ROOTS_ROLLBACK") return 1;
  return code === "CERTIFICATE_INVALID" && message.startsWith("the evidence is by") ? 0 : 2;
}
