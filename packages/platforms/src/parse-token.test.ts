import { isTouchmarkError } from "@touchmark/core";
import { leastCpuMs } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseToken } from "./parse-token.ts";

const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const header = { alg: "RS256", kid: "k1", typ: "JWT" };
const claims = { iss: "https://issuer.example", sub: "a job", aud: "sigstore", exp: 2_000_000_000 };
const token = (head: unknown = header, body: unknown = claims, signature = "c2ln") =>
  `${part(head)}.${part(body)}.${signature}`;

describe("reads", () => {
  it("who made it, for whom, and until when", () => {
    expect(parseToken(token())).toEqual({
      algorithm: "RS256",
      issuer: "https://issuer.example",
      audiences: ["sigstore"],
      expires: 2_000_000_000,
      notBefore: null,
      claims,
    });
  });

  it.each([undefined, "JWT", "jwt", "JOSE"])("one of the kind %j", (typ) => {
    expect(parseToken(token({ ...header, typ }))).toMatchObject({ algorithm: "RS256" });
  });

  it("several audiences, and a start", () => {
    const parsed = parseToken(token({ alg: "ES256" }, { ...claims, aud: ["a", "sigstore"], nbf: 7 }));
    expect(parsed).toMatchObject({ algorithm: "ES256", audiences: ["a", "sigstore"], notBefore: 7 });
  });
});

describe("IDENTITY_TOKEN_INVALID", () => {
  const { iss: _iss, ...noIssuer } = claims;
  const { sub: _sub, ...noSubject } = claims;
  const { aud: _aud, ...noAudience } = claims;
  const { exp: _exp, ...noEnd } = claims;
  it.each<[string, string]>([
    ["nothing", ""],
    ["a word", "token"],
    ["two parts", `${part(header)}.${part(claims)}`],
    ["four parts", `${token()}.c2ln`],
    ["no signature", token(header, claims, "")],
    ["an encrypted one, in five parts", "a.b.c.d.e"],
    ["padding", token(header, claims, "c2lnbg==")],
    ["white space", token(header, claims, "c2ln\n")],
    ["standard base64", token(header, claims, "+/+/")],
    ["left-over bits", token(header, claims, "c2lnbh")],
    ["too long", token(header, { ...claims, more: "x".repeat(16 * 1024) })],
    ["no JSON", token("{", claims)],
    ["a byte order mark", token(`\uFEFF${JSON.stringify(header)}`, claims)],
    ["bytes that are not UTF-8", `${Buffer.from([0x22, 0xff, 0x22]).toString("base64url")}.${part(claims)}.c2ln`],
    ["a key twice in the header", token('{"alg":"RS256","alg":"RS256"}', claims)],
    ["a key twice in the claims", token(header, '{"iss":"a","iss":"b","sub":"c","aud":"d","exp":1}')],
    ["__proto__", token(header, '{"__proto__":{},"iss":"a","sub":"c","aud":"d","exp":1}')],
    ["deep claims", token(header, { ...claims, deep: JSON.parse(`${"[".repeat(9)}${"]".repeat(9)}`) })],
    ["a list as claims", token(header, [claims])],
    ["none", token({ alg: "none" })],
    ["NONE", token({ alg: "nOnE" })],
    ["an HMAC", token({ alg: "HS256" })],
    ["RSA with another hash", token({ alg: "RS512" })],
    ["RSA-PSS", token({ alg: "PS256" })],
    ["no algorithm", token({ kid: "k1" })],
    ["an access token", token({ ...header, typ: "at+jwt" })],
    ["a notice of logout", token({ ...header, typ: "logout+jwt" })],
    ["a proof of possession", token({ ...header, typ: "dpop+jwt" })],
    ["a kind that is no text", token({ ...header, typ: 1 })],
    ["a critical extension", token({ ...header, crit: ["b64"], b64: false })],
    ["no issuer", token(header, noIssuer)],
    ["no subject", token(header, noSubject)],
    ["no audience", token(header, noAudience)],
    ["an empty list of audiences", token(header, { ...claims, aud: [] })],
    ["no end", token(header, noEnd)],
    ["an end as text", token(header, { ...claims, exp: "2000000000" })],
    ["an end that is no number", token(header, JSON.stringify(claims).replace("2000000000", "1e999"))],
    ["a start as text", token(header, { ...claims, nbf: "1" })],
  ])("%s", (_name, text) => {
    expect(() => parseToken(text)).toThrow(expect.objectContaining({ code: "IDENTITY_TOKEN_INVALID" }));
  });

  it("never says what stands in the token", () => {
    const secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ";
    for (const text of [`${secret}.${secret}.${secret}`, token(`{"${secret}`), token(header, `{"iss": "${secret}"`)]) {
      try {
        parseToken(text);
      } catch (error) {
        if (!isTouchmarkError(error)) throw error;
        expect(`${error.message} ${error.expected} ${error.actual} ${error.cause} ${error.stack}`).not.toContain(
          secret.slice(0, 12),
        );
        continue;
      }
      throw new Error("nothing was thrown");
    }
  });
});

describe("anything at all", () => {
  const typed = (text: string) => {
    try {
      parseToken(text);
    } catch (error) {
      expect(error).toMatchObject({ code: "IDENTITY_TOKEN_INVALID" });
    }
  };

  it("is read or refused with a code", () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), typed));
    const anyPart = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constant(JSON.stringify(header)),
      fc.constant(JSON.stringify(claims)),
    );
    fc.assert(fc.property(anyPart, anyPart, (head, body) => typed(token(head, body))));
    const mutated = fc.tuple(fc.nat(token().length - 1), fc.string({ minLength: 1, maxLength: 3 }));
    fc.assert(fc.property(mutated, ([at, text]) => typed(token().slice(0, at) + text + token().slice(at + 1))));
  });

  it("is refused quickly where it is long", async () => {
    for (const text of [".".repeat(5_000_000), "a".repeat(5_000_000), token("[".repeat(10_000), "{".repeat(2_000))])
      expect(await leastCpuMs(100, () => typed(text))).toBeLessThan(100);
  });
});
