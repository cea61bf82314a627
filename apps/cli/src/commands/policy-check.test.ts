import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { PolicyCheckOutputSchema } from "../reports/policy-check.ts";
import { policyCheck } from "./policy-check.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-policy-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(cwd, { recursive: true, force: true });
});

async function check(text: string, json = false) {
  await writeFile(path.join(cwd, "policy.yaml"), text);
  const { status, text: shown } = await callCommand(policyCheck, ["policy.yaml"], {}, { cwd, json });
  return { status, text: shown };
}

const RULE = "artifacts:\n  - match: tool\n    source: github.com/octo/widgets\n";

describe("policy check", () => {
  it("accepts the example of the documentation", async () => {
    const page = await readFile(new URL("../../../../docs/policy.md", import.meta.url), "utf8");
    await writeFile(path.join(cwd, "touchmark.trust.yaml"), "version: 1\ntrust:\n  - preset: npm@2026-11\n");
    const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
    vi.useFakeTimers({ now: new Date("2026-12-01"), toFake: ["Date"] });
    expect(await check(example)).toEqual({
      status: 0,
      text: expect.stringMatching(/^policy\.yaml: ok {4}4 rules, 1 exception\n?$/),
    });
  });

  it.each<[string, string, string]>([
    ["a trust file that is not there", "trust: trust.yaml", "`trust`: INPUT_MISSING: trust.yaml cannot be read"],
    ["a trust file that is not understood", "trust: bad.yaml", "`trust`: TRUST_INVALID: bad.yaml"],
    [
      "a key that is not there",
      "trust: [{ name: x, signer: { key: x.pub }, builder: 'https://x.example/', max-level: 1 }]",
      "`trust`: INPUT_MISSING: x.pub cannot be read",
    ],
  ])("finds %s", async (_, trust, problem) => {
    await writeFile(path.join(cwd, "bad.yaml"), "version: 1\ntrust: []\n");
    expect(await check(`version: 1\n${trust}\n${RULE}`)).toEqual({
      status: 2,
      text: expect.stringContaining(`policy.yaml:2:1  error  ${problem}`),
    });
  });

  it("lists every problem with its place", async () => {
    const { status, text } = await check(`version: 1\n${RULE}    max_age: 1d\n    leve: 3\nexpire: 2027-01-01\n`);
    expect(status).toBe(2);
    expect(text.trimEnd().split("\n")).toEqual([
      "policy.yaml:5:5  error  `max_age` is not a key here; did you mean `max-age`?",
      "policy.yaml:6:5  error  `leve` is not a key here; did you mean `level`?",
      "policy.yaml:7:1  error  `expire` is not a key here; did you mean `expires`?",
    ]);
  });

  it.each<[string, string, string]>([
    ["an expression", `version: 1\n${RULE}    when: "1 +"\n`, "policy.yaml:5:5  error  `when`: Unexpected token: EOF"],
    [
      "a denial",
      `version: 1\n${RULE}deny:\n  - reason: x\n    comit: "1"\n`,
      'policy.yaml:7:5  error  `deny`: is not a deny list that is understood: deny.0: Unrecognized key: "comit"',
    ],
    [
      "trust",
      `version: 1\n${RULE}trust:\n  - name: x\n    max_level: 3\n`,
      "policy.yaml:7:5  error  `trust`: `max_level` is not a key here; did you mean `max-level`?",
    ],
    [
      "a preset",
      `version: 1\n${RULE}trust:\n  - preset: npn@2026-11\n`,
      "policy.yaml:6:5  error  `trust`: this version has no preset npn@2026-11",
    ],
    [
      "its end",
      `version: 1\nexpires: 2020-01-01\n${RULE}`,
      "policy.yaml:2:1  error  POLICY_EXPIRED: a policy for today; this one is until 2020-01-01",
    ],
  ])("finds what is wrong with %s", async (_, text, problem) => {
    expect(await check(text)).toEqual({ status: 2, text: expect.stringContaining(problem) });
  });

  it("prints a document", async () => {
    const good = JSON.parse((await check(`version: 1\n${RULE}`, true)).text);
    expect(PolicyCheckOutputSchema.parse(good)).toMatchObject({ ok: true, rules: 1, exceptions: 0, problems: [] });
    const { status, text } = await check(`version: 1\n${RULE}    leve: 3\n`, true);
    expect(status).toBe(2);
    expect(PolicyCheckOutputSchema.parse(JSON.parse(text))).toMatchObject({
      ok: false,
      rules: null,
      problems: [
        { line: 5, column: 5, path: ["artifacts", 0, "leve"], message: "`leve` is not a key here", guess: "level" },
      ],
    });
  });

  it("refuses what is no YAML, and a key that stands twice", async () => {
    await expect(check("a: [")).rejects.toMatchObject({ code: "POLICY_INVALID" });
    await expect(check(`version: 1\nversion: 1\n${RULE}`)).rejects.toMatchObject({ code: "POLICY_INVALID" });
  });

  it.each([
    ["an alias", "    &key level: 3\n    *key : 1\n"],
    ["a number", '    workflow-inputs: { 1: "a", "1": "b" }\n'],
  ])("refuses a key that stands twice, once as %s", async (_what, keys) => {
    await expect(check(`version: 1\n${RULE}${keys}`)).rejects.toMatchObject({ code: "POLICY_INVALID" });
  });

  it.each([
    ["a tag that nobody knows", `version: 1\n${RULE}    branch: !not main\n`],
    [
      "YAML of another version, whose keys may hide in others",
      `%YAML 1.1\n---\nversion: 1\n${RULE}    <<: { level: 3 }\n`,
    ],
  ])("refuses %s", async (_what, text) => {
    await expect(check(text)).rejects.toMatchObject({ code: "POLICY_INVALID" });
  });
});
