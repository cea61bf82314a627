import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readVectors } from "../test/vectors.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const vectors = [...(await readVectors()), ...(await serviceVectors())];
const table = await readFile(join(root, "packages/vectors/ATTACKS.md"), "utf8");
const rows = table
  .split("\n")
  .filter((line) => /^\| A\d+ /.test(line))
  .map((line) => {
    const [, attack = "", , , codes = "", named = "", tests = ""] = line.split("|").map((cell) => cell.trim());
    return { attack, codes, patterns: inCode(named), tests: tests.match(/[\w/.-]+\.test\.ts/g) ?? [] };
  });

/** Those that are what a server answers. */
async function serviceVectors() {
  const folder = join(root, "packages/vectors/services");
  const read = async (name: string) => ({
    name,
    folder: join(folder, name),
    code: name.endsWith("_fail") ? (await readFile(join(folder, name, "error"), "utf8")).trim() : null,
  });
  return Promise.all((await readdir(folder)).map(read));
}

function inCode(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

function fits(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(name);
}

it("names vectors and tests that exist", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const { attack, patterns, tests } of rows) {
    for (const pattern of patterns) {
      expect(vectors.filter(({ name }) => fits(pattern, name)).length, `${attack}: ${pattern}`).toBeGreaterThan(0);
    }
    expect(tests.length, attack).toBeGreaterThan(0);
    for (const test of tests) expect(existsSync(join(root, test)), `${attack}: ${test}`).toBe(true);
  }
});

it("names each vector in the row of each attack that the vector itself names", async () => {
  for (const { name, folder, code } of vectors) {
    const text = await readFile(join(folder, "README.md"), "utf8");
    for (const [attack] of text.matchAll(/\bA[1-9]\d?\b/g)) {
      const row = rows.find((one) => one.attack === attack);
      expect(
        row?.patterns.some((pattern) => fits(pattern, name)),
        `${attack} ${name}`,
      ).toBe(true);
      if (code !== null && !row?.codes.startsWith("the code")) expect(row?.codes, `${attack} ${name}`).toContain(code);
    }
  }
});
