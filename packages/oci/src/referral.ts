import { TouchmarkError } from "@touchmark/core";
import { hostAndPort, isLoopback, readUrl } from "@touchmark/plugin";
import { isNearAddress } from "./near-address.ts";

/**
 * Where an answer sends us, as far as it may: never from https to http, never from another machine to this one or to an
 * address of its link, never with userinfo.
 *
 * @param where - as the answer has it, relative or absolute.
 * @param from - the URL that was asked.
 * @param what - for messages: `the redirect of ghcr.io`.
 * @throws TouchmarkError `REGISTRY_INVALID`; the message holds no query, which may be a signature.
 */
export function referral(where: string | undefined, from: URL, what: string): URL {
  const to = where === undefined || where.length > 16 * 1024 ? null : readUrl(where, from);
  if (to === null) throw refused(what, "a URL", where === undefined ? "none" : "something else");
  const here = isLoopback(from.hostname);
  const there = isLoopback(to.hostname);
  if (to.protocol !== "https:" && !(to.protocol === "http:" && from.protocol === "http:" && here && there)) {
    throw refused(what, "https", `${to.protocol}//${to.host}`);
  }
  if (isNearAddress(to.hostname) && !(here && there) && to.host !== from.host) {
    throw refused(what, "another host than this machine and its link", to.host);
  }
  if (to.username !== "" || to.password !== "") throw refused(what, "a URL without userinfo", "one with it");
  to.hash = "";
  return to;
}

/**
 * The same, on the same host alone.
 *
 * @throws TouchmarkError `REGISTRY_INVALID`.
 */
export function referralAtHome(where: string | undefined, from: URL, what: string): URL {
  const to = referral(where, from, what);
  if (to.origin !== from.origin) throw refused(what, hostAndPort(from), hostAndPort(to));
  return to;
}

function refused(what: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("REGISTRY_INVALID", `${what} leads where it must not`, { expected, actual });
}
