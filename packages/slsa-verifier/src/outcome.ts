import { isTouchmarkError, type TouchmarkError } from "@touchmark/core";
import { Refusal, type RefusalName } from "./refusal.ts";

/** What slsa-verifier would answer. */
export type Outcome =
  | {
      readonly passed: true;
      /** The builder that the provenance names, with its version where there is one; null for a summary (VSA). */
      readonly builderId: string | null;
      /** The commit that was built, as the certificate says; null where there is none. */
      readonly commit: string | null;
      /** The verified statement. */
      readonly statement: Uint8Array;
    }
  | { readonly passed: false; readonly reason: RefusalName; readonly message: string };

/** Runs checks that throw a refusal, or an error of the verification beneath them, and says what became of them. */
export function outcomeOf(checks: () => Extract<Outcome, { passed: true }>): Outcome {
  try {
    return checks();
  } catch (error) {
    if (error instanceof Refusal) return { passed: false, reason: error.reason, message: error.message };
    if (isTouchmarkError(error)) return { passed: false, reason: reasonOf(error), message: shown(error) };
    throw error;
  }
}

function reasonOf({ code }: TouchmarkError): RefusalName {
  switch (code) {
    case "CERTIFICATE_INVALID":
    case "TIMESTAMP_INVALID":
    case "ROOTS_STALE":
      return "ErrorInvalidCertificate";
    case "SIGNATURE_INVALID":
      return "ErrorInvalidSignature";
    case "LOG_ENTRY_INVALID":
      return "ErrorInvalidRekorEntry";
    default:
      return "ErrorInvalidDssePayload";
  }
}

function shown({ code, message, expected, actual }: TouchmarkError): string {
  const detail = [expected === null ? null : `expected ${expected}`, actual === null ? null : `got ${actual}`];
  return [`${message} (${code})`, ...detail.filter((part) => part !== null)].join(", ");
}
