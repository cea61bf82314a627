import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { type SummaryPeriod, type SummaryTrust, trustedIdentity, trustedKey, trustedVerifier } from "@touchmark/verify";
import { rootsOf } from "./chosen-roots.ts";
import type { Context } from "./context.ts";
import { durationOf } from "./duration.ts";
import { readInput } from "./read-input.ts";

/** Flags of `verify` about verification summaries that are accepted. */
export interface VerifierFlags {
  readonly vsaKey?: string;
  readonly vsaSignerIdentity?: string;
  readonly vsaSignerIssuer?: string;
  readonly vsaTrustedRoot?: string;
  readonly vsaWithoutLog?: boolean;
  readonly vsaVerifier?: string;
  readonly vsaResource?: string;
  readonly vsaLevel?: readonly string[];
  readonly vsaMaxAge?: string;
}

/** What of them is about a signer without a key. */
const OF_IDENTITY = [
  ["vsaSignerIdentity", "--vsa-signer-identity"],
  ["vsaSignerIssuer", "--vsa-signer-issuer"],
  ["vsaTrustedRoot", "--vsa-trusted-root"],
  ["vsaWithoutLog", "--vsa-without-log"],
] as const;

/** A machine whose clock is behind must not refuse what was verified a moment ago. Unit: milliseconds. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * The verifier whose summaries are accepted instead of provenance.
 *
 * @returns none where no flag asks for it.
 * @throws TouchmarkError `USAGE` where one of signer, verifier and resource is missing, for two signers, and for a level that asks
 * for nothing; those of the key and of the roots.
 */
export async function verifiersOf(context: Context, flags: VerifierFlags): Promise<readonly SummaryTrust[]> {
  const { vsaKey, vsaVerifier: verifierId, vsaResource: resourceUri, vsaLevel: levels = [], vsaMaxAge } = flags;
  const ofIdentity = OF_IDENTITY.find(([name]) => flags[name] !== undefined)?.[1];
  const said = [vsaKey, verifierId, resourceUri, levels[0], vsaMaxAge, ofIdentity];
  if (said.every((one) => one === undefined)) return [];
  if ((vsaKey === undefined && ofIdentity === undefined) || !verifierId || !resourceUri) {
    throw usage(
      "a verification summary is accepted only as all of signer, verifier and resource",
      "--vsa-key FILE (or --vsa-signer-identity NAME and --vsa-signer-issuer URL), --vsa-verifier ID and --vsa-resource URI together",
      "some of them",
    );
  }
  if (vsaKey !== undefined && ofIdentity !== undefined) {
    throw usage("a verifier signs by a key, or without one", `--vsa-key or ${ofIdentity}`, "both");
  }
  const signer = await signerOf(context, flags);
  return [trustedVerifier({ signer, verifierId, resourceUri, levels, period: periodOf(vsaMaxAge) })];
}

/** From as long ago as is allowed until now. */
export function periodOf(maxAge: string | undefined): SummaryPeriod | null {
  if (maxAge === undefined) return null;
  const now = Date.now();
  return { notBefore: now - durationOf(maxAge, "--vsa-max-age"), notAfter: now + CLOCK_SKEW_MS };
}

async function signerOf(context: Context, flags: VerifierFlags): Promise<SummaryTrust["signer"]> {
  const { vsaKey, vsaSignerIdentity: identity, vsaSignerIssuer: issuer } = flags;
  if (vsaKey !== undefined) return trustedKey(await readInput(context.cwd, vsaKey, MAX_SMALL_FILE_BYTES), vsaKey);
  if (identity === undefined || issuer === undefined) {
    throw usage(
      "an identity is a name and who vouches for it",
      "--vsa-signer-identity NAME and --vsa-signer-issuer URL",
      "one of them, or neither",
    );
  }
  return trustedIdentity({
    issuer,
    identity,
    identityPattern: null,
    source: null,
    withoutLog: flags.vsaWithoutLog === true,
    roots: await rootsOf(context, flags.vsaTrustedRoot),
  });
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
