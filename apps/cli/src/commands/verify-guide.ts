import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { type CheckReport, check, describeEvidence, exitStatusOf } from "@touchmark/engine";
import type { Trust } from "@touchmark/verify";
import type { Context } from "../context.ts";
import type { GuideFacts } from "../guide/guide-facts.ts";
import { guidePage } from "../guide/guide-page.ts";
import { readFacts } from "../guide/read-facts.ts";
import { hostFor } from "../host-for.ts";
import { identitiesOf } from "../identity-flags.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { reportLines } from "../render/verify-report.ts";
import { VERIFY_GUIDE_REPORT, type VerifyGuideReport } from "../reports/verify-guide.ts";
import { type BeliefFlags, beliefOf } from "../verify/belief.ts";
import { targetsOf } from "../verify/targets.ts";
import { writeNewFile } from "../write-new-file.ts";

interface GuideOptions extends CommonOptions, BeliefFlags {
  readonly bundle?: readonly string[];
  readonly ignore?: readonly string[];
  readonly output?: string;
}

/**
 * `touchmark verify-guide`: verifies a release, and writes how others can. Of what the release says of itself only that stands
 * in the page which held, and the page's own first line is tried before it is written.
 *
 * @returns 1 and 3 where the release does not hold: then nothing is written.
 */
export async function verifyGuideCommand(
  context: Context,
  positional: readonly string[],
  options: GuideOptions,
): Promise<number> {
  for (const one of [...positional, ...(options.bundle ?? []), ...(options.key ?? [])]) requireRelative(one);
  const { targets, registries, readable, fetchers, releases, kit } = await targetsOf(context, positional, options);
  if (releases.size > 0 || kit !== null) {
    throw new TouchmarkError("USAGE", "a page is written about files that lie here", {
      expected: "the folder with the release's files, or an image",
      actual: positional.join(" "),
    });
  }
  const { trust, verifiers, denials, npmKeys } = await beliefOf(context, options, null, null);
  const host = hostFor(context, { roots: readable, network: { kind: "registries", hosts: registries } });
  const bundles = options.bundle ?? null;
  const ignore = options.ignore ?? [];
  const common = { targets, bundles, verifiers, denials, npmKeys, fetchers, ignore };
  const strict = { complete: false, anyName: false, recursive: false };
  const judge = (believed: readonly Trust[], list: GuideFacts["list"] = null) =>
    check(
      { ...common, ...strict, trust: believed, ...(list === null ? {} : { release: { version: list.version } }) },
      host,
    );
  try {
    const report = await judge(trust);
    if (report.result !== "verified") return refuse(context, report);
    const described = await describeEvidence({ targets, bundles, fetchers }, host);
    const request = {
      targets,
      bundles: bundles ?? [],
      ignore,
      trustedRoot: options.trustedRoot ?? null,
      withoutLog: options.withoutLog === true,
    };
    const facts = await readFacts(report, described, request, host);
    const again = await judge(await namedIn(facts, trust, context, options), facts.list);
    if (again.result !== "verified") return refuse(context, again);
    return await write(context, facts, options.output);
  } finally {
    await host.close();
  }
}

/** Whom the page names, as somebody believes them who types what it says. */
async function namedIn(
  { signers }: GuideFacts,
  trust: readonly Trust[],
  context: Context,
  options: GuideOptions,
): Promise<readonly Trust[]> {
  const identities = signers.flatMap((one) => (one.kind === "identity" ? [one.identity] : []));
  const { signerIdentityPattern: _pattern, key: _key, ...flags } = options;
  const keys = trust.filter((one) => one.kind === "key");
  if (identities.length === 0) return keys;
  return [...keys, ...(await identitiesOf(context, { ...flags, signerIdentity: identities }, []))];
}

function refuse({ terminal }: Context, report: CheckReport): number {
  terminal.note("the release does not hold, so no guide is written");
  if (terminal.json) terminal.resultDocument(report);
  else for (const line of reportLines(report, terminal, false)) terminal.result(line);
  return exitStatusOf(report);
}

async function write(context: Context, facts: GuideFacts, output: string | undefined): Promise<number> {
  const { terminal } = context;
  const page = guidePage(facts);
  if (output === undefined) {
    if (terminal.json) terminal.resultDocument(reportOf({ page, written: null }));
    else terminal.resultBytes(new TextEncoder().encode(page));
    return 0;
  }
  await writeNewFile(context, output, new TextEncoder().encode(page));
  if (terminal.json) terminal.resultDocument(reportOf({ page: null, written: output }));
  else terminal.result(`wrote ${safe(output)}`);
  return 0;
}

function reportOf(made: Omit<VerifyGuideReport, "schema">): VerifyGuideReport {
  return { schema: VERIFY_GUIDE_REPORT, ...made };
}

/** Whoever reads the page has the release somewhere else. */
function requireRelative(name: string): void {
  if (!path.isAbsolute(name) && !name.split(/[/\\]/).includes("..")) return;
  throw new TouchmarkError("USAGE", `${name} is not where readers of the guide have it`, {
    expected: "names below the working directory: run the command in the folder in which the release's folder lies",
    actual: "an absolute path, or one with ..",
  });
}
