import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { MAX_LOGIN_WORDS } from "./limits.ts";

/**
 * The error for a login that did not succeed. Of what a service said only its error code and its description are shown,
 * cut and without control characters: everything else in an answer may be a code or a token. There is no cause for the
 * same reason.
 */
export function loginFailure(error: unknown): TouchmarkError {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (isTouchmarkError(at)) return at;
  }
  const said = servicesWords(error);
  return new TouchmarkError("LOGIN_FAILED", "the login did not succeed", {
    expected: "an identity token from the login service",
    actual: said ?? `an answer against the protocol${codeOf(error)}`,
  });
}

/** RFC 6749, 4.1.2.1 and 5.2: `error` is a word, `error_description` for people. */
function servicesWords(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { error: word, error_description: description } = error as { error?: unknown; error_description?: unknown };
  if (typeof word !== "string" || !/^[a-z_]{1,64}$/.test(word)) return null;
  return typeof description === "string" && description !== "" ? `${word}: ${shownWords(description)}` : word;
}

/** Control characters and marks that turn a line's direction become spaces; what looks like a token is left out. */
function shownWords(text: string): string {
  return text
    .slice(0, 4 * MAX_LOGIN_WORDS)
    .replaceAll(/[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_.-]*)?/g, "…")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .slice(0, MAX_LOGIN_WORDS)
    .trim();
}

/** The library's name for what was wrong, which holds nothing of the answer. */
function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" && /^[A-Z_]{1,64}$/.test(code) ? ` (${code})` : "";
}
