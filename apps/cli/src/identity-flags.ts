import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { openRoots, publicGoodRoots, type Roots, type Trust, trustedIdentity } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";

/** Flags that say whom a certificate must name. */
export interface IdentityFlags {
  readonly signerIdentity?: string;
  readonly signerIdentityPattern?: string;
  readonly signerIssuer?: string;
  readonly source?: string;
  readonly trustedRoot?: string;
  readonly withoutLog?: boolean;
}

/**
 * The identity that flags name.
 *
 * @returns null where none of them was given.
 * @throws TouchmarkError `USAGE` for flags that say nothing without others, and as `trustedIdentity` and `openRoots`.
 */
export async function identityOf(context: Context, flags: IdentityFlags): Promise<Trust | null> {
  const { signerIdentity: identity = null, signerIdentityPattern: identityPattern = null } = flags;
  const given = GIVEN.filter(([name]) => flags[name] !== undefined).map(([, flag]) => flag);
  if (given.length === 0) return null;
  if (flags.signerIssuer === undefined || (identity === null && identityPattern === null)) {
    throw new TouchmarkError("USAGE", "an identity is a name and who vouches for it", {
      expected: "--signer-identity NAME and --signer-issuer URL",
      actual: given.join(", "),
    });
  }
  return trustedIdentity({
    issuer: flags.signerIssuer,
    identity,
    identityPattern,
    source: flags.source ?? null,
    withoutLog: flags.withoutLog === true,
    roots: await rootsOf(context, flags.trustedRoot),
  });
}

const GIVEN = [
  ["signerIdentity", "--signer-identity"],
  ["signerIdentityPattern", "--signer-identity-pattern"],
  ["signerIssuer", "--signer-issuer"],
  ["source", "--source"],
  ["trustedRoot", "--trusted-root"],
  ["withoutLog", "--without-log"],
] as const;

/** The roots in a file that the user named; without one, those that came with the program. */
export async function rootsOf(context: Context, file: string | undefined): Promise<Roots> {
  if (file === undefined) return publicGoodRoots();
  return openRoots({ bytes: await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES), label: file, asOf: null });
}
