import { TouchmarkError } from "@touchmark/core";
import { allOrNone, type Host, type VerifiedToken } from "@touchmark/plugin";
import { issuerKeys } from "./issuer-keys.ts";
import { type ParsedToken, parseToken, TOKEN_ALGORITHMS } from "./parse-token.ts";
import { CLOCK_SKEW_SECONDS } from "./token-limits.ts";

/** Milliseconds since 1970; the application hands in the system's. */
export type Clock = () => number;

type Keys = Awaited<ReturnType<typeof issuerKeys>>;

/** What a token must say to be the one that was asked for; both are compared exactly. */
export interface TokenExpectation {
  readonly issuer: string;
  readonly audience: string;
}

/**
 * Verifies an OpenID Connect identity token (https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)
 * with the keys of the expected issuer; nobody else is asked, whatever the token says.
 *
 * @throws TouchmarkError `IDENTITY_TOKEN_INVALID`, `IDENTITY_TOKEN_EXPIRED`; those of `issuerKeys`. No message holds a
 * piece of the token.
 */
export async function verifyToken(
  text: string,
  expected: TokenExpectation,
  clock: Clock,
  host: Host,
): Promise<VerifiedToken> {
  const parsed = checkedToken(text, expected, clock);
  return signedToken(text, parsed, await issuerKeys(expected.issuer, host), clock);
}

/**
 * The same for a token that has yet to be asked for: its issuer's keys are asked for meanwhile. Who gives the token does not
 * decide whose keys those are.
 *
 * @param request - gets the token, over the host that it is handed.
 * @throws TouchmarkError as `verifyToken` and `request`.
 */
export async function verifyRequestedToken(
  request: (host: Host) => Promise<string>,
  expected: TokenExpectation,
  clock: Clock,
  host: Host,
): Promise<VerifiedToken> {
  const [{ text, parsed }, keys] = await allOrNone(host, (joint) => [
    // Within, so that a token which is none is not an error only after the keys are there.
    request(joint).then((text) => ({ text, parsed: checkedToken(text, expected, clock) })),
    issuerKeys(expected.issuer, joint),
  ]);
  return signedToken(text, parsed, keys, clock);
}

/** What a token says, and everything about it that needs no key. */
function checkedToken(text: string, expected: TokenExpectation, clock: Clock): ParsedToken {
  const parsed = parseToken(text);
  checkParties(parsed, expected);
  checkTimes(parsed, clock);
  return parsed;
}

async function signedToken(
  text: string,
  { claims, expires }: ParsedToken,
  keys: Keys,
  clock: Clock,
): Promise<VerifiedToken> {
  await checkSignature(text, keys, clock);
  return { text, claims, expires: expires * 1_000 };
}

function checkParties(token: ParsedToken, { issuer, audience }: TokenExpectation): void {
  if (token.issuer !== issuer) {
    throw invalid("is from another issuer", issuer, JSON.stringify(token.issuer.slice(0, 200)));
  }
  if (!token.audiences.includes(audience)) {
    const [first = ""] = token.audiences;
    throw invalid("is meant for somebody else", `the audience ${audience}`, JSON.stringify(first.slice(0, 200)));
  }
}

function checkTimes({ expires, notBefore }: ParsedToken, clock: Clock): void {
  const now = clock() / 1_000;
  if (now >= expires + CLOCK_SKEW_SECONDS) {
    throw new TouchmarkError("IDENTITY_TOKEN_EXPIRED", "the identity token has expired", {
      expected: "one that is valid now, and a clock that is right",
      actual: `expired ${ago(now - expires)} ago by this machine's clock`,
    });
  }
  if (notBefore !== null && now < notBefore - CLOCK_SKEW_SECONDS) {
    throw invalid(
      "is not valid yet",
      "one that is valid now, and a clock that is right",
      `valid in ${ago(notBefore - now)} by this machine's clock`,
    );
  }
}

function ago(seconds: number): string {
  return seconds < 120 ? `${Math.floor(seconds)} seconds` : `${Math.floor(seconds / 60)} minutes`;
}

async function checkSignature(text: string, keys: Keys, clock: Clock): Promise<void> {
  // Only here: loading it takes longer than all that a job without tokens does in this package.
  const { createLocalJWKSet, errors, jwtVerify } = await import("jose");
  try {
    await jwtVerify(text, createLocalJWKSet(keys), {
      algorithms: [...TOKEN_ALGORITHMS],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(clock()),
    });
  } catch (error) {
    const code = error instanceof errors.JOSEError ? error.code : "the key cannot be used";
    throw invalid("does not verify with the issuer's keys", "a signature by one of them", code);
  }
}

function invalid(problem: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("IDENTITY_TOKEN_INVALID", `the identity token ${problem}`, { expected, actual });
}
