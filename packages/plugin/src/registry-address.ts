import { TouchmarkError } from "@touchmark/core";
import { readUrl } from "./read-url.ts";

/** Where a registry's API answers. */
export interface RegistryAddress {
  /** As images are named after it: `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** `https://ghcr.io`; `http://127.0.0.1:5000` for a loopback address. */
  readonly origin: string;
  /** Of the origin: `registry-1.docker.io` for Docker Hub. */
  readonly host: string;
}

/** Docker Hub's name, the names that were used for it, and where its API is: docker has this map built in. */
const DOCKER_HUB = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);
const DOCKER_HUB_API = "registry-1.docker.io";

/**
 * The address of a registry. Plain http is spoken to loopback addresses alone, as docker and crane do it.
 *
 * @param registry - `host[:port]`.
 * @throws TouchmarkError `INPUT_INVALID` for anything else, such as a URL, userinfo or a path.
 */
export function registryAddress(registry: string): RegistryAddress {
  const name = registry.toLowerCase();
  const url = name.length > 260 ? null : readUrl(`https://${name}`);
  // A parser of URLs makes 127.0.0.1 of 0x7f.1: only what it leaves as it is names a host.
  if (url === null || url.href !== `https://${url.host}/` || !isWritten(name, url)) {
    throw new TouchmarkError("INPUT_INVALID", "the name of a registry is not well formed", {
      expected: "HOST or HOST:PORT",
      actual: JSON.stringify(registry.replace(/^.*@/s, "…@").slice(0, 200)),
    });
  }
  if (DOCKER_HUB.has(url.host)) {
    return { registry: "docker.io", origin: `https://${DOCKER_HUB_API}`, host: DOCKER_HUB_API };
  }
  const { origin, host } = new URL(`${isLoopback(url.hostname) ? "http" : "https"}://${name}`);
  return { registry: host, origin, host };
}

/** 127.0.0.0/8, ::1 and `localhost`: what never leaves the machine. `hostname` as the URL parser writes it. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** https, or http to this machine: nobody on the way can read along, or answer instead. */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

/** Host and port of a URL, the port of its protocol included, for comparison: `ghcr.io:443`. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port === "" ? (url.protocol === "http:" ? "80" : "443") : url.port}`;
}

function isWritten(name: string, url: URL): boolean {
  const [, host, port] = /^(.*?)(?::(\d{1,5}))?$/s.exec(name) ?? [];
  return host === url.hostname && (port === undefined || Number(port) === Number(url.port || "443"));
}
