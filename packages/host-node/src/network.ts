import { TouchmarkError } from "@touchmark/core";
import type { HttpRequest, HttpResponse, RegistryCredentials } from "@touchmark/plugin";
import type { Env } from "./child-environment.ts";

/** Whom plugins may talk to. */
export type NetworkGrant =
  | { readonly kind: "none" }
  /** Registries by `host[:port]`, exactly, and whom they refer us to. */
  | { readonly kind: "registries"; readonly hosts: readonly string[] }
  /** Any registry: where the build's own metadata names them. */
  | { readonly kind: "any" };

export interface Network {
  fetch(request: HttpRequest): Promise<HttpResponse>;
  credentials(registry: string): Promise<RegistryCredentials | null>;
}

export function createNetwork(_grant: NetworkGrant, _env: Env, _signal: AbortSignal): Network {
  const refuse = async (): Promise<never> => {
    throw new TouchmarkError("NETWORK_REFUSED", "there is no network yet");
  };
  return { fetch: refuse, credentials: refuse };
}
