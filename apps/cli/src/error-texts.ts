import type { Code } from "@touchmark/core";
import { CALLER_TEXTS } from "./error-texts/caller.ts";
import type { ErrorText } from "./error-texts/error-text.ts";
import { IDENTITY_TEXTS } from "./error-texts/identity.ts";
import { OUTSIDE_TEXTS } from "./error-texts/outside.ts";
import { POLICY_TEXTS } from "./error-texts/policy.ts";
import { REGISTRY_TEXTS } from "./error-texts/registry.ts";
import { VERIFICATION_TEXTS } from "./error-texts/verification.ts";

export type { ErrorText } from "./error-texts/error-text.ts";

/** One text for each code: a code without one does not compile. docs/errors/ is written from this. */
const TEXTS = {
  ...VERIFICATION_TEXTS,
  ...POLICY_TEXTS,
  ...CALLER_TEXTS,
  ...IDENTITY_TEXTS,
  ...REGISTRY_TEXTS,
  ...OUTSIDE_TEXTS,
} as const satisfies Record<Code, ErrorText>;

/** What a code means and what to do about it. */
export function textOf(code: Code): ErrorText {
  return TEXTS[code];
}
