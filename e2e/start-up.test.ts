import { execFileSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { CLI } from "./touchmark-process.ts";

/** A file of the built program with all that it imports statically, by name. */
async function startedWith(name: string, known = new Set<string>()): Promise<ReadonlySet<string>> {
  if (known.has(name)) return known;
  known.add(name);
  const text = await readFile(path.join(path.dirname(CLI), name), "utf8");
  for (const [, imported] of text.matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g))
    await startedWith(imported ?? "", known);
  return known;
}

/** What a file asks for by a dynamic import, by the name that it takes of it. */
async function askedFor(files: ReadonlySet<string>, name: string): Promise<string> {
  for (const file of files) {
    const text = await readFile(path.join(path.dirname(CLI), file), "utf8");
    const [, found] = new RegExp(`\\bimport\\("\\./([^"]+)"\\)\\.then\\(m=>\\(\\{${name}:`).exec(text) ?? [];
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
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(222_000);
});

it("what verifies certificates comes in one file more", async () => {
  const started = await verifier();
  const more = [...(await startedWith(await askedFor(started, "Roots")))].filter((name) => !started.has(name));
  expect(more).toHaveLength(1);
  const sizes = await Promise.all(more.map(async (name) => (await stat(path.join(path.dirname(CLI), name))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(104_000);
});

it("the program itself starts with less", async () => {
  expect([...(await startedWith("touchmark.mjs"))].length).toBeLessThanOrEqual(2);
});

it("starts where Node does not hand out its own modules yet", () => {
  const older = "data:text/javascript,delete process.getBuiltinModule";
  expect(execFileSync(process.execPath, ["--import", older, CLI, "verify", "--help"], { encoding: "utf8" })).toContain(
    "Usage: touchmark verify",
  );
});
