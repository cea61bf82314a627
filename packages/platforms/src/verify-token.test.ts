import { generateKeyPairSync } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";
import { type TokenChange, withTestIssuer } from "@touchmark/testkit";
import { describe, expect, it, vi } from "vitest";
import { verifyRequestedToken, verifyToken } from "./verify-token.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const seconds = NOW / 1_000;
const clock = () => NOW;
type Bench = Parameters<Parameters<typeof withTestIssuer>[0]>[0];

const honest = { sub: "a job", aud: "sigstore", iat: seconds, nbf: seconds - 5, exp: seconds + 300 };

function verified({ issuer, host }: Bench, change: TokenChange = {}, at = clock) {
  const token = issuer.mint({ iss: issuer.url, ...honest }, change);
  return verifyToken(token, { issuer: issuer.url, audience: "sigstore" }, at, host);
}

describe("takes", () => {
  it.each<[string, TokenChange]>([
    ["an honest token, RSA", {}],
    ["an honest token, P-256", { header: { alg: "ES256" } }],
    ["one of several audiences", { claims: { aud: ["vault", "sigstore"] } }],
    ["one without a key id, where one key fits", { header: { kid: undefined } }],
    ["one that expired within the tolerance", { claims: { exp: seconds - 29 } }],
    ["one that starts within the tolerance", { claims: { nbf: seconds + 29 } }],
    ["one without a start", { claims: { nbf: undefined } }],
  ])("%s", async (_name, change) => {
    await withTestIssuer(async (bench) => {
      expect((await verified(bench, change)).claims).toMatchObject({ sub: "a job" });
    });
  });

  it("and says until when it holds", async () => {
    await withTestIssuer(async (bench) => {
      expect((await verified(bench)).expires).toBe(NOW + 300_000);
    });
  });
});

