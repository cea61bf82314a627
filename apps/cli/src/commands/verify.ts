import { realpathSync } from "node:fs";
import path from "node:path";
import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import {
  type CheckReport,
  check,
  describeEvidence,
  type EvidenceDescription,
  exitStatusOf,
  type Named,
  namedBy,
} from "@touchmark/engine";
import { createHost } from "@touchmark/host-node";
import {
  expectedPackage,
  isIdentityTrust,
  NOTHING_DENIED,
  type NpmKeys,
  releasesIn,
  shownMatch,
  type Trust,
  trustedKey,
} from "@touchmark/verify";
import { type CloudBuildFlags, cloudBuildOf } from "../cloud-build-flags.ts";
import type { Context } from "../context.ts";
import { type IdentityFlags, identitiesOf } from "../identity-flags.ts";
import { kindAt } from "../kind-at.ts";
import { lazyThreads } from "../lazy-threads.ts";
import type { MissingEntries } from "../missing-entries.ts";
import { readInput } from "../read-input.ts";
import { counted } from "../render/counted.ts";
import { progressOption } from "../render/progress.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { reportLines } from "../render/verify-report.ts";
import type { StateFile } from "../state-file.ts";
import { type VerifierFlags, verifiersOf } from "../verifier-flags.ts";

interface VerifyOptions extends CommonOptions, IdentityFlags, CloudBuildFlags, VerifierFlags {
  readonly key?: readonly string[];
  readonly bundle?: readonly string[];
  readonly deny?: readonly string[];
  readonly npmKeys?: string;
  readonly package?: string;
  readonly complete?: boolean;
  readonly anyName?: boolean;
  readonly recursive?: boolean;
  readonly offline?: boolean;
  readonly state?: string;
  readonly ignore?: readonly string[];
  readonly all?: boolean;
}

/** Without files of log entries, and with no log to ask. */
const NO_ENTRIES: MissingEntries = { options: {}, hosts: [], close: async () => undefined };

/**
 * `touchmark verify`: reads nothing but the targets, the evidence, the keys and the state that flags name, and contacts nobody
 * but the registries of targets, and with --online the mirror of the roots and the log that they name.
 */
export async function verifyCommand(
  context: Context,
  positional: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  if (positional.includes("")) {
    throw new TouchmarkError("USAGE", "a target is empty", {
      expected: "a file, a folder, a digest or an image; an unset shell variable gives none",
      actual: "an empty argument",
    });
  }
  const trust: Trust[] = [];
  for (const file of options.key ?? []) {
    trust.push(trustedKey(await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES), file));
  }
  // What few ask for is loaded for them.
  const state =
    options.state === undefined ? null : await (await import("../state-file.ts")).openState(context, options.state);
  trust.push(...(await identitiesOf(context, options, state?.seen.roots ?? [])));
  trust.push(...(await cloudBuildOf(context, options)));
  const verifiers = await verifiersOf(context, options);
  const denials =
    options.deny === undefined
      ? NOTHING_DENIED
      : await (await import("../deny-flag.ts")).denialsOf(context, options.deny);
  const wanted = options.package === undefined ? {} : { package: expectedPackage(options.package) };
  const npmKeys = await registryKeys(context, options.npmKeys);
  const named = namedBy(positional);
  if (options.offline === true && named.registries.length > 0) throw offline(named);
  const fetchers = named.registries.length > 0 ? [(await import("../builtin-services.ts")).ociFetcher()] : [];
  const missing =
    options.rekorEntry === undefined && options.online !== true
      ? NO_ENTRIES
      : await (await import("../missing-entries.ts")).missingEntries(context, options, trust);
  const host = createHost({
    workspace: context.cwd,
    roots: readableFor(named, options.bundle ?? [], context.cwd),
    signal: context.signal,
    userCode: false,
    env: context.env,
    network: { kind: "registries", hosts: named.registries },
    ...progressOption(context.terminal),
  });
  const threads = lazyThreads();
  try {
    const bundles = options.bundle ?? null;
    const { terminal } = context;
    for (const target of positional) terminal.detail(`target: ${safe(target)}`);
    terminal.detail(
      `evidence: ${bundles === null ? "looked for among the targets, beside files and in registries that are named" : bundles.map(safe).join(", ")}`,
    );
    for (const one of trust) terminal.detail(`trusted: ${shownTrust(one)}`);
    for (const { verifierId, signer } of verifiers) {
      terminal.detail(`verifier: ${safe(verifierId)}, by ${shownTrust(signer)}`);
    }
    for (const { label, digest } of denials.lists) terminal.detail(`denied by: ${safe(label)}, sha256:${digest}`);
    const contacts = [...named.registries, ...missing.hosts];
    terminal.detail(`may contact: ${contacts.length === 0 ? "nobody" : contacts.map(safe).join(", ")}`);
    terminal.detail("no other configuration, policy or trust file is read");
    if (trust.length + verifiers.length === 0)
      throw trustUnset(await describeEvidence({ targets: positional, bundles, fetchers }, host), positional);
    const report = await check(
      {
        targets: positional,
        bundles,
        trust,
        verifiers,
        denials,
        complete: options.complete === true,
        anyName: options.anyName === true,
        ...wanted,
        npmKeys,
        recursive: options.recursive === true,
        fetchers,
        threads: () => threads.start(),
        ignore: options.ignore ?? [],
        ...missing.options,
        ...(state === null ? {} : { seen: { ...state, releases: state.seen.releases } }),
      },
      host,
    );
    if (state !== null && report.result === "verified") await remember(context, state, report, trust);
    if (terminal.json) terminal.resultDocument(report);
    else for (const line of reportLines(report, terminal, options.all === true)) terminal.result(line);
    return exitStatusOf(report);
  } finally {
    await Promise.all([host.close(), missing.close(), threads.close()]);
  }
}

