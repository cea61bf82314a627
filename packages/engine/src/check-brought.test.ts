import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finding } from "@touchmark/core";
import { withTestHost } from "@touchmark/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tarballOf } from "../../package-identity/test/tarball-of.ts";
import { sha256, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import type { BroughtTarget } from "./brought-target.ts";
import { type CheckOptions, check } from "./check.ts";
import { describeEvidence } from "./describe-evidence.ts";

const key = testKey("ed25519", "touchmark.pub");
const TARGET = "gh:octo/tool@v1.0.0";
const bundle = signedBytes(key, statementBytes({ subject: [{ name: "tool", digest: { sha256: sha256("bytes") } }] }));

let base = "";
let folder = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-brought-"));
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, "w-"));
  for (const name of ["brought", "work", "evidence"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "brought/tool"), "bytes");
});
afterAll(() => rm(base, { recursive: true }));

const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);

async function checked(options: Partial<CheckOptions> = {}, target: Partial<BroughtTarget> = {}) {
  const brought = new Map([
    [TARGET, { folder: join(folder, "brought"), package: null, release: null, gaps: [], ...target }],
  ]);
  const strict = { bundles: null, complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets: [TARGET], brought, trust: [key.trust], ...strict, ...options };
  return withTestHost(join(folder, "work"), (host) => check(all, host), { roots: [folder] });
}

describe("a target that was brought", () => {
  it("is judged as a folder, under its own name", async () => {
    await put("brought/tool.intoto.jsonl", bundle);
    await put("brought/extra", "nobody states this");
    const { artifacts } = await checked();
    expect(artifacts.map(({ target, name, status }) => [target, name, status])).toEqual([
      [TARGET, "extra", "not-covered"],
      [TARGET, "tool", "verified"],
      [TARGET, "tool.intoto.jsonl", "evidence"],
    ]);
  });

  it("is nowhere called by where it lies", async () => {
    await put("brought/tool.intoto.jsonl", "no evidence");
    await put("work/tool.intoto.jsonl", "none either");
    const report = await checked({ targets: [TARGET, "."] });
    expect(report.findings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`${TARGET}/tool.intoto.jsonl`),
    );
    expect(JSON.stringify(report)).not.toContain(folder);
  });

  it("does not hold without evidence that its host could not be asked for, and is not forged either", async () => {
    const gaps = [finding("SERVICE_UNAVAILABLE", "GitHub could not do it now")];
    const { result, artifacts } = await checked({}, { gaps });
    expect(result).toBe("unknown");
    expect(artifacts[0]?.findings.map(({ code }) => code)).toEqual(["NOT_COVERED", "SERVICE_UNAVAILABLE"]);
    await put("brought/tool.intoto.jsonl", bundle);
    expect((await checked({}, { gaps })).result).toBe("verified");
    await put("brought/tool", "other bytes");
    expect((await checked({}, { gaps })).result).toBe("failed");
  });

  it("of a registry is the package that was asked for, beside what all must be", async () => {
    const purl = "pkg:pypi/octo-pad@1.0.0";
    const sdist = await tarballOf([["octo_pad-1.0.0/PKG-INFO", "Name: octo-pad\nVersion: 1.0.0\n"]]);
    await rm(join(folder, "brought/tool"));
    await put("brought/octo_pad-1.0.0.tar.gz", sdist);
    const subject = [
      { name: "octo_pad-1.0.0.tar.gz", digest: { sha256: createHash("sha256").update(sdist).digest("hex") } },
    ];
    await put("brought/x.intoto.jsonl", signedBytes(key, statementBytes({ subject })));
    expect((await checked({}, { package: purl })).result).toBe("verified");
    for (const [expected, all] of [
      ["pkg:pypi/octo-pad@1.0.1", {}],
      [purl, { package: "pkg:pypi/octo-wide@1.0.0" }],
    ] as const) {
      const { artifacts } = await checked(all, { package: expected });
      expect(artifacts.flatMap(({ findings }) => findings)).toMatchObject([{ code: "PACKAGE_MISMATCH" }]);
    }
  });
});

describe("further evidence", () => {
  const evidence = () => [{ path: join(folder, "evidence"), name: "kept" }];

  it("is a file, or everything in a folder that parses", async () => {
    await put("evidence/README.md", "no evidence");
    await put("evidence/answer.json", bundle);
    const report = await checked({ evidence: evidence() });
    expect(report).toMatchObject({ result: "verified", findings: [] });
    expect(report.artifacts[0]?.statements[0]?.bundle).toBe("kept/answer.json");
    const one = [{ path: join(folder, "evidence/answer.json"), name: "the answer" }];
    expect((await checked({ evidence: one })).artifacts[0]?.statements[0]?.bundle).toBe("the answer");
  });

  it("is used beside evidence that is named", async () => {
    await put("evidence/x.intoto.jsonl", bundle);
    await put(
      "other.json",
      signedBytes(key, statementBytes({ subject: [{ name: "x", digest: { sha256: sha256("x") } }] })),
    );
    const bundles = [join(folder, "other.json")];
    expect((await checked({ bundles })).result).toBe("failed");
    expect((await checked({ bundles, evidence: evidence() })).result).toBe("verified");
  });

  it("that says that it is evidence, and is none, is said to be none", async () => {
    await put("evidence/x.intoto.jsonl", "{");
    await put("evidence/y.json", "{");
    expect((await checked({ evidence: evidence() })).findings.map(({ code }) => code)).toEqual(["BUNDLE_MALFORMED"]);
  });

  it("does not hide a file among the targets whose name does not say so", async () => {
    await put("brought/tool.json", bundle);
    await put("brought/tool.intoto.jsonl", bundle);
    const named = [{ path: join(folder, "brought"), name: "kept" }];
    const { artifacts } = await checked({ evidence: named });
    expect(artifacts.map(({ name, status }) => [name, status])).toEqual([
      ["tool", "verified"],
      ["tool.intoto.jsonl", "evidence"],
      ["tool.json", "not-covered"],
    ]);
  });

  it("that is not there is a missing target", async () => {
    const none = [{ path: join(folder, "none"), name: "none" }];
    await expect(checked({ evidence: none })).rejects.toMatchObject({ code: "TARGET_MISSING" });
  });

  it("is described too", async () => {
    await put("evidence/answer.json", bundle);
    const brought = new Map([[TARGET, { folder: join(folder, "brought"), package: null, release: null, gaps: [] }]]);
    const found = await withTestHost(
      join(folder, "work"),
      (host) =>
        describeEvidence({ targets: [TARGET], brought, bundles: null, evidence: evidence(), fetchers: [] }, host),
      { roots: [folder] },
    );
    expect(found.map(({ name }) => name)).toEqual(["kept/answer.json"]);
  });
});
