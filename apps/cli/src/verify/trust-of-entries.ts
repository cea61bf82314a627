import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { type BuilderTrust, checkOverlaps, commonSource, type TrustEntry, type VerifierTrust } from "@touchmark/policy";
import {
  CLOUD_BUILD_KEYS_DATE,
  cloudBuildKeys,
  type IdentityTrust,
  type KeyOptions,
  type KeyTrust,
  openRoots,
  type Roots,
  type SeenInstance,
  type Standing,
  type SummaryTrust,
  standing,
  type Trust,
  trustedCloudBuild,
  trustedIdentity,
  trustedKey,
  trustedVerifier,
} from "@touchmark/verify";
import { chosenRoots, type RootsFlags, rootsDemand } from "../chosen-roots.ts";
import type { Context } from "../context.ts";
import { periodOf } from "../summary-period.ts";
import { type OpenedTrust, readBeside } from "./trust-list.ts";

/** What flags demand of every entry; it only takes away. */
export interface Narrowing {
  /** As `--source` has it. */
  readonly source: string | null;
  readonly builderIds: readonly string[];
  /** Fields of the certificate, by the verifier's names. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface TrustFromEntries {
  readonly trust: readonly Trust[];
  /** Verifiers, with what they may say. */
  readonly verifiers: readonly SummaryTrust[];
}

/** What making trust needs of the outside, each asked for at most once. */
interface Making {
  readonly context: Context;
  readonly folder: OpenedTrust["folder"];
  readonly narrowing: Narrowing;
  readonly demand: ReturnType<typeof rootsDemand>;
  readonly roots: () => Promise<Roots>;
}

/**
 * Makes trust of trust files: reads the keys and roots that entries name, and refuses what would believe more than it says.
 *
 * @param seen - of which instances older roots are refused.
 * @throws TouchmarkError `TRUST_INVALID`, `TRUST_OVERLAP`, `USAGE` for flags that an entry cannot be compared with, and those of
 * keys and roots.
 */
export async function trustOfEntries(
  context: Context,
  lists: readonly OpenedTrust[],
  narrowing: Narrowing,
  flags: RootsFlags,
  seen: readonly SeenInstance[],
): Promise<TrustFromEntries> {
  let chosen: Promise<Roots> | null = null;
  const roots = () => {
    chosen ??= chosenRoots(context, flags, seen);
    return chosen;
  };
  const demand = rootsDemand(flags, seen);
  const keys = new Map<object, string>();
  const trust: Trust[] = [];
  const verifiers: SummaryTrust[] = [];
  for (const { list, folder } of lists) {
    const making: Making = { context, folder, narrowing, demand, roots };
    for (const entry of list.entries) {
      const made = await atPlace<Trust | SummaryTrust | null>(entry, () =>
        entry.kind === "builder" ? ofBuilder(entry, making) : ofVerifier(entry, making),
      );
      if (made === null) {
        context.terminal.detail(`not asked: "${entry.name}", which is for another source than --source`);
        continue;
      }
      const signer = "verifierId" in made ? made.signer : made;
      if (signer.kind === "key") keys.set(entry.signer, signer.digest);
      if ("verifierId" in made) verifiers.push(made);
      else trust.push(made);
    }
  }
  checkOverlaps(
    lists.flatMap(({ list }) => list.entries),
    (signer) => keys.get(signer) ?? signer.path,
  );
  return { trust, verifiers };
}

/**
 * Whether all that a trust file says could be used, as flags that demand nothing would use it.
 *
 * @throws TouchmarkError as {@link trustOfEntries}.
 */
export async function requireUsable(context: Context, opened: OpenedTrust): Promise<void> {
  await trustOfEntries(context, [opened], { source: null, builderIds: [], fields: {} }, {}, []);
}

/** What the verifier refuses to trust is said with the place at which it is written. */
async function atPlace<T>({ name, place }: TrustEntry, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "USAGE") throw error;
    throw new TouchmarkError("TRUST_INVALID", `${place}: "${name}": ${error.message}`, error);
  }
}

