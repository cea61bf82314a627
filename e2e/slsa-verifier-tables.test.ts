import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { slsaVerifier } from "../apps/cli/src/slsa-verifier/main.ts";
import { recordingTerminal } from "../apps/cli/test/recording-terminal.ts";
import { slsaVerifierFiles } from "./peers/go-files.mjs";
import { upstreamCases } from "./slsa-verifier/upstream-cases.ts";
import { touchmark } from "./touchmark-process.ts";

const TESTING = / · gha_delegator · v1\.9\.0 · /;

/** The project's own tables, with every builder and version that they name. */
const folder = slsaVerifierFiles();
const testdata = folder === null ? "" : join(folder, "testdata");
const cases = folder === null ? [] : upstreamCases(folder);
const online = cases.filter(({ asksRekor }) => asksRekor);
/** Passes with SLSA_VERIFIER_TESTING=1 alone, which these tables set and Touchmark does not honour: built at a branch. */
const testing = cases.filter(({ asksRekor, title, error }) => !asksRekor && error === null && TESTING.test(title));
const offline = cases.filter((one) => !online.includes(one) && !testing.includes(one));

/** A process each takes a quarter of a second. */
const SAMPLE = 12;

const counts = { pass: 0, fail: 0, reason: 0 };

afterAll(() => {
  if (folder === null) return;
  const expected = (passes: boolean) => offline.filter(({ error }) => (error === null) === passes).length;
  console.log(
    `slsa-verifier's tables: pass-recall ${counts.pass}/${expected(true)}, fail-recall ${counts.fail}/${expected(false)} ` +
      `(${counts.reason} for the reason that it names); ${online.length} apart, which ask Rekor; ${testing.length} apart, which need SLSA_VERIFIER_TESTING`,
  );
});

if (folder === null) it.skip("slsa-verifier's tables: no Go here to bring them", () => undefined);

it.runIf(folder !== null)("the tables are all there", () => {
  expect([offline.length, testing.length, online.length]).toEqual([2704, 30, 2858]);
});

describe("offline", () => {
  it.each(offline.map((one) => [one.title, one] as const))("%s", async (_, { args, error }) => {
    const { status, said } = await called(args);
    expect([status, said]).toEqual([
      error === null ? 0 : 1,
      expect.stringContaining(error === null ? "PASSED" : "FAILED"),
    ]);
    counts[error === null ? "pass" : "fail"] += 1;
    if (error !== null && said.includes(`(${error})`)) counts.reason += 1;
  });
});

describe("through the built command line", () => {
  const every = Math.ceil(offline.length / SAMPLE);
  const sample = offline.filter((_, index) => index % every === 0);
  it.each(sample.map((one) => [one.title, one] as const))("%s", async (_, { args, error }) => {
    const ended = await touchmark(["slsa-verifier", ...args], { cwd: testdata });
    expect(ended).toMatchObject({ status: error === null ? 0 : 1 });
  });
});

/** A bare envelope says nothing of when its certificate was used: slsa-verifier asks Rekor, and here there is nobody to ask. */
describe("apart: a bare envelope", () => {
  it.each(online.map((one) => [one.title, one] as const))("%s: refused, and why", async (_, { args }) => {
    const { status, said } = await called(args);
    expect([status, said]).toEqual([1, expect.stringContaining("(ErrorRekorSearch)")]);
  });
});

describe("apart: built at a branch", () => {
  it.each(testing.map((one) => [one.title, one] as const))("%s: refused, and why", async (_, { args }) => {
    const { status, said } = await called(args);
    expect([status, said]).toEqual([1, expect.stringContaining("(ErrorInvalidRef)")]);
  });
});

async function called(args: readonly string[]) {
  const terminal = recordingTerminal();
  const context = { terminal, env: {}, cwd: testdata, signal: new AbortController().signal };
  const status = await slsaVerifier(context, args);
  return { status, said: terminal.noted() };
}
