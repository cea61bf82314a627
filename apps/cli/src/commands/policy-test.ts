import { readdir } from "node:fs/promises";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { type CheckReport, check } from "@touchmark/engine";
import type { Context } from "../context.ts";
import { hostFor } from "../host-for.ts";
import { lazyThreads } from "../lazy-threads.ts";
import { counted } from "../render/counted.ts";
import { failingAmong } from "../render/failing.ts";
import { type CommonOptions, safe, type Terminal } from "../render/terminal.ts";
import { POLICY_TEST_REPORT, type PolicyTestReport } from "../reports/policy-test.ts";
import { type Belief, type BeliefFlags, beliefOf } from "../verify/belief.ts";
import { type OpenedPolicy, openPolicy } from "../verify/policy.ts";

interface TestOptions extends CommonOptions, BeliefFlags {
  readonly against: string;
}

/** `touchmark policy test`: what a policy would refuse of releases that are at hand. Contacts nobody, and remembers nothing. */
export async function policyTest(
  context: Context,
  positional: readonly string[],
  options: TestOptions,
): Promise<number> {
  const [file = ""] = positional;
  const place = { file: path.resolve(context.cwd, file), label: file };
  const folders = await releasesIn(context, options.against);
  const policy = await openPolicy(context, { place, key: null }, folders);
  const belief = await beliefOf(context, options, null, policy);
  if (belief.trust.length === 0) {
    throw new TouchmarkError("TRUST_UNSET", "nobody said whom to believe, so nothing can be tested", {
      expected: "`trust` in the policy, or --trust FILE, --key FILE",
      actual: "nobody",
    });
  }
  const releases: PolicyTestReport["releases"] = [];
  for (const folder of folders) releases.push(releaseOf(folder, await tested(context, folder, policy, belief)));
  const { label: name, digest } = policy.compiled;
  const ok = releases.every(({ result }) => result === "verified");
  const { terminal } = context;
  if (terminal.json) {
    const report: PolicyTestReport = {
      schema: POLICY_TEST_REPORT,
      policy: { name, digest: `sha256:${digest}` },
      ok,
      releases,
    };
    terminal.resultDocument(report);
  } else for (const line of releases.flatMap((release) => releaseLines(release, terminal))) terminal.result(line);
  return ok ? 0 : 1;
}

/** A folder with files in it is a release itself; of any other, each folder in it is one. */
async function releasesIn({ cwd }: Context, folder: string): Promise<readonly string[]> {
  const entries = await readdir(path.resolve(cwd, folder), { withFileTypes: true }).catch((cause: unknown) => {
    throw new TouchmarkError("INPUT_MISSING", `${folder} cannot be read as a folder`, {
      expected: "a folder of releases, or a release",
      actual: (cause as NodeJS.ErrnoException).code ?? "an error",
      cause,
    });
  });
  if (entries.some((entry) => !entry.isDirectory())) return [folder];
  if (entries.length === 0) {
    throw new TouchmarkError("NOTHING_TO_VERIFY", `${folder} is empty`, { expected: "releases", actual: "nothing" });
  }
  return entries.map(({ name }) => path.join(folder, name)).sort();
}

async function tested(
  context: Context,
  folder: string,
  { compiled }: OpenedPolicy,
  { trust, trustFiles, verifiers, denials, npmKeys }: Belief,
): Promise<CheckReport> {
  const host = hostFor(context, { roots: [folder] });
  const threads = lazyThreads();
  try {
    return await check(
      {
        targets: [folder],
        bundles: null,
        trust,
        trustFiles,
        verifiers,
        denials,
        policy: compiled,
        complete: false,
        anyName: false,
        recursive: false,
        fetchers: [],
        npmKeys,
        threads: () => threads.start(),
        ignore: [],
        // Each release by itself: that one is older than another is no reason here.
        seen: { name: "nothing", digest: null, releases: {} },
      },
      host,
    );
  } finally {
    await Promise.all([host.close(), threads.close()]);
  }
}

function releaseOf(
  name: string,
  { result, counts, artifacts, findings }: CheckReport,
): PolicyTestReport["releases"][number] {
  return {
    name,
    result,
    verified: counts.verified,
    exceptions: counts.exception,
    refused: [...failingAmong(artifacts)],
    findings: findings.map(({ code, message }) => `${code} ${message}`),
  };
}

function releaseLines(
  { name, result, verified, exceptions, refused, findings }: PolicyTestReport["releases"][number],
  terminal: Terminal,
): readonly string[] {
  const parts = [
    `${verified} verified`,
    ...(exceptions === 0 ? [] : [counted(exceptions, "exception")]),
    ...(refused.length === 0 ? [] : [`${refused.length} refused`]),
  ];
  const accepted = result === "verified";
  return [
    `${terminal.paint(accepted ? "green" : "red", accepted ? "accepted" : "refused")}  ${safe(name)}  ${parts.join(", ")}`,
    ...refused.flatMap((artifact) =>
      artifact.findings.map(
        ({ code, message, expected, actual }) =>
          `    ${safe(artifact.rule ?? "no rule")}  ${code}  ${safe(message)}${expected === null ? "" : `: expected ${safe(expected)}, got ${safe(actual ?? "nothing")}`}`,
      ),
    ),
    ...(accepted || refused.length > 0 ? [] : findings.map((text) => `    ${safe(text)}`)),
  ];
}
