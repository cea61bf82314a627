import { readFileSync } from "node:fs";
import { parseSubjectsFile } from "@touchmark/core";
import { expect, test } from "vitest";
import { zig } from "../fixtures/zig/zig.ts";
import { adapterLaws, LAWS } from "./adapter-laws.ts";

const PAGE = readFileSync(new URL("../../../docs/adapters.md", import.meta.url), "utf8");
const SUBJECTS = {
  hello: "sha256:bfdeaeb08cffb6a36438bcd12dda25417e3cdd36f1e7e482a2849d539225288b",
  "hello-fuzz": "sha256:24514f6e734e79a92954eed3dbf415f8f9392e7a8da7fa9e03a7e9bd7b3941d8",
};

adapterLaws(zig, [
  { fixture: "fixtures/zig/small", options: { expect: ["hello", "hello-fuzz"] }, subjects: SUBJECTS },
  { name: "by number", fixture: "fixtures/zig/small", options: { expect: 2 } },
]);

test("docs/adapters.md shows this very adapter, and its case", () => {
  expect(PAGE).toContain(readFileSync(new URL("../fixtures/zig/zig.ts", import.meta.url), "utf8"));
  for (const digest of Object.values(SUBJECTS)) expect(PAGE).toContain(digest);
});

test("docs/adapters.md lists every law", () => {
  const rows = [...PAGE.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
  expect(rows).toEqual(LAWS.map((law) => law.number));
});

test("the subjects file in docs/adapters.md is one", () => {
  const [, json] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? [];
  const file = parseSubjectsFile(new TextEncoder().encode(json ?? ""), "the example");
  expect(file.subjects.map((subject) => subject.name)).toEqual(["hello", "pkg:generic/hello-lib@1.0.0"]);
});
