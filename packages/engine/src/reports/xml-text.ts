/**
 * What XML 1.0 cannot hold in any way (https://www.w3.org/TR/xml/#charsets: controls, halves of a surrogate pair, U+FFFE and
 * U+FFFF), what it would change (ends of lines, tabs), and the marks that nobody sees or that turn a line's direction.
 */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

const MARKUP = /[&<>"']/g;

/** Any text as XML's character data, in an element or in a quoted attribute: a stranger chose it. */
export function xmlText(text: string): string {
  return text.replaceAll(UNFIT, escaped).replaceAll(MARKUP, (char) => `&#${char.charCodeAt(0)};`);
}

/** As JSON writes it: `\u001b`. */
function escaped(char: string): string {
  return [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
}
