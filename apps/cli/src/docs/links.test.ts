import { expect, test } from "vitest";
import { allDocuments, brokenLink } from "./documents.ts";
import { readMarkdown } from "./markdown.ts";

const documents = allDocuments();

test.each(documents.map((document) => [document.path, document] as const))("links of %s resolve", (path, document) => {
  const broken = document.links.flatMap(({ line, target }) => {
    const why = brokenLink(path, target, documents);
    return why === null ? [] : [`${path}:${line} (${target}): ${why}`];
  });
  expect(broken).toEqual([]);
});

test("every page below docs/ can be reached from docs/README.md", () => {
  const reached = new Set(["docs/README.md"]);
  for (const path of reached) {
    const links = documents.find((document) => document.path === path)?.links ?? [];
    for (const { target } of links) {
      const file = new URL(target.split("#")[0] ?? "", `file:///${path}`).pathname.slice(1);
      if (documents.some((document) => document.path === file)) reached.add(file);
    }
  }
  const pages = documents.map((document) => document.path).filter((path) => path.startsWith("docs/"));
  expect(pages.filter((path) => !reached.has(path))).toEqual([]);
});

test.each([
  ["no-such-page.md", "docs/no-such-page.md is not there"],
  ["README.md#no-such-heading", "docs/README.md has no heading #no-such-heading"],
  ["https://github.com/touchmark/touchmark/blob/main/NOPE.md", "NOPE.md is not there"],
])("a link to %s is found broken", (target, why) => {
  const [link] = readMarkdown(`See [it](${target}).`).links;
  expect(brokenLink("docs/page.md", link?.target ?? "", documents)).toBe(why);
});

test.each(["README.md", "../README.md#not-yet", "https://slsa.dev/x", "README.md#what-is-read"])(
  "a link to %s holds",
  (target) => {
    expect(brokenLink("docs/page.md", target, documents)).toBeNull();
  },
);
