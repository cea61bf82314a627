import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type CheckReport, check } from "@touchmark/engine";
import { withTestHost } from "@touchmark/testkit";
import { trustedKey } from "@touchmark/verify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { verifyCommand } from "../commands/verify.ts";
import { type HandOverFlags, handOver } from "./hand-over.ts";

const vectors = fileURLToPath(new URL("../../../../packages/vectors/cases/", import.meta.url));
let cwd: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-hand-over-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A copy of a vector's folder, in the working directory. */
const take = (vector: string) => cp(path.join(vectors, vector), cwd, { recursive: true });

const call = (positional: readonly string[], options: object = {}) =>
  callCommand(verifyCommand, positional, { key: ["key.pub"], ...options }, { cwd });

async function below(folder: string): Promise<readonly string[]> {
  const entries = await readdir(at(folder), { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) =>
    entry.isDirectory() ? [] : [path.relative(at(folder), path.join(entry.parentPath, entry.name))],
  );
}

/** Nothing of a staging remains. */
const leftovers = async () => (await readdir(cwd)).filter((name) => name.startsWith(".touchmark-"));

describe("--into", () => {
  it("makes a folder of what was verified, without the evidence", async () => {
    await take("complete");
    await chmod(at("release/tool-amd64"), 0o755);
    const { status, text, noted } = await call(["release"], { into: "out" });
    expect({ status, text }).toMatchObject({ status: 0, text: expect.stringContaining("VERIFIED") });
    expect(noted).toContain("2 artifacts handed over in out");
    expect([...(await below("out"))].sort()).toEqual(["tool-amd64", "tool-arm64"]);
    expect(await readFile(at("out/tool-amd64"))).toEqual(await readFile(at("release/tool-amd64")));
    expect((await stat(at("out/tool-amd64"))).mode & 0o111).not.toBe(0);
    expect((await stat(at("out/tool-arm64"))).mode & 0o111).toBe(0);
    expect(await leftovers()).toEqual([]);
  });

  it("hands over nothing where something does not hold", async () => {
    await take("complete");
    await writeFile(at("release/tool-amd64"), "changed");
    const { status } = await call(["release"], { into: "out" });
    expect(status).toBe(1);
    await expect(stat(at("out"))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await leftovers()).toEqual([]);
  });

  it("takes no folder that is there, and makes none above it", async () => {
    await take("complete");
    await mkdir(at("empty"));
    await symlink("nowhere", at("link"));
    for (const into of ["empty", "link", "release/tool-amd64"]) {
      await expect(call(["release"], { into }), into).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    }
    for (const into of ["", "none/out", "key.pub/out"]) {
      await expect(call(["release"], { into }), into).rejects.toMatchObject({ code: "USAGE" });
    }
  });

  it.each([[`sha256:${"0".repeat(64)}`], [`oci://ghcr.io/o/a@sha256:${"0".repeat(64)}`]])(
    "refuses %s, of which no byte is here",
    async (target) => {
      await take("complete");
      await expect(call(["release", target], { into: "out" })).rejects.toMatchObject({ code: "USAGE" });
    },
  );

  it("copies a tree as it is", async () => {
    await take("tree");
    const { status } = await call(["nix:demo"], { into: "out", bundle: ["bundle.sigstore.json"] });
    expect(status).toBe(0);
    expect([...(await below("out"))].sort()).toEqual([...(await below("demo"))].map((one) => `demo/${one}`).sort());
  });

  it("copies of a layout what the image reaches, into a layout that verifies", async () => {
    await take("image");
    await writeFile(at("image/blobs/sha256/unsigned"), "smuggled");
    expect((await call(["oci-layout:image"], { into: "out" })).status).toBe(0);
    const files = await below("out");
    expect(files).toHaveLength((await below("image")).length - 1);
    expect(files.some((name) => name.includes("unsigned"))).toBe(false);
    const { status, text } = await call(["oci-layout:out/image"], { bundle: ["bundle.sigstore.json"] });
    expect({ status, text }).toMatchObject({ status: 0 });
  });
});

