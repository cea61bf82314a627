import { check, describeEvidence, exitStatusOf } from "@touchmark/engine";
import { createHost } from "@touchmark/host-node";
import { expectedPackage } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { lazyThreads } from "../lazy-threads.ts";
import type { MissingEntries } from "../missing-entries.ts";
import { progressOption } from "../render/progress.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { reportLines } from "../render/verify-report.ts";
import { remember } from "../verify/after-verdict.ts";
import { type BeliefFlags, beliefLines, beliefOf } from "../verify/belief.ts";
import { policyPlace } from "../verify/policy-place.ts";
import { type SummaryOutFlags, summaryFlag } from "../verify/summary-flags.ts";
import { targetsOf } from "../verify/targets.ts";
import { trustUnset } from "../verify/trust-unset.ts";

interface VerifyOptions extends CommonOptions, BeliefFlags, SummaryOutFlags {
  readonly bundle?: readonly string[];
  readonly package?: string;
  readonly complete?: boolean;
  readonly anyName?: boolean;
  readonly recursive?: boolean;
  readonly offline?: boolean;
  readonly state?: string;
  readonly ignore?: readonly string[];
  readonly all?: boolean;
  readonly report?: readonly string[];
  /** False for --no-policy. */
  readonly policy?: string | false;
  readonly policyKey?: string;
  readonly into?: string;
  /** What stands after `--`. */
  readonly command?: readonly string[];
}

/** Without files of log entries, and with no log to ask. */
const NO_ENTRIES: MissingEntries = { options: {}, hosts: [], close: async () => undefined };

/**
 * `touchmark verify`: reads nothing but the targets, the evidence, what flags name and the policy in a folder of configuration,
 * and contacts nobody but the registries of targets, and with --online the mirror of the roots and the log that they name.
 */
export async function verifyCommand(
  context: Context,
  positional: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  const { targets, paths, registries, readable, fetchers } = await targetsOf(context, positional, options);
  // What few ask for is loaded for them.
  const handing =
    options.into === undefined && options.command === undefined
      ? null
      : (await import("../verify/hand-over.ts")).handOver(context, positional, options);
  const reports = options.report === undefined ? null : await import("../verify/report-files.ts");
  const reportFiles = reports?.reportFiles(options.report ?? [], context.cwd) ?? [];
  const state =
    options.state === undefined ? null : await (await import("../state-file.ts")).openState(context, options.state);
  const place = policyPlace(context, options.policy, options.policyKey);
  const key = options.policyKey ?? null;
  const policy =
    place === null
      ? null
      : await (await import("../verify/policy.ts")).openPolicy(context, { place, key }, paths, state);
  const belief = await beliefOf(context, options, state, policy);
  const { trust, trustFiles, verifiers, denials, npmKeys } = belief;
  const summaries =
    summaryFlag(options) === null
      ? null
      : await (await import("../verify/summaries-out.ts")).openSummaries(context, options);
  const wanted = options.package === undefined ? {} : { package: expectedPackage(options.package) };
  const missing =
    options.rekorEntry === undefined && options.online !== true
      ? NO_ENTRIES
      : await (await import("../missing-entries.ts")).missingEntries(context, options, trust);
  const host = createHost({
    workspace: context.cwd,
    roots: readable,
    signal: context.signal,
    userCode: false,
    env: context.env,
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
    const contacts = [...registries, ...missing.hosts];
    terminal.detail(`may contact: ${contacts.length === 0 ? "nobody" : contacts.map(safe).join(", ")}`);
    terminal.detail("no other configuration, policy or trust file is read");
    if (trust.length + verifiers.length === 0)
      throw trustUnset(await describeEvidence({ targets, bundles, fetchers }, host), targets);
    const report = await check(
      {
        targets,
        bundles,
        trust,
        trustFiles,
        verifiers,
        denials,
        ...(policy === null ? {} : { policy: policy.compiled }),
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
    await handing?.copy(report, host);
    if (state !== null) await remember(context, state, report, trust, policy?.signed ?? null);
    await summaries?.write(report);
    await reports?.writeReports(context, reportFiles, report);
    handing?.place();
    const show = (line: string) => (handing === null ? terminal.result(line) : handing.show(report, line));
    if (terminal.json) terminal.resultDocument(report);
    else for (const line of reportLines(report, terminal, options.all === true)) show(line);
    return (await handing?.run()) ?? exitStatusOf(report);
  } finally {
    await Promise.all([host.close(), missing.close(), threads.close(), handing?.close()]);
  }
}
