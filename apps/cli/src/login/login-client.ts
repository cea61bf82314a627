import type { Host } from "@touchmark/plugin";
import { isLoopback } from "@touchmark/plugin";
import type { Configuration, CustomFetch } from "openid-client";
import { LOGIN_EXCHANGE_MS, MAX_LOGIN_ANSWER_BYTES } from "./limits.ts";

/** Whom people log in with, and as which program. */
export interface LoginService {
  /** Exactly as in tokens. */
  readonly issuer: string;
  /** Public: a program that everybody has keeps no secret (RFC 8252, 8.5). */
  readonly clientId: string;
}

/**
 * The service's own description of itself, and a client that speaks to it through the host alone: the issuer and whom it
 * refers to, https or this machine, answers of a limited size, no redirect.
 */
export async function loginClient({ issuer, clientId }: LoginService, host: Host): Promise<Configuration> {
  const { allowInsecureRequests, customFetch, discovery, None } = await import("openid-client");
  const server = new URL(issuer);
  return discovery(server, clientId, { token_endpoint_auth_method: "none" }, None(), {
    [customFetch]: fetchBy(host, server.host),
    // What may be contacted without TLS the host decides: this machine.
    execute: isLoopback(server.hostname) ? [allowInsecureRequests] : [],
    timeout: LOGIN_EXCHANGE_MS / 1_000,
  });
}

function fetchBy(host: Host, issuer: string): CustomFetch {
  return async (url, { method, headers, body }) => {
    const response = await host.fetch({
      method: method === "POST" ? "POST" : "GET",
      url,
      headers,
      ...(body === undefined || body === null ? {} : { body: new TextEncoder().encode(String(body)) }),
      maxBody: MAX_LOGIN_ANSWER_BYTES,
      timeoutMs: LOGIN_EXCHANGE_MS,
      referredBy: issuer,
    });
    const { status } = response;
    const isEmpty = response.body.byteLength === 0;
    return new Response(isEmpty ? null : new Uint8Array(response.body), { status, headers: response.headers });
  };
}
