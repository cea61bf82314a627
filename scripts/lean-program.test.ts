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
    metafile: true,
    write: false as const,
    preserveSymlinks: true,
    logLevel: "silent",
    plugins,
  });
  return outputFiles.map(({ path: file, text }) => ({ name: path.basename(file), text }));
}

const lean = () => [leanProgram(path.join(folder, "src/program.ts"))];
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

it("runs as before", async () => {
  const files = await built(lean());
  await Promise.all(files.map(({ name, text }) => write(`dist/${name}`, text)));
  await write("dist/package.json", '{"type":"module"}');
  const { start } = await import(path.join(folder, "dist/program.js"));
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
