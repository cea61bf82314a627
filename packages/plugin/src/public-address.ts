import { readUrl } from "./read-url.ts";

/**
 * An address that a stranger may see: without user, query and fragment, which may hold a token.
 *
 * @param protocols - those that lead to places for everybody, each with its colon: `https:`.
 * @returns null for any other place, such as a file of this machine, and for what is no address.
 */
export function publicAddress(text: string, protocols: readonly string[]): string | null {
  const url = readUrl(text);
  if (url === null || !protocols.includes(url.protocol) || url.host === "") return null;
  return `${url.protocol}//${url.host}${url.pathname}`;
}
