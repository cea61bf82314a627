import { type Adapter, API_VERSION, defineAdapter, z } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import { Config } from "./schema.ts";
import {
  adapterNameOf,
  type GrantedSource,
  literalPrefix,
  placesOf,
  sourcesFromArguments,
  sourcesFromConfig,
} from "./sources.ts";

const manifest = fake("goreleaser", "manifest");
const listing = fake("files", "listing");
const adapters = [manifest, listing];

function fake(name: string, completeness: "manifest" | "listing"): Adapter {
  return defineAdapter({
    apiVersion: API_VERSION,
    name,
    completeness,
    marks: [],
    suggest: {},
    options: z.strictObject({ dist: z.string(), expect: z.unknown().optional(), run: z.boolean().optional() }),
    fromArgument: (argument) => ({ dist: argument ?? "dist" }),
    collect: () => Promise.resolve(null),
  }) as Adapter;
}

const config = (artifacts: unknown) => Config.parse({ version: 1, artifacts });

function one(argument: string): GrantedSource {
  const [source] = sourcesFromArguments([argument], adapters, { part: null, expect: [] });
  if (source === undefined) throw new Error("no source");
  return source;
}

describe("sourcesFromArguments", () => {
  it("splits adapter and path at the first colon, and grants the path", () => {
    const { source, roots } = one("goreleaser:out:x");
    expect(source).toMatchObject({ artifact: "goreleaser", options: { dist: "out:x" }, label: "goreleaser:out:x" });
    expect(roots).toEqual(["out:x"]);
  });

  it("takes an adapter without a path, which grants nothing", () => {
    expect(one("goreleaser")).toMatchObject({
      source: { options: { dist: "dist" } },
      roots: [],
    });
  });

  it("grants each of the paths that an adapter finds in the argument", () => {
    const several = { ...fake("several", "manifest"), pathsIn: (argument: string) => argument.split(",") } as Adapter;
    const [source] = sourcesFromArguments(["several:a/b,/c/*.tar"], [several], { part: null, expect: [] });
    expect(source?.roots).toEqual(["a/b", "/c"]);
  });

  it("has the adapter's name before the colon, without +run", () => {
    const named = ["files", "files:a:b", "npm-pack+run", "npm-pack+run:x", ":x"].map(adapterNameOf);
    expect(named).toEqual(["files", "files", "npm-pack", "npm-pack", ""]);
  });

  it("sets `run` for NAME+run", () => {
    expect(one("goreleaser+run:x").source.options).toEqual({ dist: "x", run: true });
  });

  it("hands expectations to the one listing, else to the one adapter that takes them", () => {
    const expectOf = (from: readonly string[], ...expected: string[]) =>
      sourcesFromArguments(from, adapters, { part: null, expect: expected }).map(
        ({ source }) => source.options["expect"],
      );
    expect(expectOf(["goreleaser:x", "files:x"], "a", "b")).toEqual([undefined, ["a", "b"]]);
    expect(expectOf(["files:x"], "3")).toEqual([3]);
    expect(expectOf(["goreleaser:x"], "3")).toEqual([3]);
  });

  it.each([
    ["nobody takes it", ["plain:x"]],
    ["there is no --from", []],
    ["two could be meant", ["files:x", "files:y"]],
  ])("refuses --expect where %s", (_why, from) => {
    const plainly = { ...fake("plain", "manifest"), options: z.strictObject({ dist: z.string() }) } as Adapter;
    expect(() => sourcesFromArguments(from, [...adapters, plainly], { part: null, expect: ["1"] })).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringContaining("--expect") }),
    );
  });

  it.each([
    ["gorelaeser:x", "ADAPTER_UNKNOWN"],
    ["files:", "USAGE"],
  ])("refuses %s", (argument, code) => {
    expect(() => one(argument)).toThrow(expect.objectContaining({ code }));
  });
});

describe("sourcesFromConfig", () => {
  const parted = config({ cli: { use: "goreleaser", parts: ["a", "b"], dist: "dist-{part}", name: "{stem}-{part}" } });

  it("collects every part whose place an option names", () => {
    const sources = sourcesFromConfig("cli", parted, adapters, null).map((one) => one.source);
    expect(sources.map((source) => [source.part, source.options["dist"], source.name])).toEqual([
      ["a", "dist-a", "{stem}-{part}"],
      ["b", "dist-b", "{stem}-{part}"],
    ]);
  });

  it("collects the one part that a job built", () => {
    expect(sourcesFromConfig("cli", parted, adapters, "b").map((one) => one.source.part)).toEqual(["b"]);
  });

  it.each([
    ["cli", "c", "PART_UNKNOWN"],
    ["cly", null, "USAGE"],
  ])("refuses %s with part %s", (key, part, code) => {
    expect(() => sourcesFromConfig(key, parted, adapters, part)).toThrow(expect.objectContaining({ code }));
  });
});

describe("placesOf", () => {
  const storing = (name: string): Adapter => ({
    ...fake(name, "manifest"),
    places: ({ dist }) => [`/store/of/${dist}`],
  });
  const known = storing("known");

  it("are those of the adapters that come with Touchmark, and of no other", () => {
    const sources = sourcesFromArguments(["known:a", "other:b", "goreleaser:c"], [known, storing("other"), manifest], {
      part: null,
      expect: [],
    });
    expect(placesOf(sources, [known, manifest])).toEqual(["/store/of/a"]);
  });

  it("are not granted by an adapter that only has the name of one", () => {
    const sources = sourcesFromArguments(["known:a"], [storing("known")], { part: null, expect: [] });
    expect(placesOf(sources, [known])).toEqual([]);
  });
});

describe("literalPrefix", () => {
  it.each([
    ["dist/*.tgz", "dist"],
    ["dist", "dist"],
    ["*.tgz", "."],
    ["/abs/**", "/abs"],
    ["/*", "/"],
    ["a/{b,c}/d", "a"],
  ])("%s starts from %s", (pattern, prefix) => {
    expect(literalPrefix(pattern)).toBe(prefix);
  });
});
