/**
 * A URL out of text that somebody else wrote.
 *
 * @param base - what a relative one is relative to.
 * @returns null for what is none.
 */
export function readUrl(text: string, base?: URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
