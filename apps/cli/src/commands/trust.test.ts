import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "@touchmark/core";
import { newTestKey, publicPem, RELEASE_RUN, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import {
  TrustDiffOutputSchema,
  TrustOutputSchema,
  TrustSuggestOutputSchema,
  TrustUpdateOutputSchema,
} from "../reports/trust.ts";
import { trustCheck, trustShow } from "./trust.ts";
import { trustDiff, trustUpdate } from "./trust-changes.ts";
import { trustSuggest } from "./trust-suggest.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-trust-"));
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

const write = (name: string, content: string) => writeFile(path.join(cwd, name), content);
const trustFile = (name: string, ...trust: readonly object[]) => write(name, JSON.stringify({ version: 1, trust }));
const call = (action: unknown, positional: readonly string[], json = false, options: object = {}) =>
  callCommand(action, positional, options, { cwd, json });
const keyed = (more: object = {}) => ({
  name: "k",
  signer: { key: "a.pub" },
  builder: "https://b.example",
  "max-level": 1,
  ...more,
});

describe("trust show", () => {
  it("prints what a preset comes to, and where it is known from", async () => {
    const { text } = await call(trustShow, ["preset:npm@2026-11"]);
    expect(text).toMatch(/^preset:npm@2026-11 {2}sha256:[0-9a-f]{64}\n/);
    expect(text).toContain("source      https://docs.npmjs.com/");
    expect(text).toContain("npm@2026-11  up to L2  (preset:npm@2026-11)");
    expect(text).toContain("must be said: --source, or a policy");
    const report = TrustOutputSchema.parse(JSON.parse((await call(trustShow, ["preset:npm@2026-11"], true)).text));
    expect(report).toMatchObject({
      presets: [{ name: "npm@2026-11" }],
      entries: [{ maxLevel: 2, operator: "GitHub" }],
    });
  });

  it("prints every part of an entry of a file", async () => {
    const verifier = {
      id: "https://v.example",
      levels: ["SLSA_BUILD_LEVEL_2"],
      resources: ["pkg:npm/*"],
      "max-age": "2w",
    };
    const hours = { ...verifier, id: "https://w.example", "max-age": "36h" };
    await trustFile(
      "t.yaml",
      keyed({ from: "2026-09-01", source: "octo/a", operator: "Octo" }),
      {
        name: "v",
        signer: { key: "v.pub" },
        verifier,
      },
      { name: "w", signer: { key: "w.pub" }, verifier: hours },
    );
    const { text } = await call(trustShow, ["t.yaml"]);
    for (const words of [
      "max age     14d",
      "max age     36h",
      "the key a.pub",
      "https://b.example",
      "octo/a",
      "Octo",
      "2026-09-01T00:00:00.000Z",
      "pkg:npm/*",
      "https://v.example",
    ])
      expect(text).toContain(words);
  });
});

describe("trust check", () => {
  it("reads the keys that entries name", async () => {
    await trustFile("t.yaml", keyed());
    await expect(call(trustCheck, ["t.yaml"])).rejects.toMatchObject({ code: "INPUT_MISSING" });
    await write("a.pub", "not a key");
    await expect(call(trustCheck, ["t.yaml"])).rejects.toMatchObject({ code: "KEY_INVALID" });
    await write("a.pub", publicPem(newTestKey()));
    expect(await call(trustCheck, ["t.yaml"])).toMatchObject({ status: 0, text: "t.yaml: ok, 1 entry\n" });
  });

  it("names the line and the near miss", async () => {
    await write(
      "t.yaml",
      'version: 1\ntrust:\n  - name: k\n    signer: { key: a.pub }\n    builder: "https://b.example"\n    max_level: 1\n',
    );
    await expect(call(trustCheck, ["t.yaml"])).rejects.toMatchObject({
      code: "TRUST_INVALID",
      message: "t.yaml:6: `max_level` is not a key here; did you mean `max-level`?",
    });
  });

  it("names both lines of entries that overlap", async () => {
    await write(
      "t.yaml",
      "version: 1\ntrust:\n  - name: a\n    signer: { cloud-build: true }\n    max-level: 1\n  - name: b\n    signer: { cloud-build: true }\n    max-level: 2\n",
    );
    await expect(call(trustCheck, ["t.yaml"])).rejects.toMatchObject({
      code: "TRUST_OVERLAP",
      actual: "t.yaml:3 and t.yaml:6",
    });
  });

  it("refuses no YAML, and what the verifier would not trust", async () => {
    await write("t.yaml", "a: [");
    await expect(call(trustCheck, ["t.yaml"])).rejects.toMatchObject({ code: "TRUST_INVALID" });
    await trustFile("t.yaml", { ...keyed(), signer: { issuer: "https://i.example", "identity-pattern": ".*" } });
    await expect(call(trustCheck, ["t.yaml"])).rejects.toMatchObject({ code: "TRUST_INVALID" });
  });
});

