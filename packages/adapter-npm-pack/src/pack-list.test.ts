import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PackList } from "./pack-entry.ts";
import { parsePackList } from "./pack-list.ts";

const invalid = expect.objectContaining({ code: "INPUT_INVALID" });
const folder = new URL("../fixtures/lists/", import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, folder));
const parse = (text: string | Uint8Array) => parsePackList(Buffer.from(text), "pack.json");
const said = ({ tool, entries }: PackList) => [
  tool,
  ...entries.map((each) => `${each.name}@${each.version} ${each.fileName}`),
];

const SINGLE = "demo-single@1.2.3 demo-single-1.2.3.tgz";
const CLI = "demo-cli@2.0.0 demo-cli-2.0.0.tgz";
const CORE = "@demo/core@2.0.0-rc.1+build.5 demo-core-2.0.0-rc.1+build.5.tgz";

/** Every list in the folder is here: a test below compares. */
const GOOD: Readonly<Record<string, readonly string[]>> = {
  "npm6-single.json": ["npm", SINGLE],
  "npm8-single.json": ["npm", SINGLE],
  "npm9-single.json": ["npm", SINGLE],
  "npm10-single.json": ["npm", SINGLE],
  "npm11-single.json": ["npm", SINGLE],
  "npm11-dryrun.json": ["npm", SINGLE],
  "npm12-single.json": ["npm", SINGLE],
  "npm8-workspaces.json": ["npm", CLI, CORE],
  "npm9-workspaces.json": ["npm", CLI, CORE],
  "npm10-workspaces.json": ["npm", CLI, CORE],
  "npm11-workspaces.json": ["npm", CLI, CORE],
  "npm12-workspaces.json": ["npm", CLI, CORE],
  "npm11-filename-collision.json": ["npm", "@x/y@1.0.0 x-y-1.0.0.tgz", "x-y@1.0.0 x-y-1.0.0.tgz"],
  "pnpm9-scoped.json": ["pnpm", CORE],
  "pnpm10-scoped.json": ["pnpm", CORE],
  "pnpm10-recursive.json": ["pnpm", CLI, "root@0.0.0 root-0.0.0.tgz", CORE],
  "pnpm12-single.json": ["pnpm", SINGLE],
  "pnpm12-scoped.json": ["pnpm", "@demo/core@2.0.0-rc.1 demo-core-2.0.0-rc.1.tgz"],
  "pnpm12-recursive.json": ["pnpm", "root@0.0.0 root-0.0.0.tgz", CLI, "@demo/core@2.0.0-rc.1 demo-core-2.0.0-rc.1.tgz"],
  "yarn4-workspace-cli.ndjson": ["yarn", "null@null package.tgz"],
  "yarn4-foreach.txt": [
    "yarn",
    "null@null ypk-@demo-core-2.0.0-rc.1+build.5.tgz",
    "null@null ypk-demo-cli-2.0.0.tgz",
    "null@null ypk-demo-ws-root-0.0.0.tgz",
  ],
};
const FAILED = ["pnpm9-single.json", "pnpm10-single.json"];

