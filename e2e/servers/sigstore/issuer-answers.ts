import { ISSUERS } from "./claims.ts";
import type { Answer, Request } from "./faulty-server.ts";
import { type Claims, idToken, keySet } from "./id-token.ts";

/** What a job must present to get its token. */
export const REQUEST_TOKEN = "of-the-job";

/** The documents of every issuer: https://openid.net/specs/openid-connect-discovery-1_0.html */
export function issuerAnswer(tokensKey: string, { host, path }: Request): Answer {
  const issuer = Object.values(ISSUERS).find((url) => `https://${host}${path}`.startsWith(`${url}/.well-known/`));
  if (issuer === undefined) return json(404, { error: "not found" });
  if (path.endsWith("/.well-known/jwks")) return json(200, keySet(tokensKey));
  if (!path.endsWith("/.well-known/openid-configuration")) return json(404, { error: "not found" });
  return json(200, {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  });
}

/** Where a GitHub job gets its token; the claims are in the address. */
export function tokenAnswer(tokensKey: string, { path, headers }: Request): Answer {
  if (headers["authorization"] !== `Bearer ${REQUEST_TOKEN}`) return json(401, { message: "not authorized" });
  const query = new URL(path, "https://job.invalid").searchParams;
  const claims = JSON.parse(query.get("claims") ?? "{}") as Claims;
  const audience = query.get("audience");
  return json(200, { value: idToken(tokensKey, { ...claims, ...(audience === null ? {} : { aud: audience }) }) });
}

function json(status: number, content: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(content) };
}