describe("trust diff", () => {
  beforeEach(() => write("a.pub", publicPem(newTestKey())));

  it("says nothing of names and order", async () => {
    await trustFile("old.yaml", keyed(), { preset: "npm@2026-11" });
    await trustFile("new.yaml", { preset: "npm@2026-11" }, keyed({ name: "other" }));
    expect(await call(trustDiff, ["old.yaml", "new.yaml"])).toMatchObject({
      status: 0,
      text: "both believe the same, for the same\n",
    });
  });

  it("says whose level goes up, who is new and who is gone", async () => {
    await trustFile("old.yaml", keyed(), { preset: "npm@2026-11" });
    await trustFile("new.yaml", keyed({ "max-level": 3 }), { preset: "gcb@2026-11" });
    const { status, text } = await call(trustDiff, ["old.yaml", "new.yaml"]);
    expect(status).toBe(1);
    expect(text).toContain("no longer believed: npm@2026-11");
    expect(text).toContain("now believed: gcb@2026-11  up to L3  (preset:gcb@2026-11)");
    expect(text).toContain("level 1 -> 3");
    const report = TrustDiffOutputSchema.parse(
      JSON.parse((await call(trustDiff, ["old.yaml", "new.yaml"], true)).text),
    );
    expect(report).toMatchObject({ differences: [{ kind: "lost" }, { kind: "changed" }, { kind: "gained" }] });
  });

  it("says of a new verifier what it may assert, and about what", async () => {
    const verifier = { id: "https://v.example", levels: ["SLSA_BUILD_LEVEL_2"], resources: ["pkg:npm/octo/*"] };
    await trustFile("old.yaml", { preset: "npm@2026-11" });
    await trustFile("new.yaml", { preset: "npm@2026-11" }, { name: "v", signer: { key: "a.pub" }, verifier });
    const { text } = await call(trustDiff, ["old.yaml", "new.yaml"]);
    expect(text).toContain(
      "  verifier    https://v.example\n  may assert  SLSA_BUILD_LEVEL_2\n  about       pkg:npm/octo/*\n",
    );
  });

  it("knows another key in a file of the same name", async () => {
    await trustFile("old.yaml", keyed());
    await write("b.pub", publicPem(newTestKey()));
    await trustFile("new.yaml", keyed({ signer: { key: "b.pub" } }));
    expect(await call(trustDiff, ["old.yaml", "new.yaml"])).toMatchObject({ status: 1 });
  });
});

it("trust update --check finds no newer preset than this version has", async () => {
  await trustFile("t.yaml", { preset: "npm@2026-11" });
  expect(await call(trustUpdate, ["t.yaml"], false, { check: true })).toMatchObject({ status: 0 });
  const report = JSON.parse((await call(trustUpdate, ["t.yaml"], true, { check: true })).text);
  expect(TrustUpdateOutputSchema.parse(report)).toMatchObject({ presets: ["npm@2026-11"], newer: [] });
});

describe("trust suggest", () => {
  const sign = async () => {
    const subject = [{ name: "tool", digest: { sha256: createHash("sha256").update("tool").digest("hex") } }];
    const runDetails = { builder: { id: RELEASE_RUN.buildSignerUri } };
    const predicate = { buildDefinition: { buildType: "https://example.com/t", externalParameters: {} }, runDetails };
    const { bundle } = signBundle(
      testSigstore(),
      encodeJson({ _type: STATEMENT_V1, subject, predicateType: PROVENANCE_V1, predicate }),
    );
    await write("tool", "tool");
    await write("tool.sigstore.json", JSON.stringify(bundle));
  };

  it("writes what evidence says of itself, which is then read", async () => {
    await sign();
    const { status, text } = await call(trustSuggest, ["tool"]);
    expect(status).toBe(0);
    expect(text).toContain("workflow: github.com/octo/widgets/.github/workflows/release.yml # unverified");
    expect(text).toContain("max-level: 0");
    await write("t.yaml", text);
    expect(await call(trustCheck, ["t.yaml"])).toMatchObject({ status: 0 });
    const report = TrustSuggestOutputSchema.parse(JSON.parse((await call(trustSuggest, ["tool"], true)).text));
    expect(report).toMatchObject({ unverified: true, entries: [{ runners: "github-hosted" }] });
  });

  it("has nothing to say where there is no evidence", async () => {
    await write("tool", "tool");
    await expect(call(trustSuggest, ["tool"])).rejects.toMatchObject({ code: "NOTHING_FOUND" });
  });
});
