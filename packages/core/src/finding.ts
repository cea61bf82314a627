import type { Code, ErrorDetail, TouchmarkError } from "./errors.ts";

/** What is wrong with an artifact or with a piece of evidence. */
export interface Finding {
  readonly code: Code;
  /** Names the thing. */
  readonly message: string;
  readonly expected: string | null;
  readonly actual: string | null;
}

export function finding(code: Code, message: string, detail: Omit<ErrorDetail, "cause"> = {}): Finding {
  return { code, message, expected: detail.expected ?? null, actual: detail.actual ?? null };
}

/** The finding that an error amounts to, with the name of the thing that it is about in front. */
export function findingOf(error: TouchmarkError, about: string | null = null): Finding {
  return finding(error.code, about === null ? error.message : `${about}: ${error.message}`, error);
}
