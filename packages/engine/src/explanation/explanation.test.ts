import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finding } from "@touchmark/core";
import type { ArtifactRule } from "@touchmark/policy";
import { withTestHost } from "@touchmark/testkit";
import { TraceBook } from "@touchmark/verify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sha256, signedBytes, statementBytes, testKey } from "../../../verify/test/signed-bundles.ts";
import { testPolicy } from "../../test/test-policy.ts";
import { check } from "../check.ts";
import { explanationOf } from "./explanation.ts";

const key = testKey("ed25519", "touchmark.pub");
const subject = [{ name: "tool", digest: { sha256: sha256("tool") } }];
/** Of equal bytes only one piece is looked at, so that each names another subject beside. */
const bundle = (other: string, more: object = {}) =>
  signedBytes(
    key,
    statementBytes({ subject: [...subject, { name: other, digest: { sha256: sha256(other) } }], ...more }),
  );

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "touchmark-explanation-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What was refused of each piece of evidence: check, code and words. */
async function refused(rule: Partial<ArtifactRule>, evidence: Readonly<Record<string, Uint8Array>>) {
  const here = await mkdtemp(join(folder, "w-"));
  await writeFile(join(here, "tool"), "tool");
  for (const [name, bytes] of Object.entries(evidence)) await writeFile(join(here, name), bytes);
  const trace = new TraceBook("tool");
  const strict = { bundles: null, complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const policy = testPolicy(rule);
  const report = await withTestHost(here, (host) =>
    check({ targets: ["."], trust: [key.trust], ...strict, policy, trace }, host),
  );
  const explanation = explanationOf(report, trace, "tool", { trust: [key.trust], verifiers: [] });
  return Object.fromEntries(
    explanation.evidence.map(({ name, attempts }) => [
      name,
      attempts.flatMap(({ checks }) =>
        checks.flatMap(({ check: made, outcome, finding: why }) =>
          outcome === "refused" ? [`${made} ${why?.code}: ${why?.message}`] : [],
        ),
      ),
    ]),
  );
}

it("has the own words of each piece of evidence, and all of them", async () => {
  const reasons: Readonly<Record<string, readonly string[]>> = {
    "a.sigstore.json": ["too low"],
    "b.sigstore.json": ["too old", "of another branch"],
  };
  const statement: ArtifactRule["statement"] = ({ evidence }) =>
    (reasons[evidence] ?? []).map((message) => finding("LEVEL_TOO_LOW", message));
  const evidence = {
    "a.sigstore.json": bundle("a"),
    "b.sigstore.json": bundle("b"),
    "sbom.sigstore.json": bundle("sbom", { predicateType: "https://spdx.dev/Document", predicate: {} }),
  };
  expect(await refused({ statement }, evidence)).toEqual({
    "a.sigstore.json": ["policy LEVEL_TOO_LOW: too low"],
    "b.sigstore.json": ["policy LEVEL_TOO_LOW: too old", "policy LEVEL_TOO_LOW: of another branch"],
    "sbom.sigstore.json": [
      "predicate NOT_PROVENANCE: sbom.sigstore.json mentions tool, but does not say where it came from",
    ],
  });
});

it("has the verdict's words where all together lack something", async () => {
  const whole = () => [finding("BUILDERS_TOO_FEW", "one is too few")];
  expect(await refused({ whole }, { "a.sigstore.json": bundle("a") })).toEqual({
    "a.sigstore.json": ["policy BUILDERS_TOO_FEW: tool: one is too few"],
  });
});

it("has what was refused beside what covers", async () => {
  const statement: ArtifactRule["statement"] = ({ evidence }) =>
    evidence.startsWith("a") ? [finding("LEVEL_TOO_LOW", "too low")] : [];
  expect(await refused({ statement }, { "a.sigstore.json": bundle("a"), "b.sigstore.json": bundle("b") })).toEqual({
    "a.sigstore.json": ["policy LEVEL_TOO_LOW: too low"],
    "b.sigstore.json": [],
  });
});
