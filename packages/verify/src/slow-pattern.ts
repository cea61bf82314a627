import { MAX_WIDE_REPETITIONS } from "./certificate/limits.ts";

/**
 * Why a regular expression can take long for a name that a stranger chose; null where it cannot. The engine tries every way
 * to split a text among repetitions: a repetition inside another one takes exponential time, and n beside each other take the
 * n-th power of the text's length where each fits much.
 *
 * @param pattern - the text of a regular expression that was found to be one.
 */
export function whySlow(pattern: string): string | null {
  let wide = 0;
  for (let at = 0; at < pattern.length; ) {
    const atom = ATOM.exec(pattern.slice(at))?.[0] ?? pattern.slice(at, at + 1);
    if (/^\\(?:[1-9]|k)/.test(atom)) return "it refers back to a group";
    at += atom.length;
    const repetition = /^(?:[*+]|\{\d+(?:,\d*)?\})/.exec(pattern.slice(at))?.[0] ?? "";
    if (repetition === "") continue;
    if (atom === ")") return "it repeats a group";
    if (!NARROW.test(atom)) wide += 1;
    at += repetition.length;
  }
  return wide > MAX_WIDE_REPETITIONS ? `${wide} repetitions of more than one character or a digit` : null;
}

/** An escape, with its braces, or a class of characters. */
const ATOM = /^(?:\\(?:[pPu]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\])/su;

/** One character, or a digit, also of a commit: repetitions of these seldom fit the same text. */
const NARROW = /^(?:\\[^DSWwspP]|\[0-9(?:a-f)?\]|[^.[\\])/u;
