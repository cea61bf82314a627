import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { encodeJson } from "./canonical-json.ts";
import { parseSubjectsFile } from "./subjects-file.ts";
import { subjectsJsonSchema } from "./subjects-json-schema.ts";

interface Shape {
  readonly type?: string;
  readonly const?: string;
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly maxItems?: number;
}

const schema = subjectsJsonSchema() as Shape & { readonly $id: string };

test("the schema names its version", () => {
  expect(schema.$id).toBe("https://touchmark.dev/schema/subjects-v1.json");
  expect(schema.properties?.["type"]?.const).toBe("https://touchmark.dev/subjects/v1");
});

test("it says the limits and is closed at every level of ours", () => {
  const { parts, subjects, resolvedDependencies } = schema.properties ?? {};
  expect([parts?.maxItems, subjects?.maxItems, resolvedDependencies?.maxItems]).toEqual([100_000, 100_000, 200_000]);
  for (const shape of [schema, parts?.items, subjects?.items, resolvedDependencies?.items]) {
    expect(shape?.additionalProperties).toBe(false);
  }
  expect(subjects?.items?.required).toEqual(["name", "digest"]);
  expect(subjects?.items?.properties?.["digest"]?.additionalProperties).toMatchObject({ type: "string" });
});

test("its patterns are ones that other languages know", () => {
  const patterns = [...JSON.stringify(schema).matchAll(/"pattern":("(?:[^"\\\\]|\\\\.)*")/g)].map(([, text]) =>
    JSON.parse(text ?? ""),
  );
  expect(patterns).toContain(String.raw`^[^\x00-\x1f\x7f-\x9f]+$`);
  for (const pattern of patterns) expect(pattern).not.toMatch(/\\p\{/);
});

test("the example of docs/subjects-file.md, in twelve lines, is a subjects file with its own outputs digest", () => {
  const page = readFileSync(new URL("../../../docs/subjects-file.md", import.meta.url), "utf8");
  const example = /```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? "";
  expect(example.split("\n")).toHaveLength(12);
  const { parts, subjects, resolvedDependencies, byproducts } = parseSubjectsFile(
    new TextEncoder().encode(example),
    "the example",
  );
  const canonical = encodeJson({ subjects, resolvedDependencies, byproducts });
  expect(parts[0]?.outputs).toEqual({ sha256: createHash("sha256").update(canonical).digest("hex") });
  expect(subjects[0]?.digest).toEqual({ sha256: createHash("sha256").update("hello world\n").digest("hex") });
});

test("docs/subjects-file.md and the schema know the same fields", () => {
  const page = readFileSync(new URL("../../../docs/subjects-file.md", import.meta.url), "utf8");
  const { parts, subjects, byproducts } = schema.properties ?? {};
  const named = [schema, parts?.items, subjects?.items, byproducts?.items].flatMap((shape) =>
    Object.keys(shape?.properties ?? {}),
  );
  const table = page.slice(page.indexOf("| Field |"), page.indexOf("## Names"));
  expect(named.filter((field) => !new RegExp(`\\b${field}\\b`).test(table))).toEqual([]);
});
