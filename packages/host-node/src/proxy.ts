import { TouchmarkError } from "@touchmark/core";
import { isLoopback, readUrl } from "@touchmark/plugin";
import type { Env } from "./child-environment.ts";
import type { Fetch } from "./http-parts.ts";

/**
 * Chooses for each URL between a direct connection and the proxy of `HTTPS_PROXY`. Node 20's own fetch knows no proxy, so
 * a library that does is loaded, once there is one to be used. What is on this machine is never asked through a proxy, and
 * all else is https, so `HTTP_PROXY` names nothing for us.
 *
 * @throws TouchmarkError `NETWORK_UNAVAILABLE` for a proxy that is no http or https URL; it may hold a password.
 */
export function chooseFetch(env: Env): (url: URL) => Promise<Fetch> {
  const proxy = env["HTTPS_PROXY"] || env["https_proxy"] || "";
  const except = env["NO_PROXY"] || env["no_proxy"] || "";
  let loaded: Promise<Fetch> | null = null;
  return async (url) => {
    if (proxy === "" || isLoopback(url.hostname)) return fetch;
    loaded ??= proxyFetch(proxy, except);
    return loaded;
  };
}

async function proxyFetch(proxy: string, except: string): Promise<Fetch> {
  const url = readUrl(proxy);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new TouchmarkError("NETWORK_UNAVAILABLE", "the proxy cannot be used", {
      expected: "HTTPS_PROXY with an http or https URL",
      actual: "something else",
    });
  }
  // By its default: it is CommonJS, of which a bundle has no other names.
  const { default: undici } = await import("undici");
  const dispatcher = new undici.EnvHttpProxyAgent({ httpProxy: proxy, httpsProxy: proxy, noProxy: except });
  // The same functions by another name: Node's own fetch is a copy of this library.
  return (target, init) => undici.fetch(target, { ...init, dispatcher } as never) as unknown as Promise<Response>;
}
