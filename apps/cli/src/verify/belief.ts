import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import {
  type Denials,
  NOTHING_DENIED,
  type NpmKeys,
  type SummaryTrust,
  shownMatch,
  type Trust,
  trustedKey,
} from "@touchmark/verify";
import type { CloudBuildFlags } from "../cloud-build-flags.ts";
import type { Context } from "../context.ts";
import { type IdentityFlags, identitiesOf } from "../identity-flags.ts";
import { readInput } from "../read-input.ts";
import { safe } from "../render/terminal.ts";
import type { StateFile } from "../state-file.ts";
import type { VerifierFlags } from "../verifier-flags.ts";
import type { OpenedPolicy } from "./policy.ts";
import { acceptsSummaries } from "./summary-flags.ts";
import type { TrustFiles, TrustInput } from "./trust-files.ts";

/** Flags that say whom to believe, and what not to use. */
export interface BeliefFlags extends IdentityFlags, CloudBuildFlags, VerifierFlags {
  readonly key?: readonly string[];
  /** Who must have signed the trust files. */
  readonly trustKey?: string;
  readonly deny?: readonly string[];
  readonly npmKeys?: string;
}

/** Without trust files. */
const NO_FILES: TrustFiles = { trust: [], verifiers: [], files: [] };

/** Whom the user believes, and what must not be used all the same. Never taken from a target. */
export interface Belief {
  readonly trust: readonly Trust[];
  readonly verifiers: readonly SummaryTrust[];
  /** Trust files and presets that the user named. */
  readonly trustFiles: readonly TrustInput[];
  readonly denials: Denials;
  readonly npmKeys: () => Promise<NpmKeys>;
}

/**
 * What flags say, and a policy beside them: it may name further people to believe, and its rules hold whoever is believed.
 *
 * @param targets - paths that are verified, which must hold no trust file.
 * @throws TouchmarkError `POLICY_INSIDE_TARGET`, and as what reads the flags' files.
 */
export async function beliefOf(
  context: Context,
  given: BeliefFlags,
  state: StateFile | null,
  policy: OpenedPolicy | null,
  targets: readonly string[] = [],
): Promise<Belief> {
  const trustLists = policy === null || policy.trust === null ? [] : [policy.trust];
  // Flags that name nobody are then about the entries of the policy's list, as they are about those of trust files.
  const flags = trustLists.length === 0 ? given : { ...given, trust: given.trust ?? [] };
  const trust: Trust[] = [];
  for (const file of flags.key ?? []) {
    trust.push(trustedKey(await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES), file));
  }
  trust.push(...(await identitiesOf(context, flags, state?.seen.roots ?? [])));
  // What few ask for is loaded for them.
  if (flags.cloudBuild !== undefined || flags.gcbKeys !== undefined) {
    trust.push(...(await (await import("../cloud-build-flags.ts")).cloudBuildOf(context, flags)));
  }
  const files =
    flags.trust === undefined && flags.trustKey === undefined
      ? NO_FILES
      : await (await import("./trust-files.ts")).trustFilesOf(
          context,
          flags.trust ?? [],
          flags,
          state,
          trustLists,
          targets,
        );
  trust.push(...files.trust);
  const verifiers = acceptsSummaries(flags)
    ? await (await import("../verifier-flags.ts")).verifiersOf(context, flags, files.verifiers)
    : [];
  const denyFiles = flags.deny ?? [];
  const denyLists = policy === null || policy.deny === null ? [] : [policy.deny];
  const denials =
    denyFiles.length + denyLists.length === 0
      ? NOTHING_DENIED
      : await (await import("../deny-flag.ts")).denialsOf(context, denyFiles, denyLists);
  return {
    trust,
    verifiers,
    trustFiles: files.files,
    denials,
    npmKeys: await registryKeys(context, flags),
  };
}

/** What was believed, for --verbose. */
export function beliefLines({ trust, trustFiles, verifiers, denials }: Belief): readonly string[] {
  return [
    ...trustFiles.map(({ label, digest }) => `trust: ${safe(label)}, sha256:${digest}`),
    ...trust.map((one) => `trusted: ${shownTrust(one)}${shownStanding(one)}`),
    ...verifiers.map(({ verifierId, signer }) => `verifier: ${safe(verifierId)}, by ${shownTrust(signer)}`),
    ...denials.lists.map(({ label, digest }) => `denied by: ${safe(label)}, sha256:${digest}`),
  ];
}

/** A file that the user named is read in any case; others only for a document of npm. */
async function registryKeys(context: Context, flags: BeliefFlags): Promise<() => Promise<NpmKeys>> {
  const read = async () => (await import("../npm-keys.ts")).chosenNpmKeys(context, flags);
  if (flags.npmKeys === undefined) return read;
  const keys = await read();
  return async () => keys;
}

function shownStanding({ standing }: Trust): string {
  return standing === null ? "" : `; up to L${standing.maxLevel} by ${safe(standing.entry)} (${safe(standing.place)})`;
}

function shownTrust(trust: Trust): string {
  switch (trust.kind) {
    case "key":
      return `${safe(trust.label)}, sha256:${trust.digest}`;
    case "cloud-build":
      return `Google Cloud Build; keys ${safe(trust.label)}, sha256:${trust.digest}${trust.date === null ? "" : `, of ${trust.date}`}`;
    case "identity": {
      const { roots } = trust;
      return `${shownMatch(trust.identity)}, vouched for by ${trust.issuer}; roots ${safe(roots.label)}, sha256:${roots.digest}, of ${roots.date}`;
    }
  }
}
