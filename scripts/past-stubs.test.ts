import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { pastStubs } from "./past-stubs.mjs";

const BANNER = "const banner = 1;";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "touchmark-stubs-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function files(texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) await writeFile(path.join(folder, name), `${BANNER}\n${text}\n`);
}

const imported = async (name: string) => import(path.join(folder, name)) as Promise<Record<string, unknown>>;

it("whoever asks for a file of names alone asks for the file that has them, and gets the same", async () => {
  await files({
    "program.mjs": 'const {big,default:d}=await import("./stub.mjs");export const said=[big,d];',
    "stub.mjs": 'import{a as b,c}from"./chunk.mjs";import"./other.mjs";export{b as big,c as default};',
    "chunk.mjs": 'import"./other.mjs";const a="BIG",c="DEFAULT";export{a,c};',
    "other.mjs": "export{};",
  });
  pastStubs(folder, BANNER, []);
  expect((await readdir(folder)).sort()).toEqual(["chunk.mjs", "other.mjs", "program.mjs"]);
  expect(await readFile(path.join(folder, "program.mjs"), "utf8")).toContain('import("./chunk.mjs")');
  expect((await imported("program.mjs"))["said"]).toEqual(["BIG", "DEFAULT"]);
});

it("keeps a file of names that others start with, or import statically", async () => {
  await files({
    "entry.mjs": 'import{a}from"./chunk.mjs";export{a as big};',
    "stub.mjs": 'import{a}from"./chunk.mjs";export{a as big};',
    "program.mjs": 'import{big}from"./stub.mjs";export const said=[big,(await import("./stub.mjs")).big];',
    "chunk.mjs": 'const a="BIG";export{a};',
  });
  pastStubs(folder, BANNER, ["entry.mjs"]);
  expect((await readdir(folder)).sort()).toEqual(["chunk.mjs", "entry.mjs", "program.mjs", "stub.mjs"]);
  expect((await imported("program.mjs"))["said"]).toEqual(["BIG", "BIG"]);
});

it.each([
  ["has code of its own", 'import{a}from"./chunk.mjs";const b=a+"!";export{b as big};'],
  ["names what is in two files", 'import{a}from"./chunk.mjs";import{e}from"./other.mjs";export{a as big,e};'],
  ["runs what the other file does not", 'import{a}from"./chunk.mjs";import"./effect.mjs";export{a as big};'],
])("leaves a file alone that %s", async (_, stub) => {
  await files({
    "program.mjs": 'export const said=(await import("./stub.mjs")).big;',
    "stub.mjs": stub,
    "chunk.mjs": 'const a="BIG";export{a};',
    "other.mjs": "const e=1;export{e};",
    "effect.mjs": "globalThis.stubEffect=1;",
  });
  const before = await readFile(path.join(folder, "program.mjs"), "utf8");
  pastStubs(folder, BANNER, []);
  expect(await readFile(path.join(folder, "program.mjs"), "utf8")).toBe(before);
  expect(await readdir(folder)).toHaveLength(5);
});
