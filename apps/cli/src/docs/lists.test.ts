import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { ADAPTERS } from "../builtins.ts";
import { allDocuments } from "./documents.ts";

const documents = allDocuments();
const linksOf = (path: string) =>
  documents.find((document) => document.path === path)?.links.map(({ target }) => target.split("#")[0]) ?? [];

test("README lists every package, and none that is gone", () => {
  const listed = linksOf("README.md").filter((target) => target?.startsWith("packages/"));
  const packages = readdirSync(new URL("../../../../packages/", import.meta.url));
  expect(listed.sort()).toEqual(packages.map((name) => `packages/${name}`).sort());
});

test.each([
  ["README.md", "docs/adapters/"],
  ["docs/README.md", "adapters/"],
  ["docs/adapters.md", "adapters/"],
  ["docs/configuration.md", "adapters/"],
])("%s names every adapter that comes along", (path, folder) => {
  const links = linksOf(path);
  for (const { name } of ADAPTERS) expect(links).toContain(`${folder}${name}.md`);
});

test("docs/configuration.md names every adapter as a value of `use`", () => {
  const spans = documents.find(({ path }) => path === "docs/configuration.md")?.spans ?? [];
  const line = spans.find(({ text }) => text === "use")?.line;
  const values = spans.filter((span) => span.line === line).map(({ text }) => text);
  expect(values).toEqual(expect.arrayContaining(ADAPTERS.map(({ name }) => name)));
});
