import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build, type Plugin } from "esbuild";
import { afterEach, beforeEach, expect, it } from "vitest";
import { leanProgram } from "./lean-program.mjs";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), "touchmark-lean-")));
  await write("node_modules/@touchmark/some/package.json", '{"exports":{".":"./src/index.ts"},"sideEffects":false}');
  await write(
    "node_modules/@touchmark/some/src/index.ts",
    'export { often } from "./often.ts";\nexport { seldom as rarely, type Type } from "./seldom.ts";\n',
  );
  await write("node_modules/@touchmark/some/src/often.ts", 'export const often = String("OFTEN");\n');
  await write(
    "node_modules/@touchmark/some/src/seldom.ts",
    'export const seldom = String("SELDOM");\nexport type Type = string;\n',
  );
  await write(
    "src/lazy.ts",
    'import { often, rarely } from "@touchmark/some";\nexport const both = [often, rarely];\n',
  );
  await write(
    "src/program.ts",
    'import { often, type Type } from "@touchmark/some";\nexport const start = async (): Promise<Type[]> => [often, ...(await import("./lazy.ts")).both];\n',
  );
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
  await writeFile(path.join(folder, name), text);
}

/** Builds the program; without the plugin too, to see what it is for. */
async function built(plugins: Plugin[]) {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ["src/program.ts"],
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    metafile: true,
    write: false as const,
    preserveSymlinks: true,
    logLevel: "silent",
    plugins,
  });
  return outputFiles.map(({ path: file, text }) => ({ name: path.basename(file), text }));
}

const lean = (next: string | null = null) => [
  leanProgram(path.join(folder, "src/program.ts"), next === null ? null : path.join(folder, next)),
];
/** The program, as it was built. */
async function run(files: Awaited<ReturnType<typeof built>>) {
  await Promise.all(files.map(({ name, text }) => write(`dist/${name}`, text)));
  await write("dist/package.json", '{"type":"module"}');
  return import(path.join(folder, "dist/program.js"));
}

const holding = (files: Awaited<ReturnType<typeof built>>, word: string) =>
  files.filter(({ text }) => text.includes(`"${word}"`));

it("leaves to a part that is loaded later what only that needs", async () => {
  expect(holding(await built([]), "OFTEN")).toEqual(holding(await built([]), "SELDOM"));
  const files = await built(lean());
  expect(holding(files, "SELDOM").map(({ name }) => name)).toEqual([expect.stringMatching(/^lazy-/)]);
  expect(holding(files, "OFTEN")).toHaveLength(1);
});

it("keeps what the program needs in the file in which it starts", async () => {
  const startsIn = (files: Awaited<ReturnType<typeof built>>) => files.find(({ text }) => text.includes("start ="));
  expect(startsIn(await built([]))?.text).not.toContain('"OFTEN"');
  expect(startsIn(await built(lean()))?.text).toContain('"OFTEN"');
});

it("does so too where a later part needs statically what is only later loaded as a part", async () => {
  await write("src/first.ts", 'import { both } from "./lazy.ts";\nexport const first = both;\n');
  await write("src/far.ts", 'export const far = async () => (await import("./farther.ts")).farther();\n');
  await write("src/farther.ts", 'export const farther = async () => (await import("./lazy.ts")).both;\n');
  await write(
    "src/program.ts",
    'import { often } from "@touchmark/some";\nexport const start = async () => [often, await import("./first.ts"), await import("./far.ts")];\n',
  );
  const startsIn = (await built(lean())).find(({ text }) => text.includes("start ="));
  expect(startsIn?.text).toContain('"OFTEN"');
});

it("keeps in one file what most runs load next, whoever else needs a part of it", async () => {
  await write("src/whole.ts", 'import { part } from "./part.ts";\nexport const whole = [String("WHOLE"), part];\n');
  await write("src/part.ts", 'export const part = String("PART");\n');
  await write("src/else.ts", 'import { part } from "./part.ts";\nexport const elsewhere = part;\n');
  await write("src/types.ts", 'import type { part } from "./part.ts";\nexport const types: typeof part = "ALONE";\n');
  await write(
    "src/program.ts",
    'export const start = async () => [await import("./whole.ts"), await import("./else.ts"), await import("./types.ts")];\n',
  );
  const apart = await built(lean());
  expect(holding(apart, "PART")).not.toEqual(holding(apart, "WHOLE"));
  const files = await built(lean("src/whole.ts"));
  expect(holding(files, "PART")).toEqual(holding(files, "WHOLE"));
  const { start } = await run(files);
  expect((await start()).map((one: object) => ({ ...one }))).toEqual([
    { whole: ["WHOLE", "PART"] },
    { elsewhere: "PART" },
    { types: "ALONE" },
  ]);
  // Who needs nothing of it loads nothing of it.
  const [alone] = holding(files, "ALONE");
  expect(alone?.text).not.toContain(path.parse(holding(files, "WHOLE")[0]?.name ?? "").name);
});

it("asks Node for its own modules without linking them", async () => {
  await write(
    "src/program.ts",
    [
      'import path from "node:path";',
      'import { type Hash, createHash as hash, randomBytes } from "node:crypto";',
      'import * as url from "node:url";',
      "export const start = (): [string, Hash, number, URL] =>",
      '  [path.join("a", "b"), hash("sha256"), randomBytes(3).length, url.pathToFileURL("/c")];',
    ].join("\n"),
  );
  const files = await built(lean());
  const texts = files.map(({ text }) => text).join("\n");
  expect(texts).not.toMatch(/from ?"node:(?:path|crypto)"/);
  const { start } = await run(files);
  const [joined, hash, length, address] = start();
  expect([joined, hash.digest("hex").slice(0, 8), length, address.href]).toEqual([
    path.join("a", "b"),
    "e3b0c442",
    3,
    "file:///c",
  ]);
});

it("runs as before", async () => {
  const files = await built(lean());
  const { start } = await run(files);
  expect(await start()).toEqual(["OFTEN", "OFTEN", "SELDOM"]);
});

it("refuses a part that is imported both ways", async () => {
  await write("src/other.ts", 'import { both } from "./lazy.ts";\nexport const other = both;\n');
  await write(
    "src/program.ts",
    'import { other } from "./other.ts";\nexport const start = async () => [other, await import("./lazy.ts")];\n',
  );
  await expect(built(lean())).rejects.toMatchObject({
    errors: [{ text: expect.stringMatching(/both dynamically and statically.*lazy\.ts$/) }],
  });
});
