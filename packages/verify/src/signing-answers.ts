import { isTouchmarkError } from "@touchmark/core";
import { materialDigest } from "./material-digest.ts";
import { Roots } from "./roots/roots.ts";
import type { SigningAnswer, SigningQuestion } from "./signing-threads.ts";

/**
 * What a verifying thread does: it checks the cryptography of bundles, with roots of its own that it makes of the same bytes.
 * A fault that is not the bundle's is thrown, and ends the thread.
 */
export function answerSignings({ roots, withoutLog, bundles }: SigningQuestion): readonly SigningAnswer[] {
  const own = rootsOf(roots);
  return bundles.map((bundle) => {
    const about = materialDigest(bundle);
    try {
      const { times } = own.verifyBundle(bundle, withoutLog);
      return { about, outcome: { kind: "held", times: times.map((time) => time.getTime()) } };
    } catch (error) {
      if (!isTouchmarkError(error)) throw error;
      const { code, message, expected, actual } = error;
      return { about, outcome: { kind: "refused", code, message, expected, actual } };
    }
  });
}

/** The roots of the question before: there is seldom another one. */
let last: { readonly text: string; readonly roots: Roots } | null = null;

function rootsOf({ source, demand }: SigningQuestion["roots"]): Roots {
  const { bytes, label, asOf } = source;
  const text = JSON.stringify([Buffer.from(bytes).toString("latin1"), label, asOf, demand]);
  if (last?.text !== text) last = { text, roots: new Roots(source, demand) };
  return last.roots;
}
