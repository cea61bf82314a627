import { expect, test } from "vitest";
import { ProvenanceV02 } from "./provenance-v02.ts";

const minimal = { builder: { id: "https://b" }, buildType: "https://t" };

test("what may be left out", () => {
  const read = { ...minimal, invocation: null, buildConfig: {}, metadata: null, materials: [] };
  expect(ProvenanceV02.parse(minimal)).toEqual(read);
  const nulls = { invocation: null, buildConfig: null, metadata: null, materials: null };
  expect(ProvenanceV02.parse({ ...minimal, ...nulls })).toEqual(read);
});

test("an empty config source, as BuildKit writes it", () => {
  const invocation = {
    configSource: {},
    parameters: { frontend: "dockerfile.v0" },
    environment: { platform: "linux" },
  };
  expect(ProvenanceV02.parse({ ...minimal, invocation }).invocation).toEqual({
    ...invocation,
    configSource: { uri: null, digest: null, entryPoint: null },
  });
  expect(ProvenanceV02.parse({ ...minimal, invocation: {} }).invocation?.configSource).toEqual({
    uri: null,
    digest: null,
    entryPoint: null,
  });
});

test("an empty digest is none", () => {
  expect(ProvenanceV02.parse({ ...minimal, materials: [{ uri: "u", digest: {} }] }).materials).toEqual([
    { uri: "u", digest: null },
  ]);
});

const metadata = (change: object) => ({ ...minimal, metadata: change });

test("both spellings of the invocation, with one value", () => {
  expect(ProvenanceV02.parse(metadata({ buildInvocationId: "1", buildInvocationID: "1" })).metadata).toMatchObject({
    buildInvocationId: "1",
    buildInvocationID: "1",
  });
});

test.each([
  ["both spellings, with two values", metadata({ buildInvocationId: "1", buildInvocationID: "2" }), ["metadata"]],
  ["no builder", { buildType: "t" }, ["builder"]],
  ["an empty builder id", { ...minimal, builder: { id: "" } }, ["builder", "id"]],
  ["an empty build type", { ...minimal, buildType: "" }, ["buildType"]],
  [
    "a digest in upper case",
    { ...minimal, materials: [{ digest: { sha1: "A".repeat(40) } }] },
    ["materials", 0, "digest"],
  ],
  ["reproducible as text", metadata({ reproducible: "yes" }), ["metadata", "reproducible"]],
])("%s is refused", (_what, value, path) => {
  expect(ProvenanceV02.safeParse(value).error?.issues).toMatchObject([{ path }]);
});
