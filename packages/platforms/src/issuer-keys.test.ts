import type { Host, HttpRequest } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import { issuerKeys } from "./issuer-keys.ts";

const ISSUER = "https://issuer.example";

/** What an issuer answers whose keys lie at an address, and who was asked, sent by whom. */
async function keysAt(jwks_uri: string, issuer = ISSUER) {
  const asked: [string, string | null][] = [];
  const host = {
    async fetch({ url, referredBy }: HttpRequest) {
      asked.push([url, referredBy]);
      const document = url.endsWith("/openid-configuration") ? { issuer, jwks_uri } : { keys: [{ kty: "RSA" }] };
      return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(document)) };
    },
    elapsed: () => 0,
  } as unknown as Host;
  const outcome = await issuerKeys(issuer, host).catch((error: unknown) => error);
  return { outcome, asked };
}

describe("the keys of an issuer", () => {
  it("may lie on another host, to which the issuer refers", async () => {
    const { outcome, asked } = await keysAt("https://keys.example/jwks");
    expect(outcome).toEqual({ keys: [{ kty: "RSA" }] });
    expect(asked.at(-1)).toEqual(["https://keys.example/jwks", "issuer.example"]);
  });

  it.each(["http://127.0.0.1:8080/jwks", "http://issuer.example/jwks", "HTTP://issuer.example/jwks"])(
    "are not asked for without TLS: %s",
    async (address) => {
      const { outcome, asked } = await keysAt(address);
      expect(outcome).toMatchObject({ code: "SERVICE_INVALID", expected: "https, as the issuer itself" });
      expect(asked).toHaveLength(1);
    },
  );

  it("of an issuer on this machine may lie there too", async () => {
    const { outcome } = await keysAt("http://127.0.0.1:8080/jwks", "http://127.0.0.1:8080");
    expect(outcome).toEqual({ keys: [{ kty: "RSA" }] });
  });
});
