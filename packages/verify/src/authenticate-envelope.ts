import { type Bundle, EXIT_BY_CODE, finding } from "@touchmark/core";
import { type Authentication, authenticate, type Tracing } from "./authenticate.ts";
import type { LoggedBundles } from "./formats/logged-bundles.ts";
import type { SourcesByPolicy } from "./sources-by-policy.ts";
import { tracedFinding } from "./trace/trace.ts";
import { isKeyTrust, type Trust } from "./trust.ts";

/**
 * Checks who signed an envelope that came with nothing around it: a trusted key, else a trusted identity, with the log
 * entries that are about it. Of these each is tried by itself, so that a wrong one beside a good one changes nothing.
 *
 * @param entries - null: none are at hand.
 */
export function authenticateEnvelope(
  bundle: Bundle,
  trust: readonly Trust[],
  entries: LoggedBundles | null,
  sourcesByPolicy: SourcesByPolicy | null = null,
  trace: Tracing | null = null,
): Authentication {
  const alone = authenticate(bundle, trust, null, sourcesByPolicy, trace);
  if (alone.kind === "verified" || trust.every(isKeyTrust) || isKeySigned(bundle) || isOutside(alone)) return alone;
  let refusal: Authentication | null = null;
  for (const logged of entries?.of(bundle) ?? []) {
    const result = authenticate(logged, trust, null, sourcesByPolicy, trace);
    if (result.kind === "verified") return result;
    refusal ??= result;
  }
  if (refusal !== null) return refusal;
  const none = missing(bundle, entries);
  trace?.attempt("with a log entry");
  tracedFinding(trace, "log", none);
  return { kind: "refused", findings: [none] };
}

/** Roots that cannot tell: an entry would not change that. */
function isOutside({ findings }: Extract<Authentication, { kind: "refused" }>): boolean {
  return findings.some(({ code }) => EXIT_BY_CODE[code] === 3);
}

/** Its hint says that a key made the signature; without one it may as well have lost its certificate. */
function isKeySigned({ signer }: Bundle): boolean {
  return signer.kind === "key" && signer.hint !== null;
}

function missing({ signer }: Bundle, entries: LoggedBundles | null) {
  const what =
    signer.kind === "certificate" ? "a certificate and no log entry" : "neither a certificate nor a log entry";
  return finding("LOG_ENTRY_MISSING", `it is an envelope with ${what}, so that nobody can say when it was signed`, {
    expected: "the entry that Rekor has for it: --rekor-entry FILE, or --online to ask the log",
    actual: entries === null ? "none" : "none that is about this payload, signature and certificate",
  });
}
