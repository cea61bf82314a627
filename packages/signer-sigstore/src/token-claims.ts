import { isTouchmarkError, type Json, parseJson, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { MAX_TOKEN_LENGTH } from "./limits.ts";

/** What a signature needs of a token that the platform has verified. */
export interface TokenClaims {
  /** What a certificate authority wants signed, as a proof that the key is at hand. */
  readonly proofSubject: string;
  /** Whether the source is for everybody to see; null for a person, who has no source. */
  readonly visibility: "public" | "private" | "unstated" | null;
}

const Claims = z.object({
  sub: z.string().min(1),
  email: z.string().min(1).optional(),
  email_verified: z.union([z.boolean(), z.enum(["true", "false"])]).optional(),
  /** GitHub's, and GitLab's. "internal" is private to an enterprise. */
  repository_visibility: z.enum(["public", "private", "internal"]).optional(),
  project_visibility: z.enum(["public", "private", "internal"]).optional(),
});

/**
 * Reads the claims of an identity token, without verifying it: that is the platform's work, and the certificate authority
 * verifies it again.
 *
 * @throws TouchmarkError `IDENTITY_TOKEN_INVALID`; no message holds a piece of the token.
 */
export function tokenClaims(token: string): TokenClaims {
  const parts = token.length > MAX_TOKEN_LENGTH ? [] : token.split(".");
  const parsed = Claims.safeParse(parts.length === 3 ? claimsIn(parts[1] ?? "") : null);
  if (!parsed.success) {
    throw new TouchmarkError("IDENTITY_TOKEN_INVALID", "no certificate can be asked for with the identity token", {
      expected: "a JSON Web Token with a subject",
      actual: "something else",
    });
  }
  const { sub, email, email_verified, repository_visibility, project_visibility } = parsed.data;
  const isPerson = email !== undefined && (email_verified === true || email_verified === "true");
  const stated = [repository_visibility, project_visibility].filter((one) => one !== undefined);
  return {
    // https://github.com/sigstore/fulcio/blob/main/docs/oidc.md: people are certified by their address, all others by `sub`.
    proofSubject: isPerson ? email : sub,
    visibility: stated.length === 0 ? (isPerson ? null : "unstated") : visibilityOf(stated),
  };
}

/** Public only where nothing says otherwise. */
function visibilityOf(stated: readonly string[]): "public" | "private" {
  return stated.every((one) => one === "public") ? "public" : "private";
}

function claimsIn(payload: string): Json {
  try {
    return parseJson(Buffer.from(payload, "base64url"), { what: "the identity token", maxBytes: MAX_TOKEN_LENGTH });
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}