/** A file that the user named is read in any case; what came with the program only for a document of npm. */
async function registryKeys(context: Context, file: string | undefined): Promise<() => Promise<NpmKeys>> {
  const read = async () => (await import("../npm-keys.ts")).npmKeysOf(context, file);
  if (file === undefined) return read;
  const keys = await read();
  return async () => keys;
}

/** Before the verdict is printed: one that could not be remembered would let an older release pass the next time. */
async function remember(
  context: Context,
  state: StateFile,
  report: CheckReport,
  trust: readonly Trust[],
): Promise<void> {
  const statements = report.artifacts.flatMap((artifact) => artifact.statements);
  const releases = releasesIn(statements);
  const roots = trust.filter(isIdentityTrust).flatMap(({ roots: one }) => one.instances());
  const { recordSeen } = await import("../state-file.ts");
  await recordSeen(context, state.name, { roots, releases });
  const { terminal } = context;
  if (state.digest === null)
    terminal.note(`${safe(state.name)} is new: nothing was seen before that could be compared`);
  if (Object.keys(releases).length === 0) {
    terminal.note("no artifact names a release (a tag with a version), so none can be compared with another");
  }
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

function offline({ registries }: Named): TouchmarkError {
  return new TouchmarkError("NETWORK_REFUSED", "--offline, and a target lies in a registry", {
    expected: "oci-layout:PATH, or the image's digest (sha256:…) with --bundle FILE",
    actual: registries.join(", "),
  });
}

/**
 * The targets and bundles are what the user granted; of a file, a layout and a tree also the folder in which their evidence
 * lies.
 */
function readableFor({ paths, wholes }: Named, bundles: readonly string[], cwd: string): readonly string[] {
  return [
    ...[...paths, ...bundles].flatMap((named) => {
      const absolute = path.resolve(cwd, named);
      if (leadsIntoStore(absolute)) return [named, path.dirname(named)];
      return [kindAt(absolute) === "folder" ? named : path.dirname(named)];
    }),
    ...wholes.flatMap((named) => [named, path.dirname(named)]),
  ];
}

/** A link such as `result`: its target, outside of what is granted otherwise, is what the user means. */
function leadsIntoStore(absolute: string): boolean {
  try {
    return realpathSync.native(absolute).startsWith("/nix/store/");
  } catch {
    return false; // nothing is there: the engine says so
  }
}

/** What a first piece of evidence wants to be believed by. */
function trustFor(first: EvidenceDescription | undefined): string {
  if (first?.format === "cloud-build") return "--cloud-build --source OWNER/REPO";
  return first?.signer.kind === "certificate"
    ? "--signer-identity WORKFLOW_OF_THE_SIGNER --signer-issuer URL"
    : "--key PUBLIC_KEY_OF_THE_SIGNER";
}

/** Nobody said whom to believe: what the evidence says of itself, unchecked, and the line to type. */
function trustUnset(found: readonly EvidenceDescription[], targets: readonly string[]): TouchmarkError {
  const said = found.slice(0, 4).map((one) => {
    const source =
      one.source === null ? "" : `, built from ${one.source}${one.commit === null ? "" : ` ${one.commit}`}`;
    const signer =
      one.signer.kind === "key"
        ? `a key${one.signer.hint === null ? "" : ` (hint ${one.signer.hint})`}`
        : "a certificate";
    return `${one.name}: ${counted(one.subjects, "subject")}, builder ${one.builder ?? "not said"}${source}, signed with ${signer}`;
  });
  const target = targets
    .map((one) => (/^[\w@%+=:,./-]+$/.test(one) ? one : `'${one.replaceAll("'", `'\\''`)}'`))
    .join(" ");
  return new TouchmarkError("TRUST_UNSET", "nobody said whom to believe, so nothing was judged", {
    expected: `touchmark verify ${safe(target)} ${trustFor(found[0])}`,
    actual:
      said.length === 0
        ? "nobody, and no evidence was found"
        : `nobody; the evidence says of itself (not checked): ${said.join("; ")}`,
  });
}
