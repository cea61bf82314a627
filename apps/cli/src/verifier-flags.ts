import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { type SummaryPeriod, type SummaryTrust, trustedIdentity, trustedKey, trustedVerifier } from "@touchmark/verify";
import { rootsOf } from "./chosen-roots.ts";
import type { Context } from "./context.ts";
import { durationOf } from "./duration.ts";
import { readInput } from "./read-input.ts";
import { periodOf } from "./summary-period.ts";

/** Flags of `verify` about verification summaries that are accepted. */
export interface VerifierFlags {
  readonly acceptVsa?: boolean;
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

/**
 * The verifiers whose summaries are accepted instead of provenance: one that flags name, and with --accept-vsa those that trust
 * files name, within what they may say there.
 *
 * @param named - by trust files; without --accept-vsa nobody asked for their word.
 * @returns none where no flag asks for it.
 * @throws TouchmarkError `USAGE` where one of signer, verifier and resource is missing, for two signers, for a level that asks
 * for nothing, and where --accept-vsa would accept nobody's; those of the key and of the roots.
 */
export async function verifiersOf(
  context: Context,
  flags: VerifierFlags,
  named: readonly SummaryTrust[] = [],
): Promise<readonly SummaryTrust[]> {
  const fromFiles = flags.acceptVsa === true ? verifiersOfFiles(flags, named) : [];
  const { vsaKey, vsaVerifier: verifierId, vsaResource: resourceUri, vsaLevel: levels = [], vsaMaxAge } = flags;
  const ofIdentity = OF_IDENTITY.find(([name]) => flags[name] !== undefined)?.[1];
  const whose = [vsaKey, verifierId, ofIdentity];
  const what = [resourceUri, levels[0], vsaMaxAge];
  const isAsked = [...whose, ...(flags.acceptVsa === true ? [] : what)].some((one) => one !== undefined);
  if (!isAsked) return fromFiles;
  if ((vsaKey === undefined && ofIdentity === undefined) || !verifierId || !resourceUri) {
    throw usage(
      "a verification summary is accepted only as all of signer, verifier and resource",
      "--vsa-key FILE (or --vsa-signer-identity NAME and --vsa-signer-issuer URL), --vsa-verifier ID and --vsa-resource URI together; or --accept-vsa, with a trust file",
      "some of them",
    );
  }
  if (vsaKey !== undefined && ofIdentity !== undefined) {
    throw usage("a verifier signs by a key, or without one", `--vsa-key or ${ofIdentity}`, "both");
  }
  const signer = await signerOf(context, flags);
  return [trustedVerifier({ signer, verifierId, resourceUri, levels, period: askedPeriod(flags) }), ...fromFiles];
}

function verifiersOfFiles(flags: VerifierFlags, named: readonly SummaryTrust[]): readonly SummaryTrust[] {
  if (named.length === 0) {
    throw usage(
      "nobody's verification summaries could be accepted",
      "--trust FILE, with an entry of a verifier",
      "none",
    );
  }
  const { vsaResource: resourceUri = null, vsaLevel: levels = [] } = flags;
  const asked = askedPeriod(flags);
  return named.map((one) => trustedVerifier({ ...one, resourceUri, levels, period: shorter(one.period, asked) }));
}

function askedPeriod({ vsaMaxAge }: VerifierFlags): SummaryPeriod | null {
  return vsaMaxAge === undefined ? null : periodOf(durationOf(vsaMaxAge, "--vsa-max-age"));
}

function shorter(left: SummaryPeriod | null, right: SummaryPeriod | null): SummaryPeriod | null {
  if (left === null || right === null) return left ?? right;
  return left.notBefore > right.notBefore ? left : right;
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
