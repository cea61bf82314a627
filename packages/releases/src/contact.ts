import { hostAndPort, isConfidential } from "@touchmark/plugin";

/**
 * True for a URL of one of the hosts that may be contacted, over https, or on this machine.
 *
 * @param contacts - `host[:port]`; without a port the one of the protocol.
 */
export function isContact(url: URL, contacts: readonly string[]): boolean {
  if (!isConfidential(url) || url.username !== "" || url.password !== "") return false;
  return contacts.some((host) => hostAndPort(new URL(`${url.protocol}//${host}`)) === hostAndPort(url));
}
