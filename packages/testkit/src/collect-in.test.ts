import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { API_VERSION, defineAdapter, subjectsOf, z } from "@touchmark/plugin";
import { expect, it } from "vitest";
import { collectIn } from "./collect-in.ts";

let seen = "";
const text = defineAdapter({
  apiVersion: API_VERSION,
  name: "text",
  completeness: "listing",
  marks: [],
  suggest: {},
  options: z.strictObject({ pattern: z.string() }),
  fromArgument: () => ({}),
  collect: async (host, { pattern }) => {
    seen = await host.realPath(".");
    const piped = await host.readStdin({ max: 3 });
    if (piped.length === 0) return null;
    return { subjects: await subjectsOf(host, await host.glob(pattern)), resolvedDependencies: [], byproducts: [] };
  },
});
const fill = (folder: string) => writeFile(join(folder, "a.txt"), "a");
const stdin = (piped: string) => ({ stdin: () => Readable.from([piped]) });

it("collects in a folder that is gone afterwards", async () => {
  const output = await collectIn(text, fill, { pattern: "*.txt" }, stdin("in"));
  expect(output?.subjects.map(({ name }) => name)).toEqual(["a.txt"]);
  await expect(readdir(seen)).rejects.toMatchObject({ code: "ENOENT" });
});

it("passes on what the adapter says, and its errors", async () => {
  expect(await collectIn(text, fill, { pattern: "*" }, stdin(""))).toBeNull();
  await expect(collectIn(text, fill, { pattern: "*" }, stdin("more"))).rejects.toMatchObject({
    code: "INPUT_TOO_LARGE",
  });
  await expect(collectIn(text, fill, { pattern: 1 })).rejects.toMatchObject({ name: "ZodError" });
});
