import { expect, test } from "vitest";
import { ProvenanceV1 } from "./provenance-v1.ts";

const minimal = {
  buildDefinition: { buildType: "https://t", externalParameters: {} },
  runDetails: { builder: { id: "https://b" } },
};
const nothing = { invocationId: null, startedOn: null, finishedOn: null };

test("what may be left out reads as empty", () => {
  expect(ProvenanceV1.parse(minimal)).toEqual({
    buildDefinition: { ...minimal.buildDefinition, internalParameters: {}, resolvedDependencies: [] },
    runDetails: {
      builder: { id: "https://b", version: {}, builderDependencies: [] },
      metadata: nothing,
      byproducts: [],
    },
  });
});

test("null and empty read as left out; unknown members are ignored", () => {
  const same = {
    buildDefinition: { ...minimal.buildDefinition, internalParameters: null, resolvedDependencies: null, acme_x: 1 },
    runDetails: {
      builder: { id: "https://b", version: null, builderDependencies: null },
      metadata: { invocationId: "", startedOn: null, acme_y: 2 },
      byproducts: null,
    },
    acme_z: 3,
  };
  expect(ProvenanceV1.parse(same)).toEqual(ProvenanceV1.parse(minimal));
});

test("an empty byproduct is none", () => {
  const byproducts = [{}, { uri: "https://log", digest: {} }];
  const parsed = ProvenanceV1.parse({ ...minimal, runDetails: { ...minimal.runDetails, byproducts } });
  expect(parsed.runDetails.byproducts).toEqual([{ uri: "https://log" }]);
});

const withBuilder = (change: object) => ({
  ...minimal,
  runDetails: { builder: { ...minimal.runDetails.builder, ...change } },
});
const withDefinition = (change: object) => ({ ...minimal, buildDefinition: { ...minimal.buildDefinition, ...change } });

test.each([
  ["no builder id", withBuilder({ id: "" }), ["runDetails", "builder", "id"]],
  ["a version that is no text", withBuilder({ version: { a: 1 } }), ["runDetails", "builder", "version"]],
  ["no build type", withDefinition({ buildType: "" }), ["buildDefinition", "buildType"]],
  ["no parameters", withDefinition({ externalParameters: null }), ["buildDefinition", "externalParameters"]],
  [
    "a dependency of nothing",
    withDefinition({ resolvedDependencies: [{}] }),
    ["buildDefinition", "resolvedDependencies", 0],
  ],
  [
    "a byproduct of no more than a name",
    { ...minimal, runDetails: { ...minimal.runDetails, byproducts: [{ name: "x" }] } },
    ["runDetails", "byproducts", 0],
  ],
  [
    "a time that is a number",
    { ...minimal, runDetails: { ...minimal.runDetails, metadata: { startedOn: 1 } } },
    ["runDetails", "metadata", "startedOn"],
  ],
])("%s is refused", (_what, value, path) => {
  expect(ProvenanceV1.safeParse(value).error?.issues).toMatchObject([{ path }]);
});
