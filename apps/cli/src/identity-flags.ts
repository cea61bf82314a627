import { TouchmarkError } from "@touchmark/core";
import { type FieldName, type IdentityTrust, type SeenInstance, trustedIdentity } from "@touchmark/verify";
import { chosenRoots, type RootsFlags } from "./chosen-roots.ts";
import type { Context } from "./context.ts";

/** Flags that say whom a certificate must name, and what else. */
export interface IdentityFlags extends FieldFlags, RootsFlags {
  readonly cloudBuild?: boolean;
  readonly signerIdentity?: readonly string[];
  readonly signerIdentityPattern?: readonly string[];
  readonly signerIssuer?: string;
  readonly source?: string;
  readonly builderCommit?: readonly string[];
  readonly builderId?: readonly string[];
  readonly withoutLog?: boolean;
  readonly rekorEntry?: readonly string[];
  readonly trust?: readonly string[];
}

type FieldFlags = { readonly [name in (typeof FIELD_FLAGS)[number][0]]?: string };

/** Fields of the certificate: the option, how it is typed, and what the verifier calls it. */
export const FIELD_FLAGS = [
  ["sourceRef", "--source-ref", "sourceRef"],
  ["sourceCommit", "--source-commit", "sourceCommit"],
  ["sourceRepositoryId", "--source-repository-id", "sourceRepositoryId"],
  ["sourceOwnerId", "--source-owner-id", "sourceOwnerId"],
  ["runner", "--runner", "runnerEnvironment"],
  ["trigger", "--trigger", "trigger"],
  ["environment", "--environment", "environment"],
  ["buildConfig", "--build-config", "buildConfig"],
  ["buildConfigDigest", "--build-config-digest", "buildConfigCommit"],
  ["buildSignerDigest", "--build-signer-digest", "buildSignerCommit"],
] as const satisfies readonly (readonly [string, string, FieldName])[];

const GIVEN = [
  ["signerIdentity", "--signer-identity"],
  ["signerIdentityPattern", "--signer-identity-pattern"],
  ["signerIssuer", "--signer-issuer"],
  ["source", "--source"],
  ["builderCommit", "--builder-commit"],
  ["builderId", "--builder-id"],
  ["trustedRoot", "--trusted-root"],
  ["online", "--online"],
  ["mirror", "--mirror"],
  ["root", "--root"],
  ["maxRootsAge", "--max-roots-age"],
  ["withoutLog", "--without-log"],
  ["rekorEntry", "--rekor-entry"],
  ...FIELD_FLAGS,
] as const;

/** A command line has one or two; a long list belongs into a file. Unit: identities. */
const MAX_IDENTITIES = 100;

/**
 * The identities that flags name, each with the same issuer, source and fields: one of them must have signed.
 *
 * @param seen - of which instances older roots are refused.
 * @returns none where no flag was given.
 * @throws TouchmarkError `USAGE` for flags that say nothing without others, and as `trustedIdentity` and `openRoots`.
 */
export async function identitiesOf(
  context: Context,
  flags: IdentityFlags,
  seen: readonly SeenInstance[],
): Promise<readonly IdentityTrust[]> {
  const said = GIVEN.filter(([name]) => flags[name] !== undefined);
  // The source alone is then Google Cloud Build's.
  const given = said
    .filter(([name]) => said.length > 1 || name !== "source" || flags.cloudBuild !== true)
    .map(([, flag]) => flag);
  if (given.length === 0 || isForEntries(flags)) return [];
  const names = [
    ...(flags.signerIdentity ?? []).map((identity) => ({ identity, identityPattern: null })),
    ...(flags.signerIdentityPattern ?? []).map((identityPattern) => ({ identity: null, identityPattern })),
  ];
  const { signerIssuer: issuer } = flags;
  if (issuer === undefined || names.length === 0) {
    throw new TouchmarkError("USAGE", "an identity is a name and who vouches for it", {
      expected: "--signer-identity NAME and --signer-issuer URL",
      actual: given.join(", "),
    });
  }
  if (names.length > MAX_IDENTITIES) {
    throw new TouchmarkError("USAGE", "too many identities", {
      expected: `at most ${MAX_IDENTITIES}`,
      actual: String(names.length),
    });
  }
  const fields = fieldsOf(flags);
  const roots = await chosenRoots(context, flags, seen);
  return names.map((name) =>
    trustedIdentity({
      issuer,
      ...name,
      source: flags.source ?? null,
      fields,
      builderCommits: flags.builderCommit ?? [],
      builderIds: flags.builderId ?? [],
      withoutLog: flags.withoutLog === true,
      roots,
    }),
  );
}

/** What flags demand of a certificate, by the verifier's names. */
export function fieldsOf(flags: FieldFlags): Readonly<Record<string, string>> {
  return Object.fromEntries(
    FIELD_FLAGS.flatMap(([option, , name]) => {
      const value = flags[option];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/**
 * Beside trust files, flags that name nobody are about their entries; and then none that would believe more than these say.
 *
 * @throws TouchmarkError `USAGE`.
 */
function isForEntries(flags: IdentityFlags): boolean {
  const { trust, signerIdentity, signerIdentityPattern, signerIssuer } = flags;
  if (trust === undefined || signerIdentity !== undefined || signerIdentityPattern !== undefined) return false;
  if (signerIssuer !== undefined) return false;
  const widening =
    flags.withoutLog === true ? "--without-log" : flags.builderCommit === undefined ? null : "--builder-commit";
  if (widening === null) return true;
  throw new TouchmarkError("USAGE", `${widening} is about a signer that flags name, and none is named`, {
    expected: "`without-log: true`, or `at: {commits: […]}`, in the entry of the trust file",
    actual: widening,
  });
}
