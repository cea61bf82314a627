import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { publishedSchemaOf } from "./published-schema.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;
beforeAll(async () => {
  folder = await newFolder();
});
afterAll(() => folder.remove());

const fromRoot = (file: string) => readFile(new URL(`../${file}`, import.meta.url), "utf8");
const RULE = { match: "tool", source: "github.com/octo/widgets" };
const EXCEPTION = { match: "a", digest: `sha256:${"ab".repeat(32)}`, until: "2026-12-31", reason: "x", by: "y" };
const policy = (rule: object, more: object = {}) => ({ version: 1, artifacts: [{ ...RULE, ...rule }], ...more });

it("the schema of policies accepts the example, and knows every key that the program knows", async () => {
  const schema = JSON.parse(await fromRoot("docs/schemas/policy-v1.schema.json"));
  const validate = new Ajv({ strict: false, formats: { "date-time": true } }).compile(schema);
  const example = parse(/```yaml\n(.*?)```/s.exec(await fromRoot("docs/policy.md"))?.[1] ?? "");
  expect([validate(example), validate.errors]).toEqual([true, null]);
  const documents: readonly [object, boolean][] = [
    [policy({ level: 3, require: ["provenance", "sbom"], builder: ["a", "b"] }), true],
    [policy({ levle: 3 }), false],
    [policy({ level: 4 }), false],
    [policy({ "any-source": false }), false],
    [policy({ "any-source": true }), false],
    [policy({ "owner-id": "1" }), true],
    [policy({ source: undefined, "owner-id": "1", "any-source": true }), false],
    [policy({ parameters: { onyl: [] } }), false],
    [policy({}, { exceptions: [EXCEPTION] }), true],
    [policy({}, { exceptions: [{ ...EXCEPTION, until: undefined }] }), false],
    [policy({}, { deny: [{ reason: "x", commit: "ab".repeat(20) }] }), true],
    [policy({}, { deny: [{ reason: "x" }] }), false],
    [policy({}, { version: 2 }), false],
    [policy({}, { trust: "./trust.yaml" }), true],
    [policy({}, { trust: [{ preset: "npm@2026-11" }] }), true],
    [policy({}, { trust: [{ presett: "npm@2026-11" }] }), false],
    [{ version: 1, artifacts: [] }, false],
  ];
  for (const [document, valid] of documents) {
    const plain = JSON.parse(JSON.stringify(document));
    expect([plain, validate(plain)]).toEqual([plain, valid]);
  }
});

it("policy check lists the problems of a file, and exits with 2", async () => {
  await writeFile(
    join(folder.path, "p.yaml"),
    "version: 1\nartifacts:\n  - match: tool\n    sorce: github.com/octo/widgets\n    when: '1 +'\n",
  );
  const shown = await touchmark(["policy", "check", "p.yaml"], { cwd: folder.path });
  expect(shown).toMatchObject({ status: 2, stderr: "" });
  expect(shown.stdout).toContain("p.yaml:4:5  error  `sorce` is not a key here; did you mean `source`?\n");
  const document = JSON.parse((await touchmark(["policy", "check", "p.yaml", "--json"], { cwd: folder.path })).stdout);
  expect(publishedSchemaOf(document)).toBe("policy-check-v1");
  expect(document).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([expect.objectContaining({ line: 4, guess: "source" })]),
  });

  await writeFile(
    join(folder.path, "p.yaml"),
    "version: 1\nartifacts:\n  - match: tool\n    source: github.com/octo/widgets\n    when: '1 +'\n",
  );
  const expression = await touchmark(["policy", "check", "p.yaml"], { cwd: folder.path });
  expect(expression).toMatchObject({ status: 2, stdout: "p.yaml:5:5  error  `when`: Unexpected token: EOF\n" });
});
