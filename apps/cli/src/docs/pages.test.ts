import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedPages } from "./pages.ts";

const docs = new URL("../../../../docs/", import.meta.url);
const pages = await generatedPages();

test.each([...pages])("docs/%s is what the program says (npm run docs writes it)", (path, text) => {
  expect(readFileSync(new URL(path, docs), "utf8")).toBe(text);
});

test("docs/errors holds no page of a code that is gone", () => {
  for (const name of readdirSync(new URL("errors/", docs))) expect([...pages.keys()]).toContain(`errors/${name}`);
});

test("every key of a configuration is explained in docs/configuration.md", () => {
  const page = readFileSync(new URL("configuration.md", docs), "utf8");
  const schema = JSON.parse(pages.get("schemas/config-v1.schema.json") ?? "{}");
  const { artifacts, ...sections } = schema.properties;
  const keys = [...Object.keys(artifacts.additionalProperties.properties), ...keysOf(sections)];
  expect(keys).toContain("files.max-subjects");
  for (const key of keys) expect(page).toContain(`\`${key}\``);
});

test("the schema knows the options of every adapter that comes along, and no others", () => {
  const schema = JSON.parse(pages.get("schemas/config-v1.schema.json") ?? "{}");
  const choices: readonly Choice[] = schema.properties.artifacts.additionalProperties.allOf;
  const files = choices.find((choice) => choice.if.properties.use.const === "files");
  expect(Object.keys(files?.then.properties ?? {})).toEqual(
    expect.arrayContaining(["use", "parts", "include", "expect"]),
  );
  expect(choices.map((choice) => choice.then.additionalProperties)).toEqual(choices.map(() => false));
  expect(choices.map((choice) => choice.if.properties.use.const)).toContain("goreleaser");
});

test("every key of a deny list is explained in docs/deny.md", () => {
  const page = readFileSync(new URL("deny.md", docs), "utf8");
  const { items } = JSON.parse(pages.get("schemas/deny-v1.schema.json") ?? "{}").properties.deny;
  const keys = [...Object.keys(items.properties), ...Object.keys(items.properties.window.properties)];
  expect(keys).toContain("builder-digest");
  for (const key of keys) expect(page).toContain(`\`${key}\``);
});

test("every key of a trust file is explained in docs/trust.md", () => {
  const page = readFileSync(new URL("trust.md", docs), "utf8");
  const schema = JSON.parse(pages.get("schemas/trust-v1.schema.json") ?? "{}");
  const keys = schema.properties.trust.items.anyOf.flatMap((entry: Section) => Object.keys(entry.properties ?? {}));
  expect(keys).toContain("max-level");
  for (const key of keys) expect(page).toContain(`\`${key}\``);
});

test("every member of a report is explained in docs/verification.md", () => {
  const page = readFileSync(new URL("verification.md", docs), "utf8");
  const [document] = JSON.parse(readFileSync(new URL("schemas/verify-v1.schema.json", docs), "utf8")).anyOf;
  const { artifacts, inputs } = document.properties;
  const statement: Section = artifacts.items.properties.statements.items;
  const keys = [
    ...Object.keys(document.properties),
    ...Object.keys(inputs.properties),
    ...Object.keys(artifacts.items.properties),
    ...Object.keys(statement.properties ?? {}),
  ];
  expect(keys).toContain("signedAt");
  for (const key of keys) expect(page).toMatch(new RegExp(`[\`"](?:inputs\\.)?${key}[\`"]`));
});

interface Choice {
  readonly if: { readonly properties: { readonly use: { readonly const: string } } };
  readonly then: { readonly properties: Readonly<Record<string, unknown>>; readonly additionalProperties: unknown };
}

interface Section {
  readonly properties?: Readonly<Record<string, Section>>;
}

/** Sections themselves, their keys, and the keys below as `files.folder`. */
function keysOf(sections: Readonly<Record<string, Section>>): readonly string[] {
  return Object.entries(sections).flatMap(([name, section]) => [
    name,
    ...Object.entries(section.properties ?? {}).flatMap(([key, { properties }]) =>
      properties === undefined ? [key] : Object.keys(properties).map((below) => `${key}.${below}`),
    ),
  ]);
}
