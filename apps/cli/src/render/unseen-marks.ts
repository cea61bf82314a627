/**
 * Escapes what a terminal takes as a command (DEL and the control characters above it: U+009B is ESC and `[` in one) and the
 * marks that nobody sees or that turn a line's direction, as JSON does in a string.
 */
export function escapeUnseen(text: string): string {
  return text.replaceAll(
    /[\u007f-\u009f\u00ad\u061c\u180e\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    escaped,
  );
}

/** A character as JSON writes it: `\u001b`. */
export function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
