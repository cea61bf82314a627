import { isTouchmarkError, type Json, parseJsonText, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { MAX_TOKEN_DEPTH, MAX_TOKEN_LENGTH } from "./token-limits.ts";

/** RS256 and ES256 (RFC 7518, 3.1): what GitHub, GitLab and Kubernetes sign with. `none` and the HMAC ones are no signature. */
export const TOKEN_ALGORITHMS = ["RS256", "ES256"] as const;

/** What a token says, with nothing verified but its form. */
export interface ParsedToken {
  readonly algorithm: (typeof TOKEN_ALGORITHMS)[number];
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Unit: seconds since 1970, as in the token. */
  readonly expires: number;
  readonly notBefore: number | null;
  /** All claims, the ones above included. */
  readonly claims: Readonly<Record<string, Json>>;
}

const seconds = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
// RFC 8725, 3.11: other kinds of token that an issuer signs with the same keys (at+jwt, logout+jwt) are no identity.
// RFC 7515, 4.1.11: an extension that is critical and unknown makes the token invalid; we know none. RFC 7797's b64 is one.
const Header = z.object({
  alg: z.enum(TOKEN_ALGORITHMS),
  // SPIFFE's may say JOSE: https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md#23-type
  typ: z
    .string()
    .regex(/^(?:jwt|jose)$/i)
    .optional(),
  crit: z.undefined().optional(),
});
const Claims = z.looseObject({
  iss: z.string().min(1).max(2048),
  sub: z.string().min(1).max(2048),
  aud: z.union([z.string(), z.array(z.string()).min(1).max(16)]),
  exp: seconds,
  nbf: seconds.optional(),
});

/**
 * Takes a JSON Web Token (RFC 7519, compact) apart. Stricter than libraries: keys that stand twice, padding and white space
 * are refused, so that nobody can read the same token in another way.
 *
 * @throws TouchmarkError `IDENTITY_TOKEN_INVALID`; no message holds a piece of the token.
 */
export function parseToken(token: string): ParsedToken {
  if (token.length > MAX_TOKEN_LENGTH) {
    throw invalid("is too long", `at most ${MAX_TOKEN_LENGTH} characters`, `${token.length}`);
  }
  const parts = token.split(".", 4);
  const [header = "", payload = "", signature = ""] = parts;
  if (parts.length !== 3 || ![header, payload, signature].every(isBase64Url)) {
    throw invalid("is not a JSON Web Token", "three parts in base64url, joined by dots", "something else");
  }
  const { alg } = read(Header, jsonOf(header), "the header");
  const claims = jsonOf(payload);
  const { iss, aud, exp, nbf } = read(Claims, claims, "the claims");
  return {
    algorithm: alg,
    issuer: iss,
    audiences: typeof aud === "string" ? [aud] : aud,
    expires: exp,
    notBefore: nbf ?? null,
    claims: claims as Readonly<Record<string, Json>>,
  };
}

/** RFC 7515, 2: base64url without padding; and nothing in the bits that are left over, so that each has one spelling. */
function isBase64Url(part: string): boolean {
  return part !== "" && Buffer.from(part, "base64url").toString("base64url") === part;
}

function jsonOf(part: string): Json {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(part, "base64url"));
    return parseJsonText(text, {
      what: "the identity token",
      maxBytes: MAX_TOKEN_LENGTH,
      maxDepth: MAX_TOKEN_DEPTH,
    });
  } catch (error) {
    if (!isTouchmarkError(error) && !(error instanceof TypeError)) throw error;
    // Without the parser's words, which quote what it read.
    throw invalid("is not a JSON Web Token", "header and claims as JSON objects, each key once", "something else");
  }
}

function read<T>(schema: z.ZodType<T>, json: Json, where: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue?.path[0] === undefined ? where : `${where}: ${String(issue.path[0])}`;
  throw invalid(
    "is not one that can be used",
    `iss, sub, aud and exp, signed with ${TOKEN_ALGORITHMS.join(" or ")}`,
    `not so in ${key}`,
  );
}

function invalid(problem: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("IDENTITY_TOKEN_INVALID", `the identity token ${problem}`, { expected, actual });
}
