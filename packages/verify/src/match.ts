import { TouchmarkError } from "@touchmark/core";
import { MAX_CERTIFICATE_TEXT, MAX_PATTERN, MAX_PATTERN_TEXT } from "./certificate/limits.ts";
import { whySlow } from "./slow-pattern.ts";

/**
 * A name in a certificate: exactly this one; this workflow, of which the commit or the tag is checked by itself; a workflow of
 * the source repository itself, whichever that is, at this server; or a pattern, which is another type and must match the whole.
 */
export type Match =
  | { readonly exact: string }
  | { readonly workflow: string }
  | { readonly ownWorkflowAt: string }
  | { readonly pattern: RegExp; readonly text: string };

/** True when the whole text is what was meant; of a workflow, all before the `@`. */
export function matches(match: Match, text: string): boolean {
  if ("exact" in match) return match.exact === text;
  if ("workflow" in match) return text.startsWith(`${match.workflow}@`);
  if ("ownWorkflowAt" in match)
    return text.startsWith(`${match.ownWorkflowAt}/`) && text.includes("/.github/workflows/");
  return text.length <= MAX_PATTERN_TEXT && match.pattern.test(text);
}

export function shownMatch(match: Match): string {
  if ("exact" in match) return match.exact;
  if ("ownWorkflowAt" in match) return `a workflow of the source repository at ${match.ownWorkflowAt}`;
  return "workflow" in match ? `${match.workflow}@…` : `pattern ${match.text}`;
}

/**
 * A regular expression for whole names.
 *
 * @throws TouchmarkError `USAGE` for one that is none, that a name could make slow, or that accepts anybody.
 */
export function wholePattern(text: string): Match {
  let pattern: RegExp;
  try {
    if (text.length > MAX_PATTERN) throw new SyntaxError(`${text.length} characters`);
    new RegExp(text, "u"); // by itself, so that no bracket in it closes the one around it
    pattern = new RegExp(`^(?:${text})$`, "u");
  } catch (cause) {
    throw usage(
      "the pattern for an identity is not a regular expression",
      `one of at most ${MAX_PATTERN} characters`,
      (cause as Error).message,
    );
  }
  const slow = whySlow(text);
  if (slow !== null) {
    throw usage("the pattern for an identity could take forever", "a group once, and `.*` three times at most", slow);
  }
  if (ANYBODY.some((name) => pattern.test(name))) {
    throw usage("the pattern for an identity accepts anybody", "one that names at least an owner", text);
  }
  return { pattern, text };
}

/** No pattern that is worth anything accepts one of these. */
const ANYBODY = [
  "",
  "a@example.com",
  "https://example.com/a",
  "https://github.com/a/b/.github/workflows/c.yml@refs/heads/d",
];

/** @throws TouchmarkError `USAGE` for a text that no certificate holds in these places. */
export function checkedText(text: string, what: string): string {
  if (text.length <= MAX_CERTIFICATE_TEXT && /^[\x21-\x7e]+$/.test(text)) return text;
  throw usage(
    `${what} is not one that a certificate can hold`,
    `1 to ${MAX_CERTIFICATE_TEXT} ASCII characters without spaces`,
    JSON.stringify(text.slice(0, 120)),
  );
}

export function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
