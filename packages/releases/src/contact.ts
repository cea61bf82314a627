import { hostAndPort, isLoopback } from "@touchmark/plugin";

/**
 * True for a URL of one of the hosts that may be contacted, over https, or on this machine.
 *
 * @param contacts - `host[:port]`; without a port the one of the protocol.
 */
export function isContact(url: URL, contacts: readonly string[]): boolean {
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
  if (!isSafe || url.username !== "" || url.password !== "") return false;
  return contacts.some((host) => hostAndPort(new URL(`${url.protocol}//${host}`)) === hostAndPort(url));
}
