import { TouchmarkError } from "@touchmark/core";
import type { VerifiedToken } from "@touchmark/plugin";
import * as z from "zod";

/**
 * A branch or a tag by its full name, made of what can stand in a URI as it is (RFC 3986, `pchar` and "/", without percent
 * signs), and with nothing that reads as a second ref in `uri@refs/…`.
 */
export const Ref = z
  .string()
  .regex(/^refs\/(?:heads|tags)\/[A-Za-z0-9._~!$&'()*+,;=:@/-]{1,1024}$/)
  .refine((ref) => !ref.includes("@refs/"));

/** Of git: SHA-1 or SHA-256, in hex. */
export const Commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/** A number that a platform writes as text. */
export const Id = z.string().regex(/^\d{1,20}$/);

/** The trigger of a run; compared with lists. */
export const Trigger = z.string().regex(/^[a-z][a-z_]{0,63}$/);

/** The name of a deployment environment; people choose it. */
export const Environment = z.string().min(1).max(255);

/**
 * The claims of a platform's token.
 *
 * @throws TouchmarkError `IDENTITY_TOKEN_INVALID`, naming the claim that is not as the platform documents it.
 */
export function readClaims<T>(schema: z.ZodType<T>, token: VerifiedToken, platform: string): T {
  const parsed = schema.safeParse(token.claims);
  if (parsed.success) return parsed.data;
  const claim = String(parsed.error.issues[0]?.path[0] ?? "claims");
  const value = JSON.stringify(token.claims[claim] ?? null).slice(0, 200);
  throw new TouchmarkError("IDENTITY_TOKEN_INVALID", `the identity token is not as ${platform} makes them: ${claim}`, {
    expected: `a claim ${claim} that can stand in a statement`,
    actual: value,
  });
}

/** @throws TouchmarkError `IDENTITY_TOKEN_INVALID`. */
export function contradiction(what: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("IDENTITY_TOKEN_INVALID", `the identity token contradicts itself or this job: ${what}`, {
    expected,
    actual,
  });
}
