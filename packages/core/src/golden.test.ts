import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { claim, goldenFiles, release } from "../golden/cases.ts";
import { parseBundle } from "./bundle.ts";
import { generate } from "./generate.ts";
import { encodeStatement, parseStatement } from "./statement.ts";
import { encodeSubjectsFile, parseSubjectsFile } from "./subjects-file.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const files = goldenFiles(sha256);
const read = (path: string) => new Uint8Array(readFileSync(new URL(`../../../${path}`, import.meta.url)));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("bytes that may not change by accident (scripts/make-golden.mjs writes them)", () => {
  test.each([...files.keys()])("%s", (path) => {
    expect(text(files.get(path) ?? new Uint8Array())).toBe(text(read(path)));
    expect(sha256(files.get(path) ?? new Uint8Array())).toBe(sha256(read(path)));
  });

  test("every file in the folder is compared", () => {
    const folder = readdirSync(new URL("../golden/", import.meta.url)).filter((name) => name.endsWith(".golden"));
    const named = [...files.keys()].filter((path) => path.endsWith(".golden"));
    expect(folder.map((name) => `packages/core/golden/${name}`).sort()).toEqual(named.sort());
  });
});

test("another order of every list gives the same bytes", () => {
  for (const arranged of [reversed, rotated]) {
    const file = release(sha256, arranged);
    expect(text(encodeSubjectsFile(file))).toBe(text(read("packages/core/golden/release.subjects.golden")));
    const backwards = { ...file, subjects: arranged(file.subjects), byproducts: arranged(file.byproducts) };
    const statement = encodeStatement(generate(claim, backwards));
    expect(text(statement)).toBe(text(read("packages/core/golden/release.statement.golden")));
  }
});

test("the golden files read as what they are", () => {
  const file = parseSubjectsFile(read("packages/core/golden/release.subjects.golden"), "golden");
  const statement = encodeStatement(generate(claim, file));
  expect(text(parseBundle(read("packages/core/golden/release.bundle.golden")).payload)).toBe(text(statement));
  expect(parseStatement(statement).subject).toHaveLength(7);
});

function reversed<T>(values: readonly T[]): readonly T[] {
  return [...values].reverse();
}

function rotated<T>(values: readonly T[]): readonly T[] {
  return [...values.slice(1), ...values.slice(0, 1)];
}