describe("-- COMMAND", () => {
  const node = (script: string, ...args: readonly string[]) => ({ command: [process.execPath, "-e", script, ...args] });

  it("runs with copies that it cannot change, and gives its exit status", async () => {
    await take("complete");
    const script = `
      const fs = require("node:fs");
      const dir = process.env.TOUCHMARK_VERIFIED_DIR;
      const [, given] = process.argv;
      const same = given === dir + "/tool-amd64" && fs.readdirSync(dir).length === 2;
      const writable = fs.statSync(given).mode & 0o222;
      fs.writeFileSync("seen", JSON.stringify({ same, writable, dir, text: fs.readFileSync(given, "utf8") }));
      process.exitCode = 7;`;
    const { status, text, noted } = await call(["release"], node(script, "{}/tool-amd64"));
    expect(status).toBe(7);
    expect(text).toBe("");
    expect(noted).toContain("VERIFIED");
    const seen = JSON.parse(await readFile(at("seen"), "utf8"));
    expect(seen).toMatchObject({ same: true, writable: 0, text: await readFile(at("release/tool-amd64"), "utf8") });
    await expect(stat(seen.dir)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("does not run where something does not hold, and says so", async () => {
    await take("complete");
    await writeFile(at("release/tool-amd64"), "changed");
    const { status, text, noted } = await call(["release"], node('require("node:fs").writeFileSync("ran", "")'));
    expect({ status, text }).toEqual({ status: 1, text: "" });
    expect(noted).toContain("FAILED");
    await expect(stat(at("ran"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("answers as a shell does for what cannot run, and for a signal", async () => {
    await take("complete");
    expect((await call(["release"], { command: ["touchmark-no-such-program"] })).status).toBe(127);
    expect((await call(["release"], { command: ["{}/tool-amd64"] })).status).toBe(126);
    expect((await call(["release"], node('process.kill(process.pid, "SIGKILL")'))).status).toBe(137);
  });

  it.each([
    [{ command: [] }],
    [{ command: [""] }],
    [{ command: ["true"], into: "out" }],
    [{ command: ["true"], json: true }],
  ])("refuses %j", async (flags) => {
    await take("complete");
    await expect(call(["release"], flags)).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("a target that changes after the verdict (A44)", () => {
  /** Verifies, lets somebody change the target, and then hands over. */
  async function changedBetween(target: string, options: object, change: () => Promise<unknown>): Promise<unknown> {
    const trust = [trustedKey(await readFile(at("key.pub")), "key.pub")];
    const strict = { complete: false, anyName: false, recursive: false, fetchers: [], ignore: [], bundles: null };
    const context = { terminal: recordingTerminal(), env: {}, cwd, signal: new AbortController().signal };
    const flags: HandOverFlags = { into: "out" };
    const handing = handOver(context, [target], flags);
    try {
      return await withTestHost(cwd, async (host) => {
        const report: CheckReport = await check({ targets: [target], trust, ...strict, ...options }, host);
        expect(report.result).toBe("verified");
        await change();
        await handing.copy(report, new Map(), host);
        handing.place();
      });
    } finally {
      await handing.close();
      expect(await leftovers()).toEqual([]);
    }
  }

  const release = "release/tool-amd64";
  it.each([
    ["has other bytes", () => writeFile(at(release), "evil")],
    ["is gone", () => rm(at(release))],
    [
      "is a link to other bytes",
      async () => {
        await writeFile(at("evil"), "evil");
        await rm(at(release));
        await symlink(at("evil"), at(release));
      },
    ],
    [
      "is a folder",
      async () => {
        await rm(at(release));
        await mkdir(at(release));
      },
    ],
    [
      "lies in a folder that is a link now",
      async () => {
        await rename(at("release"), at("was"));
        await mkdir(at("evil"));
        await writeFile(at("evil/tool-amd64"), "evil");
        await symlink(at("evil"), at("release"));
      },
    ],
  ])("%s", async (_what, change) => {
    await take("complete");
    await expect(changedBetween("release", {}, change)).rejects.toMatchObject({ code: "FILE_CHANGED" });
    await expect(stat(at("out"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is handed over where it is the same again", async () => {
    await take("complete");
    await changedBetween("release", {}, async () => {
      await cp(at("release"), at("again"), { recursive: true });
      await rm(at("release"), { recursive: true });
      await rename(at("again"), at("release"));
    });
    expect(await below("out")).toHaveLength(2);
  });

  it.each([
    ["a changed file", () => writeFile(at("demo/bin/tool"), "evil")],
    ["a further file", () => writeFile(at("demo/bin/more"), "evil")],
    ["a missing file", () => rm(at("demo/bin/tool"))],
    ["another mode", async () => chmod(at("demo/bin/tool"), (await stat(at("demo/bin/tool"))).mode ^ 0o100)],
  ])("is a tree with %s", async (_what, change) => {
    await take("tree");
    const bundles = { bundles: ["bundle.sigstore.json"] };
    await expect(changedBetween("nix:demo", bundles, change)).rejects.toMatchObject({ code: "FILE_CHANGED" });
  });

  it("is a layout whose index calls an image a blob", async () => {
    await take("image");
    const index = await readFile(at("image/index.json"), "utf8");
    const change = () =>
      writeFile(at("image/index.json"), index.replace("vnd.oci.image.index.v1+json", "octet-stream"));
    const changed = changedBetween("oci-layout:image", {}, change);
    await expect(changed).rejects.toMatchObject({ code: "FILE_CHANGED" });
  });

  it("is a layout with another blob, or one less", async () => {
    const blobs = await readdir(path.join(vectors, "image/image/blobs/sha256"));
    for (const blob of blobs) {
      for (const change of [(file: string) => writeFile(file, "evil"), (file: string) => rm(file)]) {
        await rm(cwd, { recursive: true });
        await take("image");
        const file = at("image/blobs/sha256", blob);
        const changed = changedBetween("oci-layout:image", {}, () => change(file));
        await expect(changed, blob).rejects.toMatchObject({ code: "FILE_CHANGED" });
      }
    }
  });
});
