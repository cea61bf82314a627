import { parseReference } from "@touchmark/oci";
import { describe, expect, it } from "vitest";
import { placesOf, readRepository } from "./place.ts";

const built = (...names: string[]) => ({
  label: "build.json",
  names: names.map((name) => parseReference(name)),
  digest: `sha256:${"a".repeat(64)}`,
  provenance: [],
  bare: false,
});
const places = (names: readonly string[], repository: string | null = null) =>
  placesOf(built(...names), repository === null ? null : readRepository(repository)).map(({ name, tags }) => [
    name,
    tags,
  ]);

describe("placesOf", () => {
  it("has each repository once, with its tags sorted", () => {
    expect(places(["quay.io/a/b:2", "ghcr.io/a/b:latest", "ghcr.io/a/b:1", "ghcr.io/a/b:1"])).toEqual([
      ["ghcr.io/a/b", ["1", "latest"]],
      ["quay.io/a/b", ["2"]],
    ]);
  });

  it("takes the user's word where the tool has none", () => {
    expect(places([], "ghcr.io/a/b")).toEqual([["ghcr.io/a/b", []]]);
  });

  it("takes the user's word instead of what docker fills in", () => {
    expect(places(["docker.io/library/demo:1"], "ghcr.io/a/b")).toEqual([["ghcr.io/a/b", ["1"]]]);
    expect(places(["docker.io/library/demo:1"])).toEqual([["docker.io/library/demo", ["1"]]]);
  });

  it("leaves out none of the tool's for it", () => {
    expect(places(["ghcr.io/a/b:1", "quay.io/a/b:1"], "ghcr.io/a/b")).toHaveLength(2);
  });

  it.each([
    [[], null, "INPUT_INVALID"],
    [["ghcr.io/a/b:1"], "ghcr.io/a/c", "ARTIFACT_UNEXPECTED"],
  ])("refuses %j with %j", (names, repository, code) => {
    expect(() => places(names, repository)).toThrow(expect.objectContaining({ code }));
  });
});

describe("readRepository", () => {
  it.each([
    ["ghcr.io/a/b:1"],
    [`ghcr.io/a/b@sha256:${"a".repeat(64)}`],
    ["ghcr.io/A/b"],
    ["https://ghcr.io/a/b"],
    [""],
  ])("refuses %j", (text) => {
    expect(() => readRepository(text)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });

  it("shows no password", () => {
    expect(() => readRepository("octo:hunter2@ghcr.io/a/b")).not.toThrow(
      expect.objectContaining({ actual: expect.stringContaining("hunter2") }),
    );
  });
});
