import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withTestHost } from "@touchmark/testkit";
import { trustedKey } from "@touchmark/verify";
import { afterAll, describe, expect, it } from "vitest";
import { check } from "./check.ts";
import { type CheckReport, CheckReportSchema } from "./report.ts";

const root = fileURLToPath(new URL("../../vectors/cases/", import.meta.url));
const names = (await readdir(root)).sort();
const ran: string[] = [];

interface Args {
  readonly targets: readonly string[];
  readonly bundles: readonly string[] | null;
  readonly key: string;
  readonly complete: boolean;
  readonly anyName: boolean;
  readonly recursive: boolean;
  readonly ignore: readonly string[];
}

async function run(name: string): Promise<CheckReport> {
  const folder = join(root, name);
  const args = JSON.parse(await readFile(join(folder, "args.json"), "utf8")) as Args;
  const trust = [trustedKey(await readFile(join(folder, args.key)), args.key)];
  const report = await withTestHost(folder, (host) => check({ ...args, trust, fetchers: [] }, host));
  ran.push(name);
  return report;
}

describe("vectors that must verify", () => {
  it.each(names.filter((name) => !name.endsWith("_fail")))("%s", async (name) => {
    const report = await run(name);
    expect({ result: report.result, artifacts: report.artifacts.flatMap(({ findings }) => findings) }).toEqual({
      result: "verified",
      artifacts: [],
    });
    expect(CheckReportSchema.safeParse(report).error).toBeUndefined();
  });
});

describe("vectors that must be refused", () => {
  it.each(names.filter((name) => name.endsWith("_fail")))("%s", async (name) => {
    const report = await run(name);
    const code = (await readFile(join(root, name, "error"), "utf8")).trim();
    const found = [...report.findings, ...report.artifacts.flatMap(({ findings }) => findings)].map((one) => one.code);
    expect(report.result).toBe("failed");
    expect(found).toContain(code);
    // One check only: what else is said follows from it. A malformed bundle covers nothing, and a script is no bundle.
    const others = new Set(found.filter((one) => one !== code && one !== "NOT_COVERED"));
    expect([...others]).toEqual(name.startsWith("folder-script-") ? ["BUNDLE_MALFORMED"] : []);
    expect(CheckReportSchema.safeParse(report).error).toBeUndefined();
  });

  it("each name a twin that verifies", async () => {
    for (const name of names.filter((one) => one.endsWith("_fail"))) {
      const text = await readFile(join(root, name, "README.md"), "utf8");
      const twin = /Its twin `([^`]+)` verifies/.exec(text)?.[1] ?? "no twin";
      expect(names, `${name} names ${twin}`).toContain(twin);
    }
  });
});

describe("the vectors", () => {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  it("were all run", () => {
    expect(ran.sort()).toEqual(names);
    expect(names.length).toBeGreaterThan(50);
  });

  it("are what scripts/make-vectors.mjs makes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "touchmark-vectors-"));
    folders.push(folder);
    const script = fileURLToPath(new URL("../../../scripts/make-vectors.mjs", import.meta.url));
    await promisify(execFile)(process.execPath, [script, folder]);
    expect(await contents(folder)).toEqual(await contents(root));
  });
});

async function contents(folder: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    if ((await stat(join(folder, path))).isFile()) all[path] = await readFile(join(folder, path), "base64");
  }
  return all;
}
