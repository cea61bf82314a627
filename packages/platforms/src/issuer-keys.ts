import { TouchmarkError } from "@touchmark/core";
import { askService, type Host, type ServiceCall, serviceAnswer, serviceRefusal } from "@touchmark/plugin";
import type { JSONWebKeySet } from "jose";
import * as z from "zod";
import { MAX_ISSUER_ANSWER_BYTES, MAX_ISSUER_KEYS } from "./token-limits.ts";

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata: the two members that we use. */
const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url().max(2048) });

/** RFC 7517, 5. Keys are read by the library that verifies with them; private ones must not be there. */
const KeySet = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }).refine((key) => !Object.hasOwn(key, "d")))
    .min(1)
    .max(MAX_ISSUER_KEYS),
});

/**
 * The keys that an issuer signs with, from the place that its discovery document names.
 *
 * @param issuer - exactly as in the token.
 * @throws TouchmarkError `SERVICE_INVALID` for a document that is not this issuer's; those of `askService`.
 */
export async function issuerKeys(issuer: string, host: Host): Promise<JSONWebKeySet> {
  // OpenID Connect Discovery 1.0, section 4: a slash at the issuer's end is not doubled.
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const discovery = await readAnswer(Discovery, callTo(address, null), host);
  if (discovery.issuer !== issuer) {
    throw new TouchmarkError("SERVICE_INVALID", "the issuer of identity tokens describes another issuer", {
      expected: issuer,
      actual: JSON.stringify(discovery.issuer.slice(0, 200)),
    });
  }
  // Keys that anybody on the way can replace sign nothing; http is for an issuer that is itself on this machine.
  if (issuer.startsWith("https:") && new URL(discovery.jwks_uri).protocol !== "https:") {
    throw new TouchmarkError(
      "SERVICE_INVALID",
      "the issuer of identity tokens names a place for its keys without TLS",
      {
        expected: "https, as the issuer itself",
        actual: JSON.stringify(discovery.jwks_uri.slice(0, 200)),
      },
    );
  }
  return (await readAnswer(KeySet, callTo(discovery.jwks_uri, new URL(issuer).host), host)) as JSONWebKeySet;
}

function callTo(url: string, referredBy: string | null): ServiceCall {
  return {
    service: "the issuer of identity tokens",
    request: { method: "GET", url, maxBody: MAX_ISSUER_ANSWER_BYTES, referredBy },
    secrets: [],
  };
}

async function readAnswer<T>(schema: z.ZodType<T>, call: ServiceCall, host: Host): Promise<T> {
  const response = await askService(host, call);
  if (response.status !== 200) throw serviceRefusal(call, response, "200 and a JSON document");
  return serviceAnswer(schema, call, response, "the document that OpenID Connect Discovery describes");
}
