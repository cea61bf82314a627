import { MAX_ADDRESS } from "./limits.ts";

const PUBLIC = [
  "http:",
  "https:",
  "ftp:",
  "mirror:",
  "git:",
  "ssh:",
  "git+https:",
  "git+http:",
  "git+ssh:",
  "s3:",
  "gs:",
];

/**
 * An address that a stranger may see: without user, query and fragment, which may hold a token.
 *
 * @returns null for a place of this machine, and for what is no address.
 */
export function publicAddress(text: string): string | null {
  if (text.length > MAX_ADDRESS || !URL.canParse(text)) return null;
  const { protocol, host, pathname } = new URL(text);
  return PUBLIC.includes(protocol) && host !== "" ? `${protocol}//${host}${pathname}` : null;
}