describe("parsePackList", () => {
  it.each(Object.entries(GOOD))("reads %s", (name, expected) => {
    expect(said(parsePackList(fixture(name), name))).toEqual(expected);
  });

  it.each(FAILED)("says what the tool said in %s", (name) => {
    expect(() => parsePackList(fixture(name), name)).toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        actual: expect.stringMatching(/^ERR_PNPM_BUNDLED.*: bundleDep/),
      }),
    );
  });

  it("says what npm said", () => {
    const text = '{"error":{"code":"ENOENT","summary":"no such folder","detail":""}}';
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", actual: "ENOENT: no such folder" }),
    );
  });

  it("takes every fixture", () => {
    expect([...Object.keys(GOOD), ...FAILED].sort()).toEqual(readdirSync(folder).sort());
  });

  it("takes the digests by their names", () => {
    const [entry] = parsePackList(fixture("npm11-single.json"), "x").entries;
    const tarball = fixture("../tarballs/demo-single-1.2.3.tgz");
    expect(entry?.declared).toEqual([
      {
        member: "integrity",
        digest: {
          sha512: createHash("sha512").update(tarball).digest("hex"),
        },
      },
      { member: "shasum", digest: { sha1: "6957d53304c9a7efe251a2c568fdf2d04a91726d" } },
    ]);
  });

  it("keeps where pnpm and yarn wrote the file", () => {
    const paths = (name: string) => parsePackList(fixture(name), name).entries.map(({ absolutePath }) => absolutePath);
    expect(paths("pnpm10-scoped.json")).toEqual(["/home/ci/pkpw/10/demo-core-2.0.0-rc.1+build.5.tgz"]);
    expect(paths("yarn4-workspace-cli.ndjson")).toEqual(["/home/ci/demo-yarn/packages/cli/package.tgz"]);
    expect(paths("npm11-single.json")).toEqual([null]);
  });

  it("takes a package whose name is error", () => {
    const entry = '{"id":"error@1.0.0","name":"error","version":"1.0.0","filename":"error-1.0.0.tgz"}';
    expect(said(parse(`{"error":${entry}}`))).toEqual(["npm", "error@1.0.0 error-1.0.0.tgz"]);
  });

  it("never gives a shorter list for one that was cut off", () => {
    const names = Object.keys(GOOD).filter((name) => !name.startsWith("yarn"));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.double({ min: 0, max: 1, noNaN: true }), (name, share) => {
        const bytes = fixture(name);
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        try {
          expect(said(parsePackList(cut, name))).toEqual(GOOD[name]);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(?:INPUT_INVALID|NOTHING_FOUND)$/) });
        }
      }),
      { numRuns: 500 },
    );
  });

  it("never gives a shorter list for one of yarn's, but for one cut after a whole package", () => {
    const bytes = fixture("yarn4-foreach.txt");
    const whole = GOOD["yarn4-foreach.txt"] ?? [];
    const ends = [...bytes.toString("latin1").matchAll(/"output":.*\n/g)].map((match) => match.index + match[0].length);
    for (let length = 0; length < bytes.length; length += 1) {
      if (ends.includes(length)) continue;
      expect(() => parsePackList(bytes.subarray(0, length), "x")).toThrow(invalid);
    }
    expect(ends.map((length) => said(parsePackList(bytes.subarray(0, length), "x")).length)).toEqual([
      2,
      3,
      whole.length,
    ]);
  });

  it("never throws anything but its own errors", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `noise\n${json}`),
        ),
        (text) => {
          try {
            parse(text);
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^(?:INPUT_INVALID|NOTHING_FOUND)$/) });
          }
        },
      ),
    );
  });

  const good = { name: "demo", version: "1.0.0", filename: "demo-1.0.0.tgz" };
  it.each([
    ["nothing", ""],
    ["a text", "done"],
    ["a number", "1"],
    ["a list of texts", '["demo-1.0.0.tgz"]'],
    ["no name", JSON.stringify([{ ...good, name: undefined }])],
    ["an empty version", JSON.stringify([{ ...good, version: "" }])],
    ["a file name that is a number", JSON.stringify([{ ...good, filename: 1 }])],
    ["an integrity of an unknown algorithm", JSON.stringify([{ ...good, integrity: "sha3-AAAA" }])],
    ["an integrity that is null", JSON.stringify([{ ...good, integrity: null }])],
    ["a shasum that is too short", JSON.stringify([{ ...good, shasum: "abc" }])],
    ["another name than the key", JSON.stringify({ other: good })],
    ["a key without a package", JSON.stringify({ demo: good, more: 1 })],
    ["a repeated key", `[${JSON.stringify(good).replace("{", '{"name":"other",')}]`],
  ])("refuses %s", (_what, text) => {
    expect(() => parse(text)).toThrow(invalid);
  });

  it.each(["../demo.tgz", "sub/demo.tgz", "a\\b.tgz", "..", ".", "/", "C:\\", "a\u0000b", "@a/b/c.tgz", "@a/../b"])(
    "refuses the file name %j",
    (filename) => {
      expect(() => parse(JSON.stringify([{ ...good, filename }]))).toThrow(invalid);
    },
  );

  it("takes a Windows path by its last part", () => {
    expect(said(parse(JSON.stringify({ ...good, filename: "C:\\out\\demo-1.0.0.tgz" })))[1]).toContain(
      " demo-1.0.0.tgz",
    );
  });

  it.each(["[]", "{}", "noise\n[]"])("says that %j lists nothing", (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "NOTHING_FOUND" }));
  });

  it("refuses two lists in one file: the last one would be a part", () => {
    const two = Buffer.concat([fixture("npm11-single.json"), fixture("npm11-workspaces.json")]);
    expect(() => parsePackList(two, "x")).toThrow(invalid);
  });

  it("refuses more than 10,000 packages", () => {
    const text = JSON.stringify(Array.from({ length: 10_001 }, () => good));
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
  });

  it("refuses more than 64 MiB before reading it", () => {
    const large = new Uint8Array(64 * 1024 * 1024 + 1);
    expect(() => parsePackList(large, "x")).toThrow(expect.objectContaining({ code: "INPUT_TOO_LARGE" }));
  });

  it.each([
    ["a package without its output", '{"base":"/p"}\n{"location":"a"}\n'],
    ["two packages, one without", '{"base":"/p"}\n{"base":"/q"}\n{"output":"/q/package.tgz"}\n'],
    ["an output without its package", '{"output":"/q/package.tgz"}\n'],
    ["a line that is no JSON", '{"base":"/p"}\n{"output":"/p/a.tgz"\n'],
    ["an output that is a number", '{"base":"/p"}\n{"output":1}\n'],
  ])("refuses yarn's lines with %s", (_what, text) => {
    expect(() => parse(text)).toThrow(invalid);
  });

  it("says what yarn said", () => {
    const text = '{"base":"/p"}\n{"type":"error","name":28,"displayName":"YN0028","data":"lockfile would change"}\n';
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", actual: "lockfile would change" }),
    );
  });

  it("passes over what scripts print between yarn's lines", () => {
    expect(said(parse('building\n{"base":"/p"}\nnoise {\n{"output":"/p/a.tgz"}\nDone\n'))).toEqual([
      "yarn",
      "null@null a.tgz",
    ]);
  });
});
