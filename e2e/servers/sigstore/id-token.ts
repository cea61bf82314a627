import { createPublicKey, type KeyObject, randomUUID, sign } from "node:crypto";

/** What an ID token says; any claim may be set. */
export interface Claims {
  readonly iss: string;
  readonly aud?: string | readonly string[];
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** Unit: seconds. */
export interface TokenTimes {
  /** How long ago it was issued; negative: by a clock that is ahead. 0 when absent. */
  readonly age?: number;
  /** From then on; 600 when absent. */
  readonly lifetime?: number;
}

const KEY_ID = "touchmark-test";

/** RFC 7515, compact, RS256: what GitHub and GitLab issue. The claims come last, so that they decide. */
export function idToken(
  privateKey: string | KeyObject,
  claims: Claims,
  { age = 0, lifetime = 600 }: TokenTimes = {},
): string {
  const issued = Math.floor(Date.now() / 1000) - age;
  const times = { iat: issued, nbf: issued, exp: issued + lifetime };
  const header = { alg: "RS256", kid: KEY_ID, typ: "JWT" };
  const parts = [header, { aud: "sigstore", jti: randomUUID(), ...times, ...claims }];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

/** RFC 7517. */
export function keySet(privatePem: string): unknown {
  const key = createPublicKey(privatePem).export({ format: "jwk" });
  return { keys: [{ ...key, use: "sig", alg: "RS256", kid: KEY_ID }] };
}
