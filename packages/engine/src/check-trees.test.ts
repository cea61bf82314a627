import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sha256, sha512, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { type CheckOptions, check } from "./check.ts";
import { CheckReportSchema } from "./report-schema.ts";

const key = testKey("ed25519", "touchmark.pub");
const NAME = "0c0m1p3q4r5s6v7w8x9y0z1a2b3c4d5f-demo-1.0.0";

let base = "";
let folder = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-trees-"));
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, "w-"));
  await mkdir(join(folder, "store", NAME, "bin"), { recursive: true });
  await writeFile(join(folder, "store", NAME, "bin/demo"), "#!/bin/sh\n");
  await chmod(join(folder, "store", NAME, "bin/demo"), 0o755);
  await writeFile(join(folder, "store", `${NAME}.txt`), "a file");
  await symlink(join(folder, "store", NAME), join(folder, "result"));
});
afterAll(() => rm(base, { recursive: true }));

async function checked(
  targets: readonly string[],
  options: Partial<CheckOptions> = {},
  seenThrough: (host: Host) => Host = (host) => host,
) {
  const strict = { bundles: null, complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets, trust: [key.trust], ...strict, ...options };
  const report = await withTestHost(folder, (host) => check(all, seenThrough(host)));
  expect(CheckReportSchema.parse(report)).toEqual(report);
  return report;
}

const narSha256Of = (path: string) =>
  withTestHost(folder, async (host) => (await host.digestTree(path, { files: false })).narSha256);
const state = (...subjects: readonly object[]) =>
  writeFile(join(folder, "release.intoto.jsonl"), signedBytes(key, statementBytes({ subject: subjects })));

describe("a tree", () => {
  it.each(["nix:result", "nix:result/", "nix:./result", `nix:store/${NAME}`])(
    "%s is judged as a whole, under the name that it has in the store",
    async (target) => {
      const narSha256 = await narSha256Of(`store/${NAME}`);
      await state({ name: NAME, digest: { narSha256 } });
      expect(
        await checked([target], { bundles: ["release.intoto.jsonl"], complete: true, ignore: ["*"] }),
      ).toMatchObject({
        result: "verified",
        artifacts: [{ name: NAME, target, digest: `narSha256:${narSha256}`, platform: null, status: "verified" }],
      });
    },
  );

  it("has its evidence beside the link, as the user wrote it", async () => {
    await state({ name: NAME, digest: { narSha256: await narSha256Of(`store/${NAME}`) } });
    expect(await checked(["nix:result"])).toMatchObject({ result: "verified" });
    expect(await checked([`nix:store/${NAME}`])).toMatchObject({ result: "failed" });
  });

  it.each([
    ["a byte", () => writeFile(join(folder, "store", NAME, "bin/demo"), "#!/bin/sh\r")],
    ["the executable bit", () => chmod(join(folder, "store", NAME, "bin/demo"), 0o644)],
    ["a name", () => rename(join(folder, "store", NAME, "bin/demo"), join(folder, "store", NAME, "bin/dem0"))],
    ["a file more", () => writeFile(join(folder, "store", NAME, ".hidden"), "")],
    ["a link more", () => symlink("bin", join(folder, "store", NAME, "sbin"))],
  ])("is tampered with where %s is changed", async (_what, change) => {
    const narSha256 = await narSha256Of(`store/${NAME}`);
    await state({ name: NAME, digest: { narSha256 } });
    await change();
    expect(await checked(["nix:result"])).toMatchObject({
      result: "failed",
      artifacts: [{ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH", expected: `narSha256:${narSha256}` }] }],
    });
  });

  it("is not a folder of files, nor the other way round", async () => {
    await state({ name: NAME, digest: { narSha256: await narSha256Of(`store/${NAME}`) } });
    expect(await checked(["store"])).toMatchObject({ result: "failed", counts: { verified: 0, notCovered: 2 } });
    await state({ name: "bin/demo", digest: { sha256: sha256("#!/bin/sh\n") } });
    expect(await checked(["nix:result"])).toMatchObject({ artifacts: [{ status: "not-covered" }] });
  });

  it("may be a single file", async () => {
    const file = `store/${NAME}.txt`;
    const digest = { sha256: sha256("a file"), sha512: sha512("a file"), narSha256: await narSha256Of(file) };
    await state({ name: `${NAME}.txt`, digest });
    const bundles = ["release.intoto.jsonl"];
    expect(await checked([`nix:${file}`], { bundles })).toMatchObject({
      result: "verified",
      artifacts: [{ name: `${NAME}.txt`, digest: `sha256:${sha256("a file")}` }],
    });
    await state({ name: `${NAME}.txt`, digest: { ...digest, sha512: sha512("another") } });
    expect(await checked([`nix:${file}`], { bundles })).toMatchObject({ artifacts: [{ status: "tampered" }] });
  });

  it("cannot hold a FIFO", async () => {
    execFileSync("mkfifo", [join(folder, "store", NAME, "fifo")]);
    expect(await checked(["nix:result"])).toMatchObject({
      artifacts: [{ name: NAME, digest: null, status: "not-covered", findings: [{ code: "FILE_REFUSED" }] }],
    });
  });

  it("must be there", async () => {
    await expect(checked(["nix:gone"])).rejects.toMatchObject({ code: "TARGET_MISSING" });
  });

  it("may be given as its digest alone", async () => {
    const narSha256 = await narSha256Of(`store/${NAME}`);
    await state({ name: NAME, digest: { narSha256 } });
    const bundles = ["release.intoto.jsonl"];
    expect(await checked([`narSha256:${narSha256}`], { bundles, complete: true })).toMatchObject({
      result: "verified",
      artifacts: [{ digest: `narSha256:${narSha256}` }],
    });
    expect(await checked([`sha256:${narSha256}`], { bundles })).toMatchObject({ result: "failed" });
  });
});

describe("a path into the Nix store", () => {
  const STORE_PATH = `/nix/store/${NAME}`;
  /** The folder of the test in the place of the store. */
  const mapped =
    (leads: string) =>
    (host: Host): Host => ({
      ...host,
      realPath: async (path) => (path === "result" ? leads : host.realPath(path)),
      digestTree: (path, options) =>
        host.digestTree(path.startsWith(STORE_PATH) ? `store/${path.slice("/nix/store/".length)}` : path, options),
    });

  it("is a tree without saying so", async () => {
    await state({ name: NAME, digest: { narSha256: await narSha256Of(`store/${NAME}`) } });
    expect(await checked(["result"], {}, mapped(STORE_PATH))).toMatchObject({
      result: "verified",
      artifacts: [{ name: NAME, target: "result" }],
    });
  });

  it.each([
    `${STORE_PATH}/bin/demo`,
    "/nix/store",
    "/nix/store/.links",
    "/opt/nix/store",
    `/nix/store/${NAME.slice(1)}`,
  ])("%s is none", async (leads) => {
    const report = await checked(["result"], {}, mapped(leads));
    expect(report.artifacts.map(({ name }) => name)).toEqual(["bin/demo"]);
  });
});