describe("IDENTITY_TOKEN_INVALID", () => {
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  it.each<[string, TokenChange]>([
    ["another issuer", { claims: { iss: "https://issuer.example" } }],
    ["another audience", { claims: { aud: "sigstore.example" } }],
    ["the audience in another case", { claims: { aud: "Sigstore" } }],
    ["a start in the future", { claims: { nbf: seconds + 31 } }],
    ["a key that the issuer does not have", { key: stranger }],
    ["a key id that the issuer does not have", { header: { kid: "other" } }],
    ["the key id of another key", { header: { kid: "ec" } }],
    ["a changed signature", { signature: (bytes) => bytes.map((byte, at) => (at === 9 ? byte ^ 1 : byte)) }],
    ["a shortened signature", { signature: (bytes) => bytes.subarray(0, -1) }],
    ["P-256 said of an RSA signature", { header: { alg: "ES256", kid: "ec" }, key: stranger }],
    ["a signature made with the public key as a secret", { header: { alg: "HS256" } }],
    ["no algorithm at all", { header: { alg: "none" } }],
  ])("%s", async (_name, change) => {
    await withTestIssuer(async (bench) => {
      await expect(verified(bench, change)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
    });
  });

  it("the issuer with a slash at its end", async () => {
    await withTestIssuer(async ({ issuer, host }) => {
      const token = issuer.mint({ iss: `${issuer.url}/`, ...honest });
      const verifying = verifyToken(token, { issuer: issuer.url, audience: "sigstore" }, clock, host);
      await expect(verifying).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
    });
  });

  it("asks nobody about a token that is not the expected one's", async () => {
    await withTestIssuer(async (bench) => {
      await expect(verified(bench, { claims: { iss: "https://issuer.example" } })).rejects.toThrow();
      await expect(verified(bench, { claims: { aud: "other" } })).rejects.toThrow();
      await expect(verified(bench, { claims: { exp: 1 } })).rejects.toThrow();
      expect(bench.issuer.requests).toEqual([]);
    });
  });
});

it("IDENTITY_TOKEN_EXPIRED says by how much, and a clock an hour off is one reason", async () => {
  await withTestIssuer(async (bench) => {
    await expect(verified(bench, { claims: { exp: seconds - 31 } })).rejects.toMatchObject({
      code: "IDENTITY_TOKEN_EXPIRED",
      actual: "expired 31 seconds ago by this machine's clock",
    });
    await expect(verified(bench, {}, () => NOW + 3_600_000)).rejects.toMatchObject({
      code: "IDENTITY_TOKEN_EXPIRED",
      actual: "expired 55 minutes ago by this machine's clock",
    });
    await expect(verified(bench, {}, () => NOW - 3_600_000)).rejects.toMatchObject({
      code: "IDENTITY_TOKEN_INVALID",
      actual: "valid in 59 minutes by this machine's clock",
    });
  });
});

describe("an issuer that", () => {
  const CONFIGURATION = /openid-configuration/;
  it.each<[string, string, Parameters<Bench["issuer"]["fail"]>[0]]>([
    [
      "describes another issuer",
      "SERVICE_INVALID",
      {
        path: CONFIGURATION,
        fault: { kind: "bytes", bytes: Buffer.from('{"issuer":"https://a.example","jwks_uri":"https://a.example/k"}') },
      },
    ],
    [
      "says nothing of its keys",
      "SERVICE_INVALID",
      { path: CONFIGURATION, fault: { kind: "bytes", bytes: Buffer.from("{}") } },
    ],
    [
      "answers garbage",
      "SERVICE_INVALID",
      { path: CONFIGURATION, fault: { kind: "bytes", bytes: Buffer.from("<html>") } },
    ],
    [
      "redirects",
      "SERVICE_INVALID",
      { path: CONFIGURATION, fault: { kind: "answer", status: 302, headers: { location: "https://a.example" } } },
    ],
    ["is not there", "SERVICE_DENIED", { path: CONFIGURATION, fault: { kind: "answer", status: 404 } }],
    ["has no keys", "SERVICE_INVALID", { path: /keys/, fault: { kind: "bytes", bytes: Buffer.from('{"keys":[]}') } }],
    [
      "shows a private key",
      "SERVICE_INVALID",
      { path: /keys/, fault: { kind: "bytes", bytes: Buffer.from('{"keys":[{"kty":"RSA","d":"AQ"}]}') } },
    ],
    [
      "has a key that is none",
      "IDENTITY_TOKEN_INVALID",
      {
        path: /keys/,
        fault: { kind: "bytes", bytes: Buffer.from('{"keys":[{"kty":"RSA","kid":"rsa","n":"AQ","e":"AQAB"}]}') },
      },
    ],
    [
      "sends too much",
      "SERVICE_INVALID",
      { path: /keys/, fault: { kind: "bytes", bytes: Buffer.alloc(300_000, " ") } },
    ],
    ["stays down", "SERVICE_UNAVAILABLE", { times: 9, fault: { kind: "answer", status: 503 } }],
    ["hangs up", "NETWORK_UNAVAILABLE", { times: 9, fault: { kind: "hang-up" } }],
    ["sends half of it", "SERVICE_INVALID", { times: 9, fault: { kind: "half-body" } }],
  ])("%s: %s", async (_name, code, fault) => {
    await withTestIssuer(async (bench) => {
      bench.issuer.fail(fault);
      await expect(verified(bench)).rejects.toMatchObject({ code });
    });
  });

  it("was down for a moment is asked again", async () => {
    await withTestIssuer(async (bench) => {
      bench.issuer.fail({ path: CONFIGURATION, fault: { kind: "answer", status: 500 } });
      bench.issuer.fail({ path: /keys/, fault: { kind: "half-body" } });
      expect((await verified(bench)).claims).toMatchObject({ sub: "a job" });
      expect(bench.pauses).toEqual([500, 500]);
    });
  });
});

describe("a token that has yet to be asked for", () => {
  function requested({ issuer, host }: Bench, token: (asked: typeof host) => Promise<string>) {
    return verifyRequestedToken(token, { issuer: issuer.url, audience: "sigstore" }, clock, host);
  }

  it("comes while its issuer is asked for its keys", async () => {
    await withTestIssuer(async (bench) => {
      const afterTheKeys = async () => {
        await vi.waitFor(() => expect(bench.issuer.requests.map(({ path }) => path)).toContain("/keys"));
        return bench.issuer.mint({ iss: bench.issuer.url, ...honest });
      };
      expect((await requested(bench, afterTheKeys)).claims).toMatchObject({ sub: "a job" });
    });
  });

  it("is verified by those keys, as any other", async () => {
    await withTestIssuer(async (bench) => {
      const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const forged = async () => bench.issuer.mint({ iss: bench.issuer.url, ...honest }, { key });
      await expect(requested(bench, forged)).rejects.toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
    });
  });

  it.each<[string, string, (bench: Bench) => Promise<string>]>([
    [
      "is not the expected one",
      "IDENTITY_TOKEN_INVALID",
      async ({ issuer }) => issuer.mint({ iss: issuer.url, ...honest }, { claims: { aud: "other" } }),
    ],
    ["does not come", "SERVICE_DENIED", () => Promise.reject(new TouchmarkError("SERVICE_DENIED", "no token"))],
  ])("that %s is an error at once, though the issuer never answers", async (_name, code, token) => {
    await withTestIssuer(async (bench) => {
      bench.issuer.fail({ path: /openid-configuration/, fault: { kind: "silence" } });
      const asking = requested(bench, async () => {
        await vi.waitFor(() => expect(bench.issuer.requests).toHaveLength(1));
        return token(bench);
      });
      await expect(asking).rejects.toMatchObject({ code });
    });
  });
});
