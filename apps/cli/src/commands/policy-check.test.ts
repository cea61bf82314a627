import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
    const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
    vi.useFakeTimers({ now: new Date("2026-12-01"), toFake: ["Date"] });
    await writeFile(path.join(cwd, "touchmark.trust.yaml"), "version: 1\ntrust: [{ preset: github-hosted@2026-11 }]\n");
    expect(await check(example)).toEqual({
      status: 0,
      text: expect.stringMatching(/^policy\.yaml: ok {4}4 rules, 1 exception\n?$/),
    });
  });

  it("says of a misspelt key in that example what the documentation shows", async () => {
    const page = await readFile(new URL("../../../../docs/policy.md", import.meta.url), "utf8");
    const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
    const shown = /```text\n(.*?)```/s.exec(page)?.[1] ?? "";
    expect(await check(example.replace("max-age", "max_age"))).toEqual({ status: 2, text: shown });
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
      "a key that trust names",
      `version: 1\n${RULE}trust:\n  - { name: x, signer: { key: x.pub }, builder: 'https://x.example/', max-level: 1 }\n`,
      "policy.yaml:5:1  error  `trust`: x.pub cannot be read: nothing there",
    ],
    [
      "its end",
      `version: 1\nexpires: 2020-01-01\n${RULE}`,
      "policy.yaml:2:1  error  POLICY_EXPIRED: a policy for today; this one is until 2020-01-01",
    ],
  ])("finds what is wrong with %s", async (_, text, problem) => {
    expect(await check(text)).toEqual({ status: 2, text: expect.stringContaining(problem) });
  });

  it.each<[string, string | null, string]>([
    [
      "a key that is misspelt",
      "version: 1\ntrust:\n  - name: x\n    max_level: 3\n",
      "trust.yaml:4:5  error  `max_level` is not a key here; did you mean `max-level`?",
    ],
    [
      "a key of a signer that is not there",
      "version: 1\ntrust:\n  - { name: x, signer: { key: x.pub }, builder: 'https://b.example', max-level: 1 }\n",
      "trust.yaml:2:1  error  x.pub cannot be read: nothing there",
    ],
    [
      "two entries of a name",
      "version: 1\ntrust:\n  - &a { name: x, signer: { key: x.pub }, builder: 'https://b.example', max-level: 1 }\n  - *a\n",
      'trust.yaml:4:5  error  "x" and "x" are about the same signer: trust.yaml:3:8 and trust.yaml:4:5',
    ],
    ["no entry", "version: 1\ntrust: []\n", "trust.yaml:2:1  error  this is no list of whom to believe: 0 entries"],
    ["no YAML", "a: [", "policy.yaml:5:1  error  `trust`: trust.yaml:1 is not valid YAML"],
    ["nothing", null, "policy.yaml:5:1  error  `trust`: trust.yaml cannot be read: nothing there"],
  ])("reads the trust file that it names: %s", async (_, trust, problem) => {
    if (trust !== null) await writeFile(path.join(cwd, "trust.yaml"), trust);
    const { status, text } = await check(`version: 1\n${RULE}trust: ./trust.yaml\n`);
    expect({ status, text }).toEqual({ status: 2, text: expect.stringContaining(problem) });
  });

  it("names the trust file as it is seen from here, and in the document", async () => {
    await mkdir(path.join(cwd, "rules"));
    await writeFile(path.join(cwd, "rules", "trust.yaml"), "version: 1\ntrust: [{ preset: npn@2026-11 }]\n");
    await writeFile(path.join(cwd, "rules", "policy.yaml"), `version: 1\n${RULE}trust: trust.yaml\n`);
    const { text } = await callCommand(policyCheck, ["rules/policy.yaml"], {}, { cwd, json: true });
    expect(PolicyCheckOutputSchema.parse(JSON.parse(text))).toMatchObject({
      policy: "rules/policy.yaml",
      problems: [{ file: "rules/trust.yaml", line: 2, column: 11, path: ["trust", 0, "preset"] }],
    });
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
        {
          file: "policy.yaml",
          line: 5,
          column: 5,
          path: ["artifacts", 0, "leve"],
          message: "`leve` is not a key here",
          guess: "level",
        },
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
