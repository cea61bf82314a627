import { TouchmarkError } from "@touchmark/core";
import { hostAndPort, isConfidential, isLoopback, readUrl, registryAddress } from "@touchmark/plugin";

/** Whom plugins may talk to. */
export type NetworkGrant =
  | { readonly kind: "none" }
  /** Registries by `host[:port]`, exactly, and whom they refer us to. */
  | { readonly kind: "registries"; readonly hosts: readonly string[] }
  /** Services by `host[:port]`, exactly, such as a token issuer, and whom they refer us to; no registry, no credentials. */
  | { readonly kind: "services"; readonly hosts: readonly string[] }
  /** Any registry: where the build's own metadata names them. */
  | { readonly kind: "any" };

/** Answers for every URL and every registry whether it may be contacted. */
export interface NetworkGate {
  /**
   * The URL to fetch.
   *
   * @param referredBy - who sent us; it must be permitted itself, so that one referral does not lead to the next.
   * @throws TouchmarkError `NETWORK_REFUSED`; the message has the host alone.
   */
  admit(url: string, referredBy: string | null): Promise<URL>;
  /** @throws TouchmarkError `NETWORK_REFUSED`, `INPUT_INVALID`. */
  admitRegistry(registry: string): void;
}

/** @throws TouchmarkError `INPUT_INVALID` for a grant that names something else than hosts. */
export function networkGate(grant: NetworkGrant): NetworkGate {
  const named = new Set("hosts" in grant ? grant.hosts.map(keyOf) : []);
  const permits = (key: string) => grant.kind === "any" || named.has(key);
  return {
    admit: async (text, referredBy) => {
      const url = readUrl(text);
      if (url === null) throw refused("a host without a name", "a URL", "something else");
      if (url.username !== "" || url.password !== "") throw refused(url.host, "a URL without userinfo", "one with it");
      checkProtocol(url);
      if (!permits(hostAndPort(url)) && (referredBy === null || !permits(keyOf(referredBy)))) {
        throw refused(url.host, namedIn(grant), referredBy === null ? url.host : `${url.host}, from ${referredBy}`);
      }
      if (url.hostname === "localhost") await checkLocalhost(url);
      return url;
    },
    admitRegistry: (registry) => {
      if (grant.kind === "services" || !permits(keyOf(registry))) throw refused(registry, namedIn(grant), registry);
    },
  };
}

/** In the form in which hosts are compared: `ghcr.io:443`. */
function keyOf(registry: string): string {
  return hostAndPort(new URL(registryAddress(registry).origin));
}

/** Plain http only to this machine. */
function checkProtocol(url: URL): void {
  if (isConfidential(url)) return;
  throw refused(url.host, "https, or http to a loopback address", `${url.protocol}//${url.host}`);
}

/** The name is this machine only if the system's own resolver says so. */
async function checkLocalhost(url: URL): Promise<void> {
  const { promises: dns } = await import("node:dns");
  const addresses = await dns.lookup("localhost", { all: true });
  if (addresses.every(({ address }) => address === "::1" || isLoopback(address))) return;
  throw refused(url.host, "localhost to be this machine", "another address");
}

function namedIn(grant: NetworkGrant): string {
  if (grant.kind === "any") return "any registry";
  const hosts = "hosts" in grant ? grant.hosts : [];
  return hosts.length === 0 ? "no contact with anybody" : `only ${hosts.slice(0, 10).join(", ")}`;
}

function refused(host: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("NETWORK_REFUSED", `${host} is not contacted`, { expected, actual });
}
