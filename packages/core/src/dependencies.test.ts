import { expect, it } from "vitest";
import { readDependencies } from "./dependencies.ts";
import { STATEMENT_V1, type StatedStatement } from "./statement.ts";

const HEX = "ab".repeat(32);
const statement = (predicateType: string, predicate: Record<string, unknown>): StatedStatement => ({
  _type: STATEMENT_V1,
  subject: [{ name: "tool", digest: { sha256: HEX } }],
  predicateType,
  predicate,
});
const V1 = "https://slsa.dev/provenance/v1";
const v1 = (resolvedDependencies: unknown) =>
  statement(V1, {
    buildDefinition: { buildType: "https://example.com/type", externalParameters: {}, resolvedDependencies },
    runDetails: { builder: { id: "https://example.com/builder" } },
  });

it("reads what v1 says", () => {
  expect(
    readDependencies(
      v1([
        { uri: "pkg:npm/a@1", digest: { sha256: HEX } },
        { name: "b", content: "" },
      ]),
    ),
  ).toEqual([
    { uri: "pkg:npm/a@1", digest: { sha256: HEX } },
    { name: "b", content: "" },
  ]);
});

it.each([[], null, undefined])("takes %j for none", (list) => {
  expect(readDependencies(v1(list))).toEqual([]);
});

const materials = [{ uri: "pkg:npm/a@1", digest: { sha256: HEX } }, { uri: "pkg:npm/b@1" }, { uri: "", digest: {} }];
const READ = [{ uri: "pkg:npm/a@1", digest: { sha256: HEX } }, { uri: "pkg:npm/b@1" }];

it("reads what v0.2 and v0.1 call materials, without those of which nothing is said", () => {
  const v02 = { builder: { id: "https://example.com/b" }, buildType: "https://example.com/t", materials };
  expect(readDependencies(statement("https://slsa.dev/provenance/v0.2", v02))).toEqual(READ);
  const v01 = { builder: { id: "https://example.com/b" }, recipe: { type: "https://example.com/t" }, materials };
  expect(readDependencies(statement("https://slsa.dev/provenance/v0.1", v01))).toEqual(READ);
});

it("finds none in what is no provenance, and refuses what only claims to be it", () => {
  expect(readDependencies(statement("https://spdx.dev/Document", { materials }))).toEqual([]);
  expect(() => readDependencies(statement(V1, {}))).toThrow(expect.objectContaining({ code: "STATEMENT_MALFORMED" }));
});
