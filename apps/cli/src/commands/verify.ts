import { type CheckReport, check, exitStatusOf } from "@touchmark/engine";
import { expectedPackage } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { hostFor } from "../host-for.ts";
import { lazyThreads } from "../lazy-threads.ts";
import type { MissingEntries } from "../missing-entries.ts";
import type { Brought } from "../releases/bring-releases.ts";
import type { ReleaseFlags } from "../releases/release-flags.ts";
import { progressOption } from "../render/progress.ts";
import { type CommonOptions, safe, type Terminal } from "../render/terminal.ts";
import { reportLines } from "../render/verify-report.ts";
import { type BeliefFlags, beliefLines, beliefOf } from "../verify/belief.ts";
import { policyPlace } from "../verify/policy-place.ts";
import { type SummaryOutFlags, summaryFlag } from "../verify/summary-flags.ts";
import { targetsOf } from "../verify/targets.ts";

export interface VerifyOptions extends CommonOptions, BeliefFlags, ReleaseFlags, SummaryOutFlags {
  readonly bundle?: readonly string[];
  readonly evidence?: readonly string[];
  readonly package?: string;
  readonly complete?: boolean;
  readonly release?: boolean;
  readonly releaseVersion?: string;
  readonly anyName?: boolean;
  readonly recursive?: boolean;
  readonly offline?: boolean;
  readonly state?: string;
  readonly deps?: string;
  readonly ignore?: readonly string[];
  readonly all?: boolean;
  readonly report?: readonly string[];
  readonly explain?: string;
  /** False for --no-policy. */
  readonly policy?: string | false;
  readonly policyKey?: string;
  readonly into?: string;
  /** What stands after `--`. */
  readonly command?: readonly string[];
}

/** Where no target is a release elsewhere. */
const NOTHING_BROUGHT: Omit<Brought, "files"> = {
  brought: new Map(),
  evidence: [],
  readable: [],
  contacts: [],
  close: async () => undefined,
};

/** Without files of log entries, and with no log to ask. */
const NO_ENTRIES: MissingEntries = { options: {}, hosts: [], close: async () => undefined };

/**
 * `touchmark verify`: reads nothing but the targets, the evidence, what flags name and the policy in a folder of configuration,
 * and contacts nobody but the registries and the hosts of releases that targets name, and with --online the mirror of the roots
 * and the log that they name.
 */
