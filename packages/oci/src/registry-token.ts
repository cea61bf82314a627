import { TouchmarkError } from "@touchmark/core";
import type { Host, HttpRequest, HttpResponse, RegistryAddress, RegistryCredentials } from "@touchmark/plugin";
import * as z from "zod";
import { answerJson } from "./answer-json.ts";
import { basicHeader } from "./basic-header.ts";
import { registryError } from "./registry-error.ts";
import { MAX_TOKEN_ANSWER_BYTES, REQUEST_TIMEOUT_MS } from "./registry-limits.ts";
import { exchange, withRetries } from "./retry.ts";

export interface TokenRequest {
  /** Where the registry sends us for a token; checked by `referral`. */
  readonly realm: URL;
  readonly registry: RegistryAddress;
  readonly service: string | null;
  readonly scopes: readonly string[];
  readonly credentials: RegistryCredentials | null;
  hide(text: string): string;
}

/** Told to token services; they log it. */
const CLIENT_ID = "touchmark";

/** Visible ASCII: what a header can carry. */
const Token = z.string().regex(/^[\x21-\x7e]+$/);
const TokenAnswer = z.object({ token: Token.optional(), access_token: Token.optional() });

/**
 * Asks a token service for a token: https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/token.md
 * with a name and password or nobody's, oauth.md beside it with an identity token. Credentials of the registry go to the
 * service that the registry names, as docker does it, and nowhere else: a redirect is not followed.
 *
 * @throws TouchmarkError `REGISTRY_DENIED`, `REGISTRY_INVALID`, `REGISTRY_UNAVAILABLE`, `NETWORK_UNAVAILABLE`.
 */
export async function requestToken(host: Host, request: TokenRequest): Promise<string> {
  const what = `the token service ${request.realm.host} of ${request.registry.registry}`;
  const response = await withRetries(host, () => exchange(host, httpRequest(request)));
  if (response.status !== 200) throw refusal(response, request, what);
  return tokenOf(response, what);
}

function httpRequest({ realm, registry, service, scopes, credentials }: TokenRequest): HttpRequest {
  const limits = { maxBody: MAX_TOKEN_ANSWER_BYTES, timeoutMs: REQUEST_TIMEOUT_MS, referredBy: registry.host };
  if (credentials?.kind === "identity-token") {
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      service: service ?? registry.host,
      client_id: CLIENT_ID,
      scope: scopes.join(" "),
      refresh_token: credentials.token,
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return { method: "POST", url: realm.href, headers, body: new TextEncoder().encode(`${form}`), ...limits };
  }
  const url = new URL(realm);
  if (service !== null) url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  url.searchParams.set("client_id", CLIENT_ID);
  if (credentials === null) return { method: "GET", url: url.href, ...limits };
  url.searchParams.set("account", credentials.username);
  return { method: "GET", url: url.href, headers: { authorization: basicHeader(credentials) }, ...limits };
}

function tokenOf({ body }: HttpResponse, what: string): string {
  const parsed = TokenAnswer.safeParse(answerJson(body));
  const token = parsed.success ? (parsed.data.token ?? parsed.data.access_token) : undefined;
  if (token !== undefined) return token;
  // Without the parser's words, which show a part of the answer.
  throw new TouchmarkError("REGISTRY_INVALID", `${what} answered against the protocol`, {
    expected: "a JSON object with a token",
    actual: "something else",
  });
}

function refusal(response: HttpResponse, request: TokenRequest, what: string): TouchmarkError {
  const { registry, credentials, hide } = request;
  if (response.status === 401 || response.status === 403 || response.status === 404) {
    const other = registryError({ ...response, status: 401 }, what, "a token", hide);
    return new TouchmarkError("REGISTRY_DENIED", `${what} gives us no token`, {
      expected: credentials === null ? `credentials for exactly ${registry.registry}` : "credentials that it accepts",
      actual: credentials === null ? "none" : (other.actual ?? "").replace("status 401", `status ${response.status}`),
    });
  }
  return registryError(response, what, "a token", hide);
}
