import { execFileSync } from "node:child_process";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { CLI, newFolder, runProgram } from "./touchmark-process.ts";

/** A file of the built program with all that it requires at once, by name. */
async function startedWith(name: string, known = new Set<string>()): Promise<ReadonlySet<string>> {
  if (known.has(name)) return known;
  known.add(name);
  const text = await readFile(path.join(path.dirname(CLI), name), "utf8");
  for (const [, imported] of text.matchAll(/(?<!=>)\brequire\("\.\/([^"]+)"\)/g))
    await startedWith(imported ?? "", known);
  return known;
}

/** What a file asks for later, by the name that it takes of it. */
async function askedFor(files: ReadonlySet<string>, name: string): Promise<string> {
  for (const file of files) {
    const text = await readFile(path.join(path.dirname(CLI), file), "utf8");
    const [, found] = new RegExp(`=>require\\("\\./([^"]+)"\\)\\)\\.then\\((\\w+)=>\\(\\{${name}:`).exec(text) ?? [];
    if (found !== undefined) return found;
  }
  throw new Error(`nobody asks for ${name}`);
}

const verifier = async () => startedWith(await askedFor(new Set([path.basename(CLI)]), "runVerify"));

// Each file costs a start as much as 10 KiB, and of what is loaded nothing may be for other commands alone.
it("verify starts with few files, and little in them", async () => {
  const files = [...(await verifier())];
  const sizes = await Promise.all(files.map(async (name) => (await stat(path.join(path.dirname(CLI), name))).size));
  expect(files.length).toBeLessThanOrEqual(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(223_500);
});

it("what verifies certificates comes in one file more", async () => {
  const started = await verifier();
  const more = [...(await startedWith(await askedFor(started, "Roots")))].filter((name) => !started.has(name));
  expect(more).toHaveLength(1);
  const sizes = await Promise.all(more.map(async (name) => (await stat(path.join(path.dirname(CLI), name))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(104_000);
});

it("the program itself starts with less", async () => {
  expect([...(await startedWith("touchmark.cjs"))]).toEqual(["touchmark.cjs"]);
});

it("starts where Node does not hand out its own modules yet", () => {
  const older = "data:text/javascript,delete process.getBuiltinModule";
  expect(execFileSync(process.execPath, ["--import", older, CLI, "verify", "--help"], { encoding: "utf8" })).toContain(
    "Usage: touchmark verify",
  );
});

// What makes CommonJS of them could leave that out, and nothing else would show it.
it("what is built as CommonJS is as strict as the modules that it was", async () => {
  const folder = path.dirname(CLI);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".cjs"));
  expect(names.length).toBeGreaterThan(2);
  for (const name of names)
    expect(await readFile(path.join(folder, name), "utf8")).toMatch(/^(?:#!.*\n)?"use strict";/);
});

it("verify runs without Node's loader of ES modules", async () => {
  const folder = await newFolder();
  const run = (...args: string[]) => runProgram(process.execPath, args, { cwd: folder.path });
  const report = `process.on("exit", () => console.error(process.moduleLoadList.filter((name) => /modules.esm.translators/.test(name)).length))`;
  await writeFile(path.join(folder.path, "report.cjs"), report);
  await writeFile(path.join(folder.path, "none.mjs"), "");
  try {
    await run(CLI, "keys", "generate");
    await run(CLI, "attest", "--from", "files:report.cjs", "--key", "touchmark.key", "--out", "out", "--name", "one");
    const args = ["verify", "report.cjs", "--key", "touchmark.pub", "--bundle", "out/one.sigstore.json"];
    expect(await run("--require", "./report.cjs", CLI, ...args)).toMatchObject({ status: 0, stderr: "0\n" });
    expect(await run("--require", "./report.cjs", "none.mjs")).toMatchObject({ status: 0, stderr: "1\n" });
  } finally {
    await folder.remove();
  }
});

it("starts by the name that it had as an ES module, too", () => {
  const earlier = CLI.replace(/cjs$/, "mjs");
  const version = (file: string) => execFileSync(process.execPath, [file, "--version"], { encoding: "utf8" });
  expect(version(earlier)).toBe(version(CLI));
});
