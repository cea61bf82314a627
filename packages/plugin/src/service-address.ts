import { TouchmarkError } from "@touchmark/core";
import { readUrl } from "./read-url.ts";
import { isConfidential } from "./registry-address.ts";

/**
 * The address of a service that is asked over HTTP, in the one form in which it is compared: no slash at the end.
 *
 * @returns null for anything but https, or http to this machine, and for one with userinfo, query or fragment, which may hold a
 * secret, or are no part of an address.
 */
export function serviceAddress(text: string): URL | null {
  const url = readUrl(text);
  if (url === null || !isConfidential(url)) return null;
  if ([url.username, url.password, url.search, url.hash].some((part) => part !== "")) return null;
  return new URL(url.href.replace(/\/+$/, ""));
}

/**
 * The same of a text that must be one.
 *
 * @param what - it is the address of, for the message: the flag, or the place in a file. Of the text only the host is shown.
 * @throws TouchmarkError `USAGE`.
 */
export function requireServiceAddress(text: string, what: string): URL {
  const address = serviceAddress(text);
  if (address !== null) return address;
  const url = readUrl(text);
  throw new TouchmarkError("USAGE", `${what} is not the address of a service`, {
    expected: "https://HOST, or http to a loopback address; no user name, query or fragment",
    actual: url === null || url.host === "" ? "no URL with a host" : `one of ${url.protocol}//${url.host}`,
  });
}