export async function verifyCommand(
  context: Context,
  positional: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  const { targets, paths, registries, readable, fetchers, releases, kit } = await targetsOf(
    context,
    positional,
    options,
  );
  // What few ask for is loaded for them.
  const handing =
    options.into === undefined && options.command === undefined
      ? null
      : (await import("../verify/hand-over.ts")).handOver(context, targets, options);
  const explaining =
    options.explain === undefined ? null : (await import("../verify/explaining.ts")).explaining(options.explain);
  const reports = options.report === undefined ? null : await import("../verify/report-files.ts");
  const reportFiles = reports?.reportFiles(options.report ?? [], context.cwd) ?? [];
  const state =
    options.state === undefined ? null : await (await import("../state-file.ts")).openState(context, options.state);
  // A release must bring none of the rules by which it is judged.
  const foreign = [...paths, ...(options.evidence ?? [])];
  const place = policyPlace(context, options.policy);
  const policy =
    place === null && options.policyKey === undefined
      ? null
      : await (await import("../verify/policy.ts")).policyToVerifyBy(context, place, options, { foreign, state });
  const belief = await beliefOf(
    context,
    kit?.roots == null ? options : { ...options, kitRoots: kit.roots },
    state,
    policy,
    foreign,
  );
  const { trust, trustFiles, verifiers, denials, npmKeys } = belief;
  const summaries =
    summaryFlag(options) === null
      ? null
      : await (await import("../verify/summaries-out.ts")).openSummaries(context, options);
  const deps =
    options.deps === undefined ? {} : { deps: (await import("../verify/deps-flag.ts")).stepsOf(options.deps) };
  const wanted = options.package === undefined ? {} : { package: expectedPackage(options.package) };
  const missing =
    options.rekorEntry === undefined && options.online !== true
      ? NO_ENTRIES
      : await (await import("../missing-entries.ts")).missingEntries(context, options, trust);
  const remote =
    releases.size === 0
      ? NOTHING_BROUGHT
      : await (await import("../releases/bring-releases.ts")).bringReleases(context, releases, options);
  const named = (options.evidence ?? []).map((path) => ({ path, name: path }));
  const evidence = [...named, ...(kit?.evidence ?? []), ...remote.evidence];
  const brought = new Map([...(kit?.brought ?? []), ...remote.brought]);
  const host = hostFor(context, {
    roots: [...readable, ...remote.readable],
    network: { kind: "registries", hosts: registries },
    ...progressOption(context.terminal),
  });
  const threads = lazyThreads();
  try {
    const bundles = options.bundle ?? null;
    const { terminal } = context;
    for (const target of targets) terminal.detail(`target: ${safe(target)}`);
    terminal.detail(
      `evidence: ${bundles === null ? "looked for among the targets, beside files and in registries that are named" : bundles.map(safe).join(", ")}`,
    );
    if (policy !== null) terminal.detail(`policy: ${safe(policy.compiled.label)}, sha256:${policy.compiled.digest}`);
    for (const line of beliefLines(belief)) terminal.detail(line);
    const contacts = [...registries, ...remote.contacts, ...missing.hosts];
    terminal.detail(`may contact: ${contacts.length === 0 ? "nobody" : contacts.map(safe).join(", ")}`);
    terminal.detail("no other configuration, policy or trust file is read");
    if (trust.length + verifiers.length === 0) {
      const { trustUnset } = await import("../verify/trust-unset.ts");
      throw await trustUnset({ targets, brought, bundles, evidence, fetchers }, host);
    }
    const found = await check(
      {
        targets,
        brought,
        ...(kit === null ? {} : { images: kit.images }),
        bundles,
        evidence,
        trust,
        trustFiles,
        verifiers,
        denials,
        ...(policy === null ? {} : { policy: policy.compiled, policySigned: policy.signed }),
        complete: options.complete === true,
        ...releaseDemand(options),
        anyName: options.anyName === true,
        ...wanted,
        ...deps,
        npmKeys,
        recursive: options.recursive === true,
        fetchers,
        threads: () => threads.start(),
        ignore: options.ignore ?? [],
        ...missing.options,
        ...(explaining === null ? {} : { trace: explaining.book }),
        ...(state === null ? {} : { seen: { ...state, releases: state.seen.releases } }),
      },
      host,
    );
    const report = explaining?.explained(found, belief) ?? found;
    await handing?.copy(report, brought, host);
    if (state !== null) {
      const { remember } = await import("../verify/after-verdict.ts");
      await remember(context, state, report, belief, policy?.signed ?? null);
    }
    await summaries?.write(report);
    await reports?.writeReports(context, reportFiles, report);
    handing?.place();
    const show = (line: string) => (handing === null ? terminal.result(line) : handing.show(report, line));
    if (terminal.json) terminal.resultDocument(report);
    else {
      for (const line of await linesOf(report, terminal, options.all === true)) show(line);
      for (const line of explaining?.lines(report, terminal) ?? []) show(line);
    }
    return (await handing?.run()) ?? exitStatusOf(report);
  } finally {
    await Promise.all([host.close(), missing.close(), threads.close(), remote.close(), handing?.close()]);
  }
}

async function linesOf(report: CheckReport, terminal: Terminal, all: boolean): Promise<readonly string[]> {
  const { release, result } = report;
  return [
    ...reportLines(report, terminal, all),
    ...(release === null ? [] : (await import("../render/release-lines.ts")).releaseLines(release)),
    ...(result === "verified" ? [] : (await import("../render/more-line.ts")).moreLine(report)),
  ];
}

/** Nothing where no list of the release is wanted. */
function releaseDemand({ release, releaseVersion }: VerifyOptions) {
  return release === true || releaseVersion !== undefined ? { release: { version: releaseVersion ?? null } } : {};
}
