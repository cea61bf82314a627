import { PROVENANCE_V1, PROVENANCE_V01, PROVENANCE_V02 } from "@touchmark/core";
import { expect, test } from "vitest";
import { externalParameters } from "./external-parameters.ts";

const source = { uri: "git+https://github.com/octo/widgets" };

test.each<[string, string, unknown, object]>([
  ["v1", PROVENANCE_V1, { buildDefinition: { externalParameters: { a: null, b: 1 } } }, { a: null, b: 1 }],
  [
    "v0.2",
    PROVENANCE_V02,
    { invocation: { configSource: source, parameters: { tag: "v1" }, environment: { x: 1 } } },
    { configSource: source, parameters: { tag: "v1" } },
  ],
  [
    "v0.2, without parameters",
    PROVENANCE_V02,
    { invocation: { configSource: source, parameters: null } },
    { configSource: source },
  ],
  ["v0.2, without an invocation", PROVENANCE_V02, { invocation: null }, {}],
  [
    "v0.1",
    PROVENANCE_V01,
    { recipe: { type: "https://t", entryPoint: "make", arguments: ["x"], environment: null } },
    { entryPoint: "make", arguments: ["x"] },
  ],
  ["another predicate", "https://spdx.dev/Document", { buildDefinition: { externalParameters: { a: 1 } } }, {}],
  ["v1, whose parameters are a list", PROVENANCE_V1, { buildDefinition: { externalParameters: ["a"] } }, {}],
  ["v1, whose definition every object has", PROVENANCE_V1, Object.create({ buildDefinition: {} }), {}],
  ["v0.1, that says nothing", PROVENANCE_V01, { recipe: { type: "https://t", entryPoint: undefined } }, {}],
  ["a predicate that was dropped", PROVENANCE_V1, null, {}],
])("of %s", (_what, predicateType, predicate, expected) => {
  expect(externalParameters(predicateType, predicate)).toEqual(expected);
});
