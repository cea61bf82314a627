import type { Host, RegistryAddress, RegistryCredentials } from "@touchmark/plugin";
import { basicHeader } from "./basic-header.ts";
import { readChallenge } from "./challenge.ts";
import { referral } from "./referral.ts";
import { requestToken } from "./registry-token.ts";

/** Who we are to one registry: `Authorization` headers by scope, got when the registry first asks for them. */
export interface RegistryLogin {
  /** What is known to be wanted for a scope; null before the registry asked, or where it asks nobody. */
  current(scope: string): string | null;
  /**
   * Answers a challenge.
   *
   * @param used - the header that was not good enough; when another request has got a newer one meanwhile, that is it.
   * @returns null when there is nothing better.
   * @throws TouchmarkError `REGISTRY_DENIED`, `REGISTRY_INVALID`, `REGISTRY_UNAVAILABLE`, `CREDENTIALS_UNREADABLE`.
   */
  renew(scope: string, used: string | null, challenge: string | undefined): Promise<string | null>;
  /** Text without any secret that was ever sent, by this login or another one of the same host. */
  hide(text: string): string;
}

/**
 * What was sent on behalf of one user, by where their credentials come from: a registry that was told a secret while its
 * manifests were read can repeat it while its referrers are.
 */
const sent = new WeakMap<Host["credentials"], Set<string>>();

export function registryLogin(address: RegistryAddress, host: Host): RegistryLogin {
  const headers = new Map<string, string>();
  const pending = new Map<string, Promise<string | null>>();
  const secrets = sent.get(host.credentials) ?? new Set<string>();
  sent.set(host.credentials, secrets);
  let credentials: Promise<RegistryCredentials | null> | null = null;

  async function obtain(scope: string, challenge: string | undefined): Promise<string | null> {
    const wanted = readChallenge(challenge);
    if (wanted === null) return null;
    credentials ??= host.credentials(address.registry);
    const known = await credentials;
    for (const secret of secretsOf(known)) secrets.add(secret);
    if (wanted.kind === "basic") return known?.kind === "basic" ? basicHeader(known) : null;
    const token = await requestToken(host, {
      realm: referral(wanted.realm, new URL(address.origin), `the token service of ${address.registry}`),
      registry: address,
      service: wanted.service,
      scopes: scopesOf(scope, wanted.scope),
      credentials: known,
      hide,
    });
    secrets.add(token);
    return `Bearer ${token}`;
  }

  function hide(text: string): string {
    // Longest first: one secret may be a part of another.
    const longest = [...secrets].sort((a, b) => b.length - a.length);
    return longest.reduce((hidden, secret) => withoutBeginning(hidden.replaceAll(secret, "…"), secret), text);
  }

  return {
    current: (scope) => headers.get(scope) ?? null,
    renew: async (scope, used, challenge) => {
      const newer = headers.get(scope) ?? null;
      if (newer !== used) return newer;
      const running = pending.get(scope) ?? obtain(scope, challenge);
      pending.set(scope, running);
      try {
        const header = await running;
        if (header === null || header === used) return null;
        headers.set(scope, header);
        return header;
      } finally {
        pending.delete(scope);
      }
    },
    hide,
  };
}

/** Long enough to be nobody's word, and short enough to be there where a text was cut off. Unit: characters. */
const BEGINNING = 16;

/** Messages show the first part of a long text, and so of a token in it. */
function withoutBeginning(text: string, secret: string): string {
  if (secret.length <= BEGINNING) return text;
  const [first = "", ...others] = text.split(secret.slice(0, BEGINNING));
  return [first, ...others.map((rest) => rest.replace(/^[\x21-\x7e]*/, "…"))].join("");
}

/** Ours, and what the registry names beside: some protect a repository under another name. */
function scopesOf(ours: string, theirs: string | null): readonly string[] {
  const [, name] = ours.split(":");
  const others = (theirs ?? "").split(" ").filter((one) => one !== "" && one.split(":")[1] !== name);
  return [ours, ...others.slice(0, 4)];
}

function secretsOf(credentials: RegistryCredentials | null): readonly string[] {
  if (credentials === null) return [];
  if (credentials.kind === "identity-token") return [credentials.token];
  return [credentials.password, basicHeader(credentials).slice("Basic ".length)].filter((one) => one !== "");
}
