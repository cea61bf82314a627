import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CLI, newFolder, runProgram, touchmark } from "./touchmark-process.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

beforeAll(async () => {
  folder = await newFolder();
  await mkdir(at("release"));
  await writeFile(at("release", "tool"), "bytes of the tool");
  await run("keys", "generate");
  await run("keys", "generate", "--out", "stranger");
});

afterAll(() => folder.remove());

it("evidence that is itself a subject cannot be replaced by a stranger's", async () => {
  await run("attest", "--from", "files:release/tool", "--key", "touchmark.key", "--out", "one", "--name", "build");
  await copyFile(at("one", "build.sigstore.json"), at("release", "build.sigstore.json"));
  await run("attest", "--from", "files:release/*", "--key", "touchmark.key", "--out", "all", "--name", "all");
  await copyFile(at("all", "all.intoto.jsonl"), at("release", "all.intoto.jsonl"));
  const verify = ["verify", "release", "--key", "touchmark.pub", "--complete"];
  expect(await run(...verify)).toMatchObject({ status: 0 });

  const forged = ["--key", "stranger/touchmark.key", "--out", "forged", "--name", "build"];
  await run("attest", "--from", "files:release/tool", ...forged);
  await copyFile(at("forged", "build.sigstore.json"), at("release", "build.sigstore.json"));
  const ended = await run(...verify);
  expect(ended.status).toBe(1);
  expect(ended.stdout).toMatch(/build\.sigstore\.json +TAMPERED/);
});

it.skipIf(!existsSync("/dev/full"))("a result that cannot be written is no failed verification", async () => {
  await run("attest", "--from", "files:release/tool", "--key", "touchmark.key", "--out", "full", "--name", "full");
  const args = ["verify", "release/tool", "--key", "touchmark.pub", "--bundle", "full/full.sigstore.json"];
  expect(await run(...args)).toMatchObject({ status: 0 });
  const full = openSync("/dev/full", "w");
  try {
    const ended = spawnSync(process.execPath, [CLI, ...args], { cwd: folder.path, stdio: ["ignore", full, "pipe"] });
    expect(ended.status).toBe(3);
    expect(ended.stderr.toString()).toMatch(/^E OUTPUT_UNWRITABLE/m);
  } finally {
    closeSync(full);
  }
});

it("whoever reads no notes gets the verdict all the same", async () => {
  const child = spawn(process.execPath, [CLI, "verify", "release/none", "--key", "touchmark.pub"], {
    cwd: folder.path,
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.destroy();
  expect(await once(child, "exit")).toEqual([2, null]);
});

it.each([
  ["never ends", "() => new Promise(() => {})"],
  [
    "breaks where nobody looks",
    "() => void setImmediate(() => { throw new Error('broken') }) ?? new Promise(() => {})",
  ],
])("work that %s gives no verdict", async (_what, work) => {
  const files = "process.getBuiltinModule('node:fs/promises')";
  const preload = `for (const name of ['open', 'stat', 'lstat']) ${files}[name] = ${work}`;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(preload)}`, CLI, "verify", "release/tool"];
  const ended = await runProgram(process.execPath, [...args, "--key", "touchmark.pub"], { cwd: folder.path });
  expect(ended).toMatchObject({ status: 3, stdout: "" });
  expect(ended.stderr).toMatch(/^E INTERNAL {2}the program ended before its work was done$/m);
});

it("an empty target is no target", async () => {
  expect(await run("verify", "", "--key", "touchmark.pub")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("E USAGE"),
  });
});

it.skipIf(!existsSync("/proc/self"))("an output folder where none can be made ends at once", async () => {
  const ended = await run(
    "attest",
    "--from",
    "files:release/tool",
    "--key",
    "touchmark.key",
    "--out",
    "/proc/touchmark",
  );
  expect(ended).toMatchObject({ status: 3, stderr: expect.stringContaining("E OUTPUT_UNWRITABLE") });
});

it("a dry run shows the digests that attest signs, package scripts or not", async () => {
  await mkdir(at("npm"));
  const scripts = { prepack: "echo built > built.txt" };
  // Without `files`, npm packs the tarball of the run before as well.
  const files = ["index.js", "built.txt"];
  await writeFile(at("npm", "package.json"), JSON.stringify({ name: "p", version: "1.0.0", scripts, files }));
  await writeFile(at("npm", "index.js"), "");
  const dry = await run("attest", "--dry-run", "--from", "npm-pack+run:npm", "--json");
  const shown = JSON.parse(dry.stdout) as {
    statements: { subject: { digest: { sha256: string } }[] }[];
    notes: string[];
  };
  expect(shown.notes).toContainEqual(expect.stringContaining("scripts ignored"));
  const signed = await run(
    "attest",
    "--from",
    "npm-pack+run:npm",
    "--key",
    "touchmark.key",
    "--out",
    "npm-out",
    "--name",
    "p",
  );
  expect(signed).toMatchObject({ status: 0, stderr: expect.stringContaining("scripts ignored") });
  const inspected = await run("inspect", "npm-out/p.sigstore.json", "--payload");
  const statement = JSON.parse(inspected.stdout) as { subject: { digest: { sha256: string } }[] };
  expect(shown.statements[0]?.subject[0]?.digest.sha256).toBe(statement.subject[0]?.digest.sha256);
  await expect(readFile(at("npm", "built.txt"))).rejects.toMatchObject({ code: "ENOENT" });
});

it("a registry is asked through the proxy, whose password nobody sees", async () => {
  const asked: string[] = [];
  const proxy = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      asked.push(data.toString("latin1").split("\r\n", 1)[0] ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  try {
    const { port } = proxy.address() as AddressInfo;
    const image = `oci://registry.invalid/octo/app@sha256:${"0".repeat(64)}`;
    const env = { HTTPS_PROXY: `http://octo:canary@127.0.0.1:${port}` };
    const ended = await touchmark(["verify", image, "--key", "touchmark.pub"], { cwd: folder.path, env });
    expect(ended).toMatchObject({ status: 3, stdout: expect.stringContaining("NETWORK_UNAVAILABLE") });
    expect(ended.stdout + ended.stderr).not.toContain("canary");
    expect(asked[0]).toBe("CONNECT registry.invalid:443 HTTP/1.1");
  } finally {
    proxy.close();
  }
});
