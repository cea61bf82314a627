/**
 * What every text that a pattern matches as a whole begins with, as far as it is easily seen; shorter where it is not.
 *
 * @param pattern - a regular expression without anchors.
 */
export function literalPrefix(pattern: string): string {
  if (pattern.includes("|")) return "";
  let prefix = "";
  for (let at = 0; at < pattern.length; ) {
    const [piece, literal] = pieceAt(pattern, at);
    if (literal === null) return prefix;
    // What may be absent, or there any number of times, is no beginning.
    if ("?*{".includes(pattern[at + piece] ?? "-")) return prefix;
    prefix += literal;
    at += piece;
    if (pattern[at] === "+") return prefix;
  }
  return prefix;
}

/** How long the next piece of the pattern is, and what it stands for; null for all but one plain character. */
function pieceAt(pattern: string, at: number): readonly [number, string | null] {
  const [character = "", next = ""] = [pattern[at], pattern[at + 1]];
  if (character === "\\") return [2, /[^A-Za-z0-9]/.test(next) ? next : null];
  return [1, /[.^$()[\]{}?*+]/.test(character) ? null : character];
}
