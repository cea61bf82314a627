import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isTouchmarkError } from "@touchmark/core";
import { compilePolicy, policyDocument } from "@touchmark/policy";
import { withTestHost } from "@touchmark/testkit";
import {
  type Check,
  type Denials,
  type DenyList,
  denials,
  denyList,
  type LoggedBundles,
  openRekorEntries,
  openRoots,
  parseVerifierState,
  readCloudBuildKey,
  readNpmKeys,
  type SeenInstance,
  type SummaryTrust,
  TraceBook,
  type Trust,
  trustedCloudBuild,
  trustedIdentity,
  trustedKey,
  trustedVerifier,
  verifyOne,
} from "@touchmark/verify";
import { afterAll, afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { readXml, sarifFaults } from "../test/peer-formats.ts";
import { decidesByFiles, inVector, readVectors, targetsOf, VECTORS, type Vector } from "../test/vectors.ts";
import { type CheckOptions, check } from "./check.ts";
import { explanationOf } from "./explanation/explanation.ts";
import type { CheckReport } from "./report.ts";
import { CheckReportSchema } from "./report-schema.ts";
import { junitXml, sarifLog } from "./reports/index.ts";

/**
 * Trust files and kits are read by the program alone, and so is where a policy lies: apps/cli/src/verify/vectors.test.ts runs what
 * has any of them, and each policy again.
 */
const isOfProgram = ({ args, code }: Vector) =>
  args.trust.length > 0 || code === "POLICY_INSIDE_TARGET" || args.targets.some((target) => target.startsWith("kit:"));
const all = await readVectors();
const vectors = all.filter((one) => !isOfProgram(one));
const byName = new Map(all.map((one) => [one.name, one]));
const ran = new Set<string>();
let sockets: MockInstance;
beforeEach(() => {
  sockets = vi.spyOn(Socket.prototype, "connect");
});
afterEach(() => {
  expect(sockets, "no key, entry or root is fetched (A19)").not.toHaveBeenCalled();
});

/** A report, or the code of what the caller gave wrong; of a signature over a file, `verified` or the code. */
type Outcome = CheckReport | string;

async function run(vector: Vector, targets: readonly string[]): Promise<Outcome> {
  return inVector(vector, async (folder) => {
    try {
      if (vector.args.mode === "signature") return await runSignature(vector, targets, folder);
      const state = await stateOf(vector, folder);
      const trust = await trustOf(vector, folder, state?.roots ?? []);
      const policy = await policyOf(vector, folder);
      const {
        npmKeys,
        package: wanted,
        release,
        policy: _file,
        trust: _files,
        acceptVsa: _accept,
        ...args
      } = vector.args;
      const options = {
        ...args,
        ...(npmKeys === null ? {} : { npmKeys: async () => readNpmKeys(await readFile(join(folder, npmKeys))) }),
        ...(wanted === null ? {} : { package: wanted }),
        ...(release === null ? {} : { release }),
        targets,
        trust,
        verifiers: await verifiersOf(vector, folder),
        denials: await denialsOf(vector, folder, policy?.denied ?? []),
        ...(policy === null ? {} : { policy: policy.compiled }),
        entries: await entriesOf(vector, folder),
        ...(state === null ? {} : { seen: state }),
        fetchers: [],
      };
      const report = await withTestHost(folder, (host) => check(options, host));
      expect(CheckReportSchema.safeParse(report).error).toBeUndefined();
      await namesItsRoots(vector, folder, report);
      inOtherWords(report);
      if (vector.args.generate.length === 0) await explains(vector, report, options, folder);
      return report;
    } catch (error) {
      if (isTouchmarkError(error)) return error.code;
      throw error;
    } finally {
      ran.add(vector.name);
    }
  });
}

/** One bundle that signs one file itself: no names, no provenance. */
async function runSignature({ args }: Vector, [target = ""]: readonly string[], folder: string): Promise<Outcome> {
  const read = (file: string | undefined) => readFile(join(folder, file ?? ""));
  const [, sha256] = /^sha256:(.+)$/.exec(target) ?? [];
  const [identity] = args.identities;
  const signer =
    args.key === null
      ? ({ kind: "identity", identity: identity?.identity ?? "", issuer: identity?.issuer ?? "" } as const)
      : trustedKey(await read(args.key), args.key);
  const roots = await openRoots({ bytes: await read(args.trustedRoot ?? ""), label: "roots", asOf: null });
  const artifact =
    sha256 === undefined
      ? ({ kind: "bytes", bytes: await read(target) } as const)
      : ({ kind: "digest", sha256 } as const);
  await verifyOne(await read(args.bundles?.[0]), artifact, signer, roots);
  return "verified";
}

async function stateOf({ args: { state: name } }: Vector, folder: string) {
  if (name === null) return null;
  const bytes = await readFile(join(folder, name));
  const { roots, releases } = parseVerifierState(bytes, name);
  return { name, digest: createHash("sha256").update(bytes).digest("hex"), roots, releases };
}

async function trustOf({ args }: Vector, folder: string, seen: readonly SeenInstance[]): Promise<readonly Trust[]> {
  const trust: Trust[] = args.key === null ? [] : [trustedKey(await readFile(join(folder, args.key)), args.key)];
  if (args.cloudBuild !== null) trust.push(await cloudBuildOf(args.cloudBuild, folder));
  if (args.trustedRoot === null) return trust;
  const label = args.trustedRoot;
  const notBefore = args.rootsNotBefore === null ? null : new Date(args.rootsNotBefore);
  const bytes = await readFile(join(folder, label));
  const roots = await openRoots({ bytes, label, asOf: null }, { notBefore, seen });
  for (const { pattern: identityPattern, ...identity } of args.identities) {
    trust.push(trustedIdentity({ ...identity, identityPattern, withoutLog: args.withoutLog, roots }));
  }
  return trust;
}

async function cloudBuildOf(
  { keys: label, source }: { readonly keys: string; readonly source: string | null },
  folder: string,
) {
  const names = await readdir(join(folder, label));
  const read = async (name: string) => readCloudBuildKey(await readFile(join(folder, label, name)), name);
  const keys = await Promise.all(names.map(async (name) => [name.replace(/\.key$/, ""), await read(name)] as const));
  return trustedCloudBuild({ keys: new Map(keys), label, date: null, source });
}

async function entriesOf({ args }: Vector, folder: string): Promise<LoggedBundles> {
  const files = args.rekorEntries.map(async (called) => ({ bytes: await readFile(join(folder, called)), called }));
  return openRekorEntries(await Promise.all(files));
}

async function verifiersOf({ args }: Vector, folder: string): Promise<readonly SummaryTrust[]> {
  const verifiers = args.verifiers.map(async ({ key, verifier: verifierId, resource: resourceUri, ...said }) => {
    const signer = trustedKey(await readFile(join(folder, key)), key);
    const rights = said.rights === null ? null : { entry: verifierId, ...said.rights };
    const { period } = said;
    return trustedVerifier({
      ...{ signer, verifierId, resourceUri, levels: said.levels, rights },
      period:
        period === null ? null : { notBefore: Date.parse(period.notBefore), notAfter: Date.parse(period.notAfter) },
    });
  });
  return Promise.all(verifiers);
}

async function policyOf({ args: { policy: label, now } }: Vector, folder: string) {
  if (label === null) return null;
  const bytes = await readFile(join(folder, label));
  const source = { label, digest: createHash("sha256").update(bytes).digest("hex") };
  const document = policyDocument(JSON.parse(bytes.toString()), source);
  const compiled = await compilePolicy(document, { now: now === null ? Date.now() : Date.parse(now) });
  return { compiled, denied: document.deny === null ? [] : [denyList({ version: 1, deny: document.deny }, source)] };
}

async function denialsOf({ args }: Vector, folder: string, own: readonly DenyList[]): Promise<Denials> {
  const lists = args.deny.map(async (label) => {
    const bytes = await readFile(join(folder, label));
    const digest = createHash("sha256").update(bytes).digest("hex");
    return denyList(JSON.parse(bytes.toString()), { label, digest });
  });
  return denials([...own, ...(await Promise.all(lists))]);
}

/** A22: whoever changes a file of roots changes what the verdict says. */
async function namesItsRoots({ args }: Vector, folder: string, { inputs }: CheckReport): Promise<void> {
  if (args.trustedRoot === null) return;
  const digest = createHash("sha256").update(await readFile(join(folder, args.trustedRoot)));
  expect(inputs.roots).toMatchObject({ digest: `sha256:${digest.digest("hex")}` });
}

/** The other forms of a report say the same: something is wrong in each exactly where the release does not hold. */
function inOtherWords(report: CheckReport): void {
  const log = sarifLog(report, { version: "0.0.0", textOf: () => null });
  expect(sarifFaults(log)).toBeNull();
  const holds = report.result === "verified";
  expect(log.runs[0].results.every(({ level }) => level === "note")).toBe(holds);
  expect(readXml(junitXml(report)).every(({ name }) => !["failure", "error"].includes(name))).toBe(holds);
}

/** Where the checks of a code are made; of the others, what follows from where they are found. */
const CHECKS_OF: Readonly<Record<string, readonly Check[]>> = {
  BUILD_TYPE_MISMATCH: ["policy"],
  BUILDER_MISMATCH: ["builder", "policy"],
  BUILDER_REF_UNKNOWN: ["identity"],
  BUNDLE_MALFORMED: ["form"],
  CERTIFICATE_INVALID: ["form", "roots", "signature"],
  CERTIFICATE_MISMATCH: ["identity", "policy"],
  CONDITION_FAILED: ["policy"],
  DENIED: ["denials", "policy"],
  EVIDENCE_MISMATCH: ["agreement", "record"],
  IDENTITY_MISMATCH: ["identity"],
  LOG_ENTRY_INVALID: ["form", "roots", "log", "signature", "witnesses", "publisher"],
  LOG_ENTRY_MISSING: ["log"],
  NOT_PROVENANCE: ["predicate"],
  PACKAGE_MISMATCH: ["policy"],
  PARAMETER_UNEXPECTED: ["policy"],
  POLICY_UNMATCHED: ["policy"],
  PREDICATE_MISMATCH: ["agreement"],
  PUBLISH_MISMATCH: ["publisher"],
  PUBLISH_MISSING: ["publisher"],
  RELEASE_MISMATCH: ["policy"],
  ROLLBACK: ["policy"],
  ROOTS_ROLLBACK: ["roots"],
  ROOTS_STALE: ["roots"],
  SIGNATURE_INVALID: ["log", "signature", "publisher"],
  SIGNER_UNTRUSTED: ["signature", "publisher"],
  SOURCE_MISMATCH: ["identity", "agreement", "policy"],
  STATEMENT_MALFORMED: ["statement", "publisher", "summary"],
  SUBJECT_MISMATCH: ["digest", "name"],
  TAG_MISMATCH: ["policy"],
  TIMESTAMP_INVALID: ["form", "roots", "time", "signature", "witnesses", "publisher"],
  TOO_OLD: ["policy"],
  VSA_FAILED: ["summary"],
  VSA_LEVEL_TOO_LOW: ["summary"],
  VSA_MISMATCH: ["summary"],
};

/**
 * Whoever has an artifact explained gets the same verdict, and the walk through the checks ends where the verdict says: an
 * artifact is verified exactly when some evidence passes every check, and else what refuses it is the last that was reached.
 */
async function explains(vector: Vector, report: CheckReport, options: CheckOptions, folder: string): Promise<void> {
  const book = new TraceBook(null);
  expect(await withTestHost(folder, (host) => check({ ...options, trace: book }, host))).toEqual(report);
  const believed = { trust: options.trust, verifiers: options.verifiers ?? [] };
  for (const artifact of report.artifacts) {
    if (report.artifacts.filter(({ name }) => name === artifact.name).length > 1) continue;
    const explanation = explanationOf(report, book, artifact.name, believed);
    expect(CheckReportSchema.safeParse({ ...report, explanation }).error).toBeUndefined();
    expect(explanation.status).toBe(artifact.status);
    const refusals = explanation.evidence.map(({ covers, attempts }) => {
      const checks = attempts.at(-1)?.checks ?? [];
      const refused = checks.filter(({ outcome }) => outcome === "refused");
      expect(refused.length === 0, `${vector.name} ${artifact.name}`).toBe(covers);
      const stop = checks.findIndex(({ outcome }) => outcome === "refused");
      const after = checks.slice(stop + 1).filter(({ outcome }) => outcome === "passed");
      if (stop !== -1) expect(after, vector.name).toEqual([]);
      return refused[0];
    });
    expect(explanation.evidence.some(({ covers }) => covers)).toBe(artifact.status === "verified");
    const [code = ""] = artifact.findings.map((one) => one.code);
    const expected = CHECKS_OF[code];
    // An artifact is denied by its digest also where there is no evidence.
    if (artifact.status === "verified" || expected === undefined || refusals.length === 0) continue;
    expect(
      refusals.map((step) => step?.check).filter((one) => one !== undefined && expected.includes(one)),
      `${vector.name}: ${code} in ${JSON.stringify(refusals)}`,
    ).not.toEqual([]);
  }
}

function codesOf({ findings, artifacts }: CheckReport): readonly string[] {
  return [...findings, ...artifacts.flatMap((one) => one.findings)].map(({ code }) => code);
}

describe("vectors that must verify", () => {
  it.each(vectors.filter(({ code }) => code === null).map((one) => [one.name, one] as const))(
    "%s",
    async (_, vector) => {
      for (const targets of targetsOf(vector)) {
        const report = await run(vector, targets);
        if (vector.args.mode === "signature") {
          expect(report).toBe("verified");
          continue;
        }
        if (typeof report === "string") throw new Error(`${targets}: ${report}`);
        const judged = report.artifacts.filter(({ status }) => status !== "exception");
        expect({ result: report.result, artifacts: judged.flatMap(({ findings }) => findings) }).toEqual({
          result: "verified",
          artifacts: [],
        });
      }
    },
  );
});

/** Roots that cannot tell: neither verified nor forged. */
const ABOUT_AGE = ["ROOTS_STALE", "ROOTS_ROLLBACK"];

describe("vectors that must be refused", () => {
  it.each(vectors.filter(({ code }) => code !== null).map((one) => [one.name, one] as const))(
    "%s",
    async (name, vector) => {
      for (const targets of targetsOf(vector)) {
        const report = await run(vector, targets);
        if (typeof report === "string") {
          expect(report).toBe(vector.code);
          continue;
        }
        const found = codesOf(report);
        expect(found).toContain(vector.code);
        expect(report.result).toBe(ABOUT_AGE.includes(vector.code ?? "") ? "unknown" : "failed");
        // One check only: what else is said follows from it. A malformed bundle covers nothing, a script is no bundle, and
        // what nobody trusted signed lists no release, and is none of the statements that a policy requires.
        const follows = [
          "NOT_COVERED",
          ...(name.startsWith("release-list-") ? ["RELEASE_MISSING"] : []),
          ...(name.startsWith("policy-require-") ? ["SIGNER_UNTRUSTED", "VSA_FAILED"] : []),
        ];
        const others = new Set(found.filter((one) => one !== vector.code && !follows.includes(one)));
        expect([...others]).toEqual(name.startsWith("folder-script-") ? ["BUNDLE_MALFORMED"] : []);
      }
    },
  );
});

describe("the vectors", () => {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  it("were all run", () => {
    expect([...ran].sort()).toEqual(vectors.map(({ name }) => name));
    expect(vectors.length).toBeGreaterThan(300);
  });

  it("that must be refused each have a twin that verifies", () => {
    for (const { name, code, twin } of all) {
      if (code !== null) expect(byName.get(twin ?? "no twin"), `${name} names ${twin}`).toMatchObject({ code: null });
    }
  });

  /** The purpose of a timestamp authority stands in the roots, and its certificate's digest in what it signs. */
  const TWO_FILES = ["timestamp-authority-for-more_fail", "timestamp-authority-not-critical_fail"];
  /** It differs in where the policy lies. */
  const MOVED = ["policy-inside-target_fail"];

  it("that trust an identity, or decide by files, differ from their twins in one file", {
    timeout: 60_000,
  }, async () => {
    for (const vector of all) {
      const { name, args, twin } = vector;
      const right = byName.get(twin ?? "");
      if (right === undefined || [...TWO_FILES, ...MOVED].includes(name)) continue;
      if (args.identities.length === 0 && !decidesByFiles(vector)) continue;
      const [one, other] = [await given(vector), await given(right)];
      const different = Object.keys({ ...one, ...other }).filter((file) => one[file] !== other[file]);
      expect(different, `${name} and ${twin}`).toHaveLength(1);
    }
  });

  it("are what scripts/make-vectors.mjs makes", { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "touchmark-vectors-"));
    folders.push(folder);
    const script = fileURLToPath(new URL("../../../scripts/make-vectors.mjs", import.meta.url));
    await promisify(execFile)(process.execPath, [script, folder]);
    for (const family of ["cases", "services"]) {
      expect(await contents(join(folder, family))).toEqual(await contents(join(VECTORS, "..", family)));
    }
  });
});

/**
 * Everything that a vector gives, by its digest; without the second run, by digest, for which some have no name, and with
 * the large files as they are meant.
 */
async function given(vector: Vector): Promise<Record<string, string>> {
  const { digests: _digests, generate: _rules, ...args } = vector.args;
  return inVector(vector, async (folder) => {
    const all = await contents(folder, (bytes) => createHash("sha256").update(bytes).digest("hex"));
    const { "README.md": _words, error: _code, "args.json": _args, ...files } = all;
    return { ...files, args: JSON.stringify(args) };
  });
}

async function contents(
  folder: string,
  shown = (bytes: Buffer) => bytes.toString("base64"),
): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    if ((await stat(join(folder, path))).isFile()) all[path] = shown(await readFile(join(folder, path)));
  }
  return all;
}
