import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finding } from "@touchmark/core";
import type { ArtifactFacts, ArtifactRule, CompiledPolicy, StatementFacts } from "@touchmark/policy";
import { withTestHost } from "@touchmark/testkit";
import { githubRun, RELEASE_RUN } from "@touchmark/testkit/sigstore";
import { standing, trustedKey } from "@touchmark/verify";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  bytesOf,
  githubPredicate,
  IDENTITY,
  ISSUER,
  PAYLOAD,
  sign,
  trusting,
} from "../../verify/test/certificate-cases.ts";
import { PREDICATE, sha256, sha512, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { testPolicy } from "../test/test-policy.ts";
import { type CheckOptions, check } from "./check.ts";
import { exitStatusOf } from "./report.ts";
import { CheckReportSchema } from "./report-schema.ts";

const key = testKey("ed25519", "touchmark.pub");
const subject = (name: string) => ({ name, digest: { sha256: sha256(name) } });
const byKey = (subjects: readonly object[], more: object = {}) =>
  signedBytes(key, statementBytes({ subject: subjects, ...more }));

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-policy-"));
});
afterAll(() => rm(base, { recursive: true }));

async function checked(
  policy: CompiledPolicy,
  files: Readonly<Record<string, Uint8Array | string>>,
  options: Partial<CheckOptions> = {},
) {
  const folder = await mkdtemp(join(base, "w-"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const strict = { bundles: null, complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets: ["."], trust: [key.trust], ...strict, policy, ...options };
  const report = await withTestHost(folder, (host) => check(all, host));
  expect(CheckReportSchema.parse(report)).toEqual(report);
  return report;
}

const TOO_LOW = finding("DENIED", "not this", { expected: "that", actual: "this" });
const EXCEPTED = finding("NOT_COVERED", "let through until 2027-01-01");
/** Keeps what the policy was told of statements. */
function listening(change: Partial<CompiledPolicy> = {}) {
  const told: StatementFacts[] = [];
  const asked: ArtifactFacts[] = [];
  const statement = (facts: StatementFacts) => {
    told.push(facts);
    return [];
  };
  return { told, asked, policy: testPolicy({ statement }, change, asked) };
}

describe("a policy", () => {
  it("that somebody signed is named with the key and the revision", async () => {
    const files = { tool: "tool", "app.intoto.jsonl": byKey([subject("tool")]) };
    const signed = { key: "cd".repeat(32), revision: 7 };
    const trustFiles = [{ label: "trust.yaml", digest: "ef".repeat(32), signed }];
    const report = await checked(testPolicy(), files, { policySigned: signed, trustFiles });
    const by = { signedBy: `sha256:${"cd".repeat(32)}`, revision: 7 };
    expect(report.inputs).toMatchObject({
      policy: { name: "policy.yaml", ...by },
      trust: { name: "trust.yaml", digest: `sha256:${"ef".repeat(32)}`, ...by },
    });
  });

  it("is named in the report, with the rule of each artifact", async () => {
    const files = { tool: "tool", extra: "extra", "app.intoto.jsonl": byKey([subject("tool")]) };
    const report = await checked(testPolicy(), files);
    expect(report.inputs.policy).toEqual({ name: "policy.yaml", digest: `sha256:${"ab".repeat(32)}` });
    expect(report.artifacts.map(({ name, status, rule }) => [name, status, rule])).toEqual([
      ["app.intoto.jsonl", "evidence", null],
      ["extra", "not-covered", "policy.yaml:3"],
      ["tool", "verified", "policy.yaml:3"],
    ]);
  });

  it("refuses what trust alone would let through", async () => {
    const files = { tool: "tool", "app.intoto.jsonl": byKey([subject("tool")]) };
    const report = await checked(testPolicy({ statement: () => [TOO_LOW] }), files);
    expect(report).toMatchObject({ result: "failed", counts: { policy: 1, verified: 0 } });
    expect(report.artifacts.at(-1)).toMatchObject({
      status: "policy",
      findings: [{ code: "DENIED", expected: "that" }],
    });
    expect(exitStatusOf(report)).toBe(1);
  });

  it("lets an exception through, and does not count it as verified", async () => {
    const report = await checked(testPolicy({ exception: EXCEPTED }), { tool: "tool" });
    expect(report).toMatchObject({ result: "verified", counts: { exception: 1, verified: 0 } });
    expect(report.artifacts).toMatchObject([{ status: "exception", statements: [], findings: [EXCEPTED] }]);
    expect(exitStatusOf(report)).toBe(0);
  });

  it("may ask for further statements about the same bytes", async () => {
    const whole = vi.fn((_satisfying: readonly StatementFacts[], others: readonly StatementFacts[]) =>
      others.some(({ predicateType }) => predicateType === "https://spdx.dev/Document") ? [] : [TOO_LOW],
    );
    const files = { tool: "tool", "app.intoto.jsonl": byKey([subject("tool")]) };
    expect(await checked(testPolicy({ whole }), files)).toMatchObject({ result: "failed" });
    const sbom = byKey([subject("tool")], { predicateType: "https://spdx.dev/Document", predicate: {} });
    const report = await checked(testPolicy({ whole }), { ...files, "s.intoto.jsonl": sbom });
    expect(report).toMatchObject({ result: "verified" });
    const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    expect(report.artifacts.at(-1)?.beside).toEqual([
      { bundle: "s.intoto.jsonl", digest, predicateType: "https://spdx.dev/Document" },
    ]);
    expect(whole.mock.lastCall).toMatchObject([
      [{ evidence: "app.intoto.jsonl", subject: subject("tool") }],
      [{ evidence: "s.intoto.jsonl", provenance: null, subject: subject("tool") }],
    ]);
  });

  it("may accept a statement under another name", async () => {
    const files = { renamed: "tool", "app.intoto.jsonl": byKey([subject("tool")]) };
    expect(await checked(testPolicy(), files)).toMatchObject({ result: "failed" });
    expect(await checked(testPolicy({ anyName: true }), files, { complete: true })).toMatchObject({
      result: "verified",
    });
  });

  it("has artifacts hashed as its exceptions name them", async () => {
    const { policy, asked } = listening({ algorithms: ["sha512", "md5"] });
    await checked(policy, { tool: "tool" });
    expect(asked.map(({ digests }) => digests)).toEqual([[`sha256:${sha256("tool")}`, `sha512:${sha512("tool")}`]]);
  });

  it("says of an exception that is over where the artifact does not hold", async () => {
    const over = finding("NOT_COVERED", "let through until 2026-01-01");
    const files = { tool: "tool", extra: "extra", "app.intoto.jsonl": byKey([subject("tool")]) };
    const { artifacts } = await checked(testPolicy({ notes: [over] }), files);
    expect(artifacts.map(({ findings }) => findings.at(-1)?.message)).toEqual([undefined, over.message, undefined]);
  });

  const seen = { name: "state.json", digest: null, releases: {} };

  it("that wants releases to go forward refuses what belongs to none", async () => {
    const policy = testPolicy({}, { release: { version: null, monotonic: true, list: null } });
    const buildDefinition = { ...PREDICATE.buildDefinition, resolvedDependencies: [] };
    const nameless = byKey([subject("tool")], { predicate: { ...PREDICATE, buildDefinition } });
    expect(await checked(policy, { tool: "tool", "app.intoto.jsonl": nameless }, { seen })).toMatchObject({
      result: "failed",
      artifacts: [{ status: "evidence" }, { status: "policy", findings: [{ code: "RELEASE_MISMATCH" }] }],
    });
  });

  it("that wants them to needs what was seen before", async () => {
    const files = { tool: "tool", "app.intoto.jsonl": byKey([subject("tool")]) };
    const policy = testPolicy({}, { release: { version: null, monotonic: true, list: null } });
    await expect(checked(policy, files)).rejects.toMatchObject({ code: "USAGE" });
    expect(await checked(policy, files, { seen })).toMatchObject({ result: "verified" });
  });
});

describe("what a policy is told of a statement", () => {
  it("by a key: nothing that nobody but its holder says about the run", async () => {
    const { policy, told } = listening();
    await checked(policy, { tool: "tool", "app.intoto.jsonl": byKey([subject("tool")]) });
    expect(told).toMatchObject([
      {
        evidence: "app.intoto.jsonl",
        predicateType: "https://slsa.dev/provenance/v1",
        subject: subject("tool"),
        statement: null,
        provenance: {
          builderId: "https://touchmark.dev/builders/local",
          buildType: "https://touchmark.dev/build-types/local/v1",
          source: { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1.0.0", commit: "ab".repeat(20) },
        },
        summary: null,
        signer: {
          shown: `key:sha256:${key.trust.digest}`,
          keyDigest: key.trust.digest,
          issuer: null,
          identity: null,
          builderCommit: null,
          runner: null,
          trigger: null,
          sourceRepository: null,
          sourceRepositoryId: null,
          sourceOwnerId: null,
        },
        times: null,
        standing: { entry: null, level: 1, operator: null },
      },
    ]);
  });

  it("by a certificate: what it says of the run, with the times that are proven", async () => {
    const { policy, told } = listening();
    const files = { tool: "tool", "c.sigstore.json": bytesOf(sign({}, {}, PAYLOAD)) };
    expect(await checked(policy, files, { trust: [trusting()] })).toMatchObject({ result: "verified" });
    expect(told).toMatchObject([
      {
        provenance: {
          source: {
            repository: RELEASE_RUN.sourceRepositoryUri,
            ref: RELEASE_RUN.sourceRepositoryRef,
            commit: RELEASE_RUN.sourceRepositoryDigest,
          },
        },
        signer: {
          shown: `identity:${IDENTITY}`,
          issuer: ISSUER,
          identity: IDENTITY,
          builderCommit: RELEASE_RUN.buildSignerDigest,
          runner: "github-hosted",
          trigger: RELEASE_RUN.buildTrigger,
          sourceRepositoryId: RELEASE_RUN.sourceRepositoryId,
          sourceOwnerId: RELEASE_RUN.sourceRepositoryOwnerId,
        },
      },
    ]);
    const [{ times } = { times: null }] = told;
    expect(times?.length).toBeGreaterThan(0);
    expect(times).toEqual([...(times ?? [])].sort((left, right) => left - right));
  });

  it("holds the whole statement and its parameters where the policy needs them", async () => {
    const predicate = {
      ...PREDICATE,
      buildDefinition: { ...PREDICATE.buildDefinition, externalParameters: { tag: "v1" } },
    };
    const files = { tool: "tool", "app.intoto.jsonl": byKey([subject("tool")], { predicate }) };
    const { policy, told } = listening({ wholeStatements: true });
    await checked(policy, files);
    expect(told).toMatchObject([{ statement: { predicate }, provenance: { externalParameters: { tag: "v1" } } }]);
    const brief = listening();
    await checked(brief.policy, files);
    expect(brief.told).toMatchObject([{ statement: null }]);
    expect(() => brief.told[0]?.provenance?.externalParameters).toThrow(TypeError);
  });
});

describe("trust that leaves the source to a policy", () => {
  const own = trusting({ identity: null, ownWorkflow: true, source: null, sourceByPolicy: true });
  const runOf = (repository: string) => githubRun({ repository, ref: "refs/tags/v1.2.3" });
  const signedBy = (repository: string, more: object = {}) => {
    const claims = runOf(repository);
    const statement = { subject: [subject("tool")], predicate: githubPredicate(claims), ...more };
    return bytesOf(sign({ leaf: { claims } }, {}, statementBytes(statement)));
  };
  const files = { tool: "tool", "c.sigstore.json": signedBy("octo/widgets") };
  const sourceIs = (expected: string): Partial<ArtifactRule> => ({
    comparesSource: true,
    statement: ({ provenance }) =>
      provenance?.source.repository === `https://github.com/${expected}` ? [] : [TOO_LOW],
  });

  it("believes only where the rule compares it", async () => {
    expect(await checked(testPolicy(sourceIs("octo/widgets")), files, { trust: [own] })).toMatchObject({
      result: "verified",
    });
    expect(await checked(testPolicy(sourceIs("octo/others")), files, { trust: [own] })).toMatchObject({
      artifacts: [{ status: "evidence" }, { status: "policy", findings: [{ code: "DENIED" }] }],
    });
    await expect(checked(testPolicy(), files, { trust: [own] })).rejects.toMatchObject({ code: "SOURCE_UNSET" });
  });

  it("does not let anybody's workflow add what is missing (A33)", async () => {
    const whole: ArtifactRule["whole"] = (_satisfying, others) => (others.length > 0 ? [] : [TOO_LOW]);
    const policy = testPolicy({ ...sourceIs("octo/widgets"), whole });
    const sbom = { predicateType: "https://spdx.dev/Document", predicate: {} };
    const by = (repository: string) =>
      checked(policy, { ...files, "s.sigstore.json": signedBy(repository, sbom) }, { trust: [own] });
    expect(await by("octo/widgets")).toMatchObject({ result: "verified" });
    expect(await by("evil/widgets")).toMatchObject({ result: "failed" });
  });

  it("gives its level and its operator", async () => {
    const { policy, told } = listening();
    const trust = trustedKey(key.pem, "touchmark.pub", {
      source: null,
      standing: standing({
        entry: "our key",
        place: "trust.yaml:3",
        maxLevel: 2,
        operator: "us",
        builders: ["https://touchmark.dev/builders/local"],
        window: { from: null, until: null },
      }),
      builderIds: [],
      roots: null,
    });
    await checked(policy, { tool: "tool", "app.intoto.jsonl": byKey([subject("tool")]) }, { trust: [trust] });
    expect(told).toMatchObject([{ standing: { entry: "our key", level: 2, operator: "us" } }]);
  });
});
