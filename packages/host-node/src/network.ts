import { setMaxListeners } from "node:events";
import type { HttpRequest, HttpResponse, HttpStream, RegistryCredentials } from "@touchmark/plugin";
import type { Env } from "./child-environment.ts";
import { throwIfAborted } from "./file-error.ts";
import { type NetworkGrant, networkGate } from "./network-grant.ts";
import { chooseFetch } from "./proxy.ts";

export interface Network {
  fetch(request: HttpRequest): Promise<HttpResponse>;
  fetchStream(request: HttpRequest): Promise<HttpStream>;
  credentials(registry: string): Promise<RegistryCredentials | null>;
}

/** The network as plugins may use it; see Host. Nothing is looked up, opened or read before the grant was asked. */
export function createNetwork(grant: NetworkGrant, env: Env, signal: AbortSignal): Network {
  // Each exchange listens while it runs, and any number may run at a time.
  setMaxListeners(0, signal);
  const gate = networkGate(grant);
  const fetchFor = chooseFetch(env);
  return {
    fetch: async (request) => {
      throwIfAborted(signal);
      const url = await gate.admit(request.url, request.referredBy);
      const { httpExchange } = await import("./http-exchange.ts");
      return httpExchange(request, url, await fetchFor(url), signal);
    },
    fetchStream: async (request) => {
      throwIfAborted(signal);
      const url = await gate.admit(request.url, request.referredBy);
      const { httpStream } = await import("./http-stream.ts");
      return httpStream(request, url, await fetchFor(url), signal);
    },
    credentials: async (registry) => {
      throwIfAborted(signal);
      gate.admitRegistry(registry);
      const { registryCredentials } = await import("./registry-credentials.ts");
      return registryCredentials(registry, env, signal);
    },
  };
}
