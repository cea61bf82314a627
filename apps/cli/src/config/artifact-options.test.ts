import { API_VERSION, defineAdapter, z } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import { checkArtifactOptions, fillPart } from "./artifact-options.ts";
import { Config } from "./schema.ts";

const adapters = [
  defineAdapter<unknown>({
    apiVersion: API_VERSION,
    name: "goreleaser",
    completeness: "manifest",
    marks: [],
    suggest: {},
    options: z.strictObject({ dist: z.string() }),
    fromArgument: () => ({}),
    collect: () => Promise.resolve(null),
  }),
];

const config = (artifacts: unknown) => Config.parse({ version: 1, artifacts });

describe("checkArtifactOptions", () => {
  it("names the near miss of an unknown key", () => {
    const wrong = config({ cli: { use: "goreleaser", dist: "dist", part: ["a"] } });
    expect(() => checkArtifactOptions({ config: wrong, path: "touchmark.yaml", lineOf: () => ":4" }, adapters)).toThrow(
      expect.objectContaining({
        code: "HINT_UNKNOWN",
        message: expect.stringMatching(/^touchmark\.yaml:4 .*did you mean `parts`/),
      }),
    );
  });

  it("says which option the adapter cannot do without", () => {
    const wrong = config({ cli: { use: "goreleaser" } });
    expect(() => checkArtifactOptions({ config: wrong, path: "touchmark.yaml", lineOf: () => ":4" }, adapters)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: "touchmark.yaml:4  artifacts.cli.dist is missing" }),
    );
  });

  it("refuses a value that the adapter does not take", () => {
    const wrong = config({ cli: { use: "goreleaser", dist: 3 } });
    expect(() => checkArtifactOptions({ config: wrong, path: "touchmark.yaml", lineOf: () => ":4" }, adapters)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining("artifacts.cli.dist") }),
    );
  });
});

it("fillPart puts the part in at any depth, and leaves a place without one", () => {
  const options = { only: ["{part}", { dist: "out/{part}/{part}" }], expect: 2 };
  expect(fillPart(options, "arm64")).toEqual({ only: ["arm64", { dist: "out/arm64/arm64" }], expect: 2 });
  expect(fillPart(options, null)).toEqual(options);
});
