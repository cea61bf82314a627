import { describe, expect, it } from "vitest";
import { optionsFromArgument } from "./argument.ts";
import { buildx } from "./buildx.ts";

const PINNED = `ghcr.io/octo/app@sha256:${"a".repeat(64)}`;

describe("optionsFromArgument", () => {
  it.each([
    ["metadata.json", { metadata: "metadata.json" }],
    ["-", { metadata: "-" }],
    ["a,b.json", { metadata: "a,b.json" }],
    ["/abs/image.tar", { metadata: "/abs/image.tar" }],
    ["m.json,layout=out,1.tar", { metadata: "m.json", layout: "out,1.tar" }],
    ["d.txt,repository=ghcr.io/octo/app", { metadata: "d.txt", repository: "ghcr.io/octo/app" }],
    ["bake.json,only=app,only=docs", { metadata: "bake.json", only: ["app", "docs"] }],
    [PINNED, { image: PINNED }],
    // Refused later, with a message about digests: no path looks like this.
    ["ghcr.io/octo/app@sha256:abc", { image: "ghcr.io/octo/app@sha256:abc" }],
  ])("%s", (argument, options) => {
    expect(optionsFromArgument(argument)).toEqual(options);
    expect(buildx.options.safeParse(options).success).toBe(true);
  });

  it.each([
    [null],
    [""],
    [",layout=x"],
    ["m.json,layot=x"],
    ["m.json,layout="],
    ["m.json,layout=a,layout=b"],
    ["m.json,repository=a/b,repository=c/d"],
  ])("refuses %j", (argument) => {
    expect(() => optionsFromArgument(argument)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

it.each([
  [{}],
  [{ image: PINNED, metadata: "m.json" }],
  [{ image: PINNED, layout: "out" }],
  [{ repository: "ghcr.io/octo/app" }],
  [{ metadata: "m.json", targets: ["app"] }],
  [{ metadata: "m.json", platforms: [] }],
])("the options %j are none", (options) => {
  expect(buildx.options.safeParse(options).success).toBe(false);
});

it("grants the paths in an argument, and asks for a network where bytes come from a registry", () => {
  expect(buildx.pathsIn?.("m.json,layout=/abs/out,repository=x.io/y")).toEqual(["m.json", "/abs/out"]);
  expect(buildx.pathsIn?.(PINNED)).toEqual([]);
  expect(buildx.pathsIn?.("-")).toEqual([]);
  expect(buildx.usesNetwork?.({ metadata: "m.json" })).toBe(true);
  expect(buildx.usesNetwork?.({ metadata: "m.json", layout: "out" })).toBe(false);
});
