import { TouchmarkError } from "@touchmark/core";
import { type IdentityTrust, type SeenInstance, trustedIdentity } from "@touchmark/verify";
import { chosenRoots, type RootsFlags } from "./chosen-roots.ts";
import type { Context } from "./context.ts";

/** Flags that say whom a certificate must name. */
export interface IdentityFlags extends RootsFlags {
  readonly signerIdentity?: string;
  readonly signerIdentityPattern?: string;
  readonly signerIssuer?: string;
  readonly source?: string;
  readonly withoutLog?: boolean;
}

/**
 * The identity that flags name.
 *
 * @param seen - of which instances older roots are refused.
 * @returns null where none of them was given.
 * @throws TouchmarkError `USAGE` for flags that say nothing without others, and as `trustedIdentity` and `openRoots`.
 */
export async function identityOf(
  context: Context,
  flags: IdentityFlags,
  seen: readonly SeenInstance[],
): Promise<IdentityTrust | null> {
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
    roots: await chosenRoots(context, flags, seen),
  });
}

const GIVEN = [
  ["signerIdentity", "--signer-identity"],
  ["signerIdentityPattern", "--signer-identity-pattern"],
  ["signerIssuer", "--signer-issuer"],
  ["source", "--source"],
  ["trustedRoot", "--trusted-root"],
  ["online", "--online"],
  ["mirror", "--mirror"],
  ["root", "--root"],
  ["maxRootsAge", "--max-roots-age"],
  ["withoutLog", "--without-log"],
] as const;