async function ofBuilder(entry: BuilderTrust, making: Making): Promise<Trust | null> {
  const { narrowing } = making;
  const source = commonSource(entry.source, narrowing.source);
  if (source === undefined) return null;
  const given = standingOfEntry(entry);
  switch (entry.signer.kind) {
    case "key":
      requireCertificate(entry, narrowing);
      return keyOf(entry, making, { source, standing: given, builderIds: narrowing.builderIds });
    case "cloud-build":
      requireCertificate(entry, narrowing);
      return trustedCloudBuild({
        keys: await cloudBuildKeys(),
        label: "those that came with touchmark",
        date: CLOUD_BUILD_KEYS_DATE,
        source,
        sourceByPolicy: true,
        standing: given,
      });
    default:
      return identityOf(entry, making, { source, standing: given });
  }
}

function standingOfEntry({ name, place, maxLevel, operator, builders, from, until }: BuilderTrust): Standing {
  return standing({ entry: name, place, maxLevel, operator, builders, window: { from, until } });
}

async function keyOf(entry: TrustEntry, making: Making, options: Omit<KeyOptions, "roots">): Promise<KeyTrust> {
  if (entry.signer.kind !== "key") throw new TypeError("an entry without a key");
  const { path } = entry.signer;
  const hasWindow = entry.from !== null || entry.until !== null;
  return trustedKey(await readBeside(entry, making.folder, path), path, {
    ...options,
    roots: hasWindow ? await rootsFor(entry, making) : null,
  });
}

/** Nobody but a certificate says where something ran: an entry without one could not hold. */
function requireCertificate({ name, place }: TrustEntry, { fields }: Narrowing): void {
  const [asked] = Object.keys(fields);
  if (asked === undefined) return;
  throw new TouchmarkError(
    "USAGE",
    `${place}: "${name}" signs without a certificate, of which flags demand something`,
    {
      expected: "no flags about certificates beside this entry",
      actual: asked,
    },
  );
}

async function identityOf(
  entry: BuilderTrust | VerifierTrust,
  making: Making,
  { source, standing: given }: { readonly source: string | null; readonly standing: Standing },
): Promise<IdentityTrust> {
  const { signer } = entry;
  if (signer.kind === "key" || signer.kind === "cloud-build") throw new TypeError("an entry without a certificate");
  const builder = entry.kind === "builder" ? making.narrowing : { builderIds: [], fields: {} };
  const runners = entry.kind === "builder" ? entry.runners : null;
  const fields = { ...builder.fields };
  if (runners !== null && (fields["runnerEnvironment"] ?? runners) !== runners) {
    throw new TouchmarkError("USAGE", "--runner asks for another kind of runner than the entry", {
      expected: runners,
      actual: fields["runnerEnvironment"] ?? null,
    });
  }
  return trustedIdentity({
    issuer: signer.issuer,
    identity: signer.kind === "identity" ? signer.identity : signer.kind === "workflow" ? signer.workflow : null,
    identityPattern: signer.kind === "pattern" ? signer.pattern : null,
    ownWorkflow: signer.kind === "own-workflow",
    builderCommits: signer.kind === "workflow" ? signer.commits : [],
    ...(signer.kind === "workflow" && signer.tags !== null ? { builderTags: signer.tags } : {}),
    source,
    // Of a summary no policy compares the source: it says none.
    sourceByPolicy: entry.kind === "builder",
    fields: runners === null ? fields : { ...fields, runnerEnvironment: runners },
    builderIds: builder.builderIds,
    withoutLog: entry.withoutLog,
    roots: await rootsFor(entry, making),
    standing: given,
  });
}

async function rootsFor(entry: TrustEntry, { folder, demand, roots }: Making): Promise<Roots> {
  if (entry.roots === null) return roots();
  const bytes = await readBeside(entry, folder, entry.roots);
  return openRoots({ bytes, label: entry.roots, asOf: null }, demand);
}

/** A summary is believed for what its verifier may say; where it was built from, it does not say. */
async function ofVerifier(entry: VerifierTrust, making: Making): Promise<SummaryTrust> {
  const { name, place, verifierId, levels, resources, maxAge, from, until } = entry;
  const given = standing({
    entry: name,
    place,
    maxLevel: 0, // of provenance, which it does not sign
    operator: null,
    builders: [verifierId],
    window: { from, until },
  });
  const signer =
    entry.signer.kind === "key"
      ? await keyOf(entry, making, { source: null, standing: given, builderIds: [] })
      : await identityOf(entry, making, { source: null, standing: given });
  return trustedVerifier({
    signer,
    verifierId,
    resourceUri: null,
    levels: [],
    rights: { entry: name, levels, resources },
    period: maxAge === null ? null : periodOf(maxAge),
  });
}
