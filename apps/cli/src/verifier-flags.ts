import { isTouchmarkError, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { type SummaryPeriod, type SummaryTrust, trustedIdentity, trustedKey, trustedVerifier } from "@touchmark/verify";
import { rootsOf } from "./chosen-roots.ts";
import type { Context } from "./context.ts";
import { durationOf } from "./duration.ts";
import { readInput } from "./read-input.ts";

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

/** A machine whose clock is behind must not refuse what was verified a moment ago. Unit: milliseconds. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * The verifiers whose summaries are accepted instead of provenance: one that flags name, and with --accept-vsa those that trust
 * files name, within what they may say there.
 *
 * @param named - by trust files; without --accept-vsa nobody asked for their word.
 * @returns none where no flag asks for it.
 * @throws TouchmarkError `USAGE` where one of signer, verifier and resource is missing, for two signers, for a level that asks
 * for nothing, and where --accept-vsa would accept nobody's; `TRUST_INVALID` for an entry that gives a level that is none; those of
 * the key and of the roots.
 */
export async function verifiersOf(
  context: Context,
  flags: VerifierFlags,
  named: readonly NamedVerifier[] = [],
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
  return [
    trustedVerifier({ signer, verifierId, resourceUri, levels, period: periodOf(maxAgeOf(flags)) }),
    ...fromFiles,
  ];
}

/** A verifier as an entry of a trust file has it, and who signs for it. */
export interface NamedVerifier {
  readonly entry: {
    readonly name: string;
    readonly place: string;
    readonly verifierId: string;
    readonly levels: readonly string[];
    readonly resources: readonly string[];
    /** Unit: milliseconds. */
    readonly maxAge: number | null;
  };
  readonly signer: SummaryTrust["signer"];
}

function verifiersOfFiles(flags: VerifierFlags, named: readonly NamedVerifier[]): readonly SummaryTrust[] {
  if (named.length === 0) {
    throw usage(
      "nobody's verification summaries could be accepted",
      "--trust FILE, with an entry of a verifier",
      "none",
    );
  }
  const asked = maxAgeOf(flags);
  return named.map(({ entry, signer }) => {
    const { name, place, verifierId, levels, resources, maxAge } = entry;
    const ages = [asked, maxAge].filter((one) => one !== null);
    try {
      return trustedVerifier({
        signer,
        verifierId,
        resourceUri: flags.vsaResource ?? null,
        levels: flags.vsaLevel ?? [],
        rights: { entry: name, levels, resources },
        period: periodOf(ages.length === 0 ? null : Math.min(...ages)),
      });
    } catch (error) {
      if (!isTouchmarkError(error) || flags.vsaLevel?.includes(error.actual ?? "") === true) throw error;
      throw new TouchmarkError("TRUST_INVALID", `${place}: "${name}": ${error.message}`, error);
    }
  });
}

function maxAgeOf({ vsaMaxAge }: VerifierFlags): number | null {
  return vsaMaxAge === undefined ? null : durationOf(vsaMaxAge, "--vsa-max-age");
}

/** From as long ago as is allowed until now. */
function periodOf(maxAge: number | null): SummaryPeriod | null {
  if (maxAge === null) return null;
  const now = Date.now();
  return { notBefore: now - maxAge, notAfter: now + CLOCK_SKEW_MS };
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
