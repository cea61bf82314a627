import { readFileSync } from "node:fs";
import type { ResourceDescriptor } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePackageLock } from "./package-lock.ts";
import { parsePnpmLock } from "./pnpm-lock.ts";
import { parseYarnLock } from "./yarn-lock.ts";

const invalid = expect.objectContaining({ code: "INPUT_INVALID" });
const COMMIT = "3aabc671ca276ba76fca14316e1b47648f56709c";
const fixture = (name: string) => readFileSync(new URL(`../fixtures/locks/${name}`, import.meta.url));
const uris = (dependencies: readonly ResourceDescriptor[]) => dependencies.map(({ uri, name }) => uri ?? name).sort();

const PACKAGES = ["pkg:npm/%40types/ms@2.1.0", "pkg:npm/debug@4.4.3", "pkg:npm/ms@2.0.0", "pkg:npm/ms@2.1.3"];

describe("lock files of one project, as six versions of three tools wrote them", () => {
  it.each([
    ["npm11.package-lock.json", parsePackageLock, PACKAGES],
    ["npm6.package-lock.json", parsePackageLock, PACKAGES.filter((uri) => !uri.includes("debug"))],
    ["pnpm10.pnpm-lock.yaml", parsePnpmLock, PACKAGES],
    ["pnpm8.pnpm-lock.yaml", parsePnpmLock, PACKAGES],
    ["yarn4.yarn.lock", parseYarnLock, PACKAGES],
    ["yarn1.yarn.lock", parseYarnLock, PACKAGES],
    ["npm11-bundled.package-lock.json", parsePackageLock, ["pkg:npm/ms@2.1.3"]],
  ])("%s", (name, parse, expected) => {
    const dependencies = parse(fixture(name), name);
    expect(uris(dependencies)).toEqual(expected);
    const ms = dependencies.find(({ uri }) => uri === "pkg:npm/ms@2.1.3");
    expect(Object.keys(ms?.digest ?? {})).toEqual(name.startsWith("yarn4") ? [] : ["sha512"]);
    expect(JSON.stringify(dependencies)).not.toMatch(/registry|yarnpkg/);
  });

  it("agree on the digest", () => {
    const digests = [
      parsePackageLock(fixture("npm11.package-lock.json"), "x"),
      parsePackageLock(fixture("npm6.package-lock.json"), "x"),
      parsePnpmLock(fixture("pnpm10.pnpm-lock.yaml"), "x"),
      parsePnpmLock(fixture("pnpm8.pnpm-lock.yaml"), "x"),
      parseYarnLock(fixture("yarn1.yarn.lock"), "x"),
    ].map((dependencies) => dependencies.find(({ uri }) => uri === "pkg:npm/ms@2.1.3")?.digest);
    expect(new Set(digests.map((digest) => digest?.["sha512"])).size).toBe(1);
    expect(digests[0]).toEqual({ sha512: expect.stringMatching(/^[0-9a-f]{128}$/) });
  });

  it("never end in anything but their own errors, whatever is cut off or changed", () => {
    const formats = [
      ["npm11.package-lock.json", parsePackageLock],
      ["npm6.package-lock.json", parsePackageLock],
      ["pnpm10.pnpm-lock.yaml", parsePnpmLock],
      ["pnpm8.pnpm-lock.yaml", parsePnpmLock],
      ["yarn4.yarn.lock", parseYarnLock],
      ["yarn1.yarn.lock", parseYarnLock],
    ] as const;
    const edit = fc.record({ at: fc.nat(4000), cut: fc.nat(40), put: fc.string({ maxLength: 12 }) });
    fc.assert(
      fc.property(fc.constantFrom(...formats), edit, ([name, parse], { at, cut, put }) => {
        const text = fixture(name).toString("utf8");
        const edited = text.slice(0, at) + put + text.slice(at + cut);
        try {
          for (const { uri, name: label, digest } of parse(Buffer.from(edited), name)) {
            expect(uri !== undefined || (label !== undefined && digest !== undefined)).toBe(true);
          }
        } catch (error) {
          expect(error).toMatchObject({ code: "INPUT_INVALID" });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("parsePackageLock", () => {
  const lock = (packages: Readonly<Record<string, unknown>>) =>
    parsePackageLock(Buffer.from(JSON.stringify({ lockfileVersion: 3, packages })), "package-lock.json");

  it("takes nested, scoped and aliased packages by their names", () => {
    const packages = {
      "node_modules/a/node_modules/@b/c": { version: "1.0.0" },
      "packages/x/node_modules/d": { version: "2.0.0" },
      "node_modules/e": { name: "real", version: "3.0.0" },
    };
    expect(uris(lock(packages))).toEqual(["pkg:npm/%40b/c@1.0.0", "pkg:npm/d@2.0.0", "pkg:npm/real@3.0.0"]);
  });

  it("leaves the project's own folders out, and what pins nothing", () => {
    const packages = {
      "": { name: "x", version: "1.0.0" },
      "packages/a": { name: "a", version: "1.0.0" },
      my_node_modules: { version: "1.0.0" },
      "node_modules/a": { resolved: "packages/a", link: true },
      "node_modules/b": { version: "1.0.0", resolved: "file:b.tgz" },
      "node_modules/c": { version: "1.0.0", resolved: "git+file:///home/ci/c#abc" },
      "node_modules/d": { peer: true },
    };
    expect(lock(packages)).toEqual([]);
  });

  it("names a git repository and its commit, without a user's name", () => {
    const git = { version: "1.0.0", resolved: `git+ssh://git@example.com/o/r.git#${COMMIT}`, integrity: "sha512-x" };
    expect(lock({ "node_modules/a": git })).toEqual([
      { uri: "git+ssh://example.com/o/r.git", digest: { gitCommit: COMMIT } },
    ]);
  });

  it("names a tarball from elsewhere by its digest", () => {
    const archive = {
      version: "1.0.0",
      resolved: "https://example.com/a.tgz?token=x",
      integrity: `sha512-${"A".repeat(86)}==`,
    };
    expect(lock({ "node_modules/a": archive })).toEqual([{ name: "a@1.0.0", digest: { sha512: "0".repeat(128) } }]);
  });

  it("reads what version 1 says of aliases, git, files and nesting", () => {
    const dependencies = {
      a: { version: "npm:@real/a@1.0.0", dependencies: { b: { version: "2.0.0", resolved: false } } },
      c: { version: `git+https://example.com/c.git#${COMMIT}`, from: "c" },
      d: { version: "file:../d" },
      e: { version: "https://example.com/e.tgz?token=x", integrity: `sha512-${"A".repeat(86)}==` },
    };
    const parsed = parsePackageLock(Buffer.from(JSON.stringify({ lockfileVersion: 1, dependencies })), "x");
    expect(uris(parsed)).toEqual(["e", "git+https://example.com/c.git", "pkg:npm/%40real/a@1.0.0", "pkg:npm/b@2.0.0"]);
  });

  it.each([
    ["no version", { packages: {} }],
    ["a version that we do not know", { lockfileVersion: 4, packages: {} }],
    ["no packages", { lockfileVersion: 3 }],
    ["a link that is a text", { lockfileVersion: 3, packages: { "node_modules/a": { link: "yes" } } }],
    ["a version that is none", { lockfileVersion: 3, packages: { "node_modules/a": { version: "latest" } } }],
    ["a name that is none", { lockfileVersion: 3, packages: { "node_modules/a b": { version: "1.0.0" } } }],
    ["a list", []],
  ])("refuses %s", (_what, value) => {
    expect(() => parsePackageLock(Buffer.from(JSON.stringify(value)), "x")).toThrow(invalid);
  });

  it("refuses one that is nested without end", () => {
    const deep = `${'{"dependencies":{"a":{"version":"1.0.0",'.repeat(50_000)}`;
    expect(() => parsePackageLock(Buffer.from(`{"lockfileVersion":1,${deep}`), "x")).toThrow(invalid);
    const closed = `{"lockfileVersion":1,"x":${"[".repeat(200)}${"]".repeat(200)}}`;
    expect(() => parsePackageLock(Buffer.from(closed), "x")).toThrow(invalid);
  });
});

describe("parsePnpmLock", () => {
  const lock = (packages: string, version = "'9.0'") =>
    parsePnpmLock(Buffer.from(`lockfileVersion: ${version}\npackages:\n${packages}`), "pnpm-lock.yaml");

  it("reads a key with peers and the name of what comes from elsewhere", () => {
    const packages = `
  /@a/b@1.0.0(react@18.0.0)(x@1.0.0(y@2.0.0)):
    resolution: {integrity: sha512-${"A".repeat(86)}==}
  github.com/o/r/${COMMIT}:
    resolution: {tarball: https://codeload.github.com/o/r/tar.gz/${COMMIT}}
    name: r
    version: 1.0.0
`;
    expect(lock(packages, "'6.0'")).toEqual([
      { uri: "pkg:npm/%40a/b@1.0.0", digest: { sha512: "0".repeat(128) } },
      { uri: "git+https://github.com/o/r", digest: { gitCommit: COMMIT } },
    ]);
  });

  it("reads git, tarballs and folders of version 9", () => {
    const packages = `
  a@git+https://git@example.com/a.git#${COMMIT}:
    resolution: {type: git, repo: 'https://user:token@example.com/a.git', commit: ${COMMIT}}
    version: 1.0.0
  b@https://example.com/b.tgz:
    resolution: {tarball: 'https://example.com/b.tgz', integrity: sha512-${"A".repeat(86)}==}
    version: 1.10.0
  c@file:c.tgz:
    resolution: {tarball: 'file:c.tgz', integrity: sha512-${"A".repeat(86)}==}
    version: 1.0.0
  d@link:d:
    resolution: {type: directory, directory: d}
  e@1.0.0:
    resolution: {tarball: 'https://registry.example/e/-/e-1.0.0.tgz', integrity: sha512-${"A".repeat(86)}==}
  node@runtime:22.0.0:
    resolution: {type: variations, variants: []}
    version: 22.0.0
`;
    expect(lock(packages)).toEqual([
      { uri: "git+https://example.com/a.git", digest: { gitCommit: COMMIT } },
      { name: "b@1.10.0", digest: { sha512: "0".repeat(128) } },
      { uri: "pkg:npm/e@1.0.0", digest: { sha512: "0".repeat(128) } },
    ]);
  });

  it("reads both documents of pnpm 11", () => {
    const first =
      "---\nlockfileVersion: '9.0'\npackages:\n  pnpm@11.0.0:\n    resolution: {integrity: sha1-V0yBOM4dK1hh8LRFedut1gxmFbI=}\n";
    const second =
      "---\nlockfileVersion: '9.0'\npackages:\n  ms@2.1.3:\n    resolution: {integrity: sha1-V0yBOM4dK1hh8LRFedut1gxmFbI=}\n";
    expect(uris(parsePnpmLock(Buffer.from(first + second), "x"))).toEqual(["pkg:npm/ms@2.1.3", "pkg:npm/pnpm@11.0.0"]);
  });

  it("is empty for a project without dependencies", () => {
    expect(parsePnpmLock(Buffer.from("lockfileVersion: '9.0'\nimporters: {.: {}}\n"), "x")).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["no version", "packages: {}"],
    ["a version that we do not know", "lockfileVersion: '5.4'"],
    ["a repeated key", "lockfileVersion: '9.0'\npackages: {}\npackages: {}\n"],
    ["a resolution of an unknown kind", "lockfileVersion: '9.0'\npackages: {a@1.0.0: {resolution: {type: custom}}}"],
    ["no resolution", "lockfileVersion: '9.0'\npackages: {a@1.0.0: {}}"],
    ["a key without a version", "lockfileVersion: '9.0'\npackages: {a: {resolution: {integrity: x}}}"],
    [
      "a git entry without its commit",
      "lockfileVersion: '9.0'\npackages: {a@git: {resolution: {type: git, repo: 'https://x/y'}}}",
    ],
    ["what is no YAML", "lockfileVersion: '9.0'\npackages: {"],
    ["nesting without end", `lockfileVersion: '9.0'\nx: ${"[".repeat(100_000)}`],
  ])("refuses %s", (_what, text) => {
    expect(() => parsePnpmLock(Buffer.from(text), "x")).toThrow(invalid);
  });

  it("refuses aliases that would grow without end", () => {
    const lines = ["lockfileVersion: '9.0'", "a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let at = 1; at < 12; at += 1) {
      const [name, last] = [String.fromCharCode(97 + at), String.fromCharCode(96 + at)];
      lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${last}`).join(",")}]`);
    }
    expect(() => parsePnpmLock(Buffer.from(lines.join("\n")), "x")).toThrow(invalid);
  });
});

describe("parseYarnLock", () => {
  const lock = (resolution: string) =>
    parseYarnLock(
      Buffer.from(`__metadata:\n  version: 8\n"a@x":\n  version: 1.0.0\n  resolution: ${JSON.stringify(resolution)}\n`),
      "yarn.lock",
    );

  it.each([
    ["@a/b@npm:1.0.0", "pkg:npm/%40a/b@1.0.0"],
    ["a@npm:1.0.0::__archiveUrl=https%3A%2F%2Fmirror.example%2Fa.tgz", "pkg:npm/a@1.0.0"],
    [`a@https://github.com/o/r.git#commit=${COMMIT}`, "git+https://github.com/o/r.git"],
    [`a@https://github.com/o/r#workspace=x&commit=${COMMIT}`, "git+https://github.com/o/r"],
    [`a@git@github.com:o/r.git#commit=${COMMIT}`, "git+ssh://github.com/o/r.git"],
    ["a@https://example.com/a.tgz", "pkg:generic/a@1.0.0"],
    ["a@https://mirror.example/a/-/a-1.0.0.tgz", "pkg:npm/a@1.0.0"],
  ])("%s is %s", (resolution, uri) => {
    expect(uris(lock(resolution))).toEqual([uri]);
  });

  it.each([
    "a@workspace:.",
    "a@file:./a#./a::hash=1",
    "a@link:x",
    "a@portal:x",
    "a@patch:a@npm%3A1.0.0#p",
    "a@exec:./x",
  ])("leaves %s out", (resolution) => {
    expect(lock(resolution)).toEqual([]);
  });

  it.each(["a", "@a/b", "a@unknown:1.0.0", "a@1.0.0", `a@https://github.com/o/r.git#commit=main`])(
    "refuses the resolution %j",
    (resolution) => {
      expect(() => lock(resolution)).toThrow(invalid);
    },
  );

  it.each([
    ["nothing", ""],
    ["a list", "- a"],
    ["no __metadata", '"a@npm:1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n'],
    ["an entry without a resolution", "__metadata:\n  version: 8\na@npm:1:\n  version: 1.0.0\n"],
  ])("refuses %s", (_what, text) => {
    expect(() => parseYarnLock(Buffer.from(text), "x")).toThrow(invalid);
  });

  const classic = (entries: string) => parseYarnLock(Buffer.from(`# yarn lockfile v1\n\n\n${entries}`), "yarn.lock");

  it("reads yarn 1: quoted names, aliases, git and lines that end as on Windows", () => {
    const entries = [
      '"@a/b@^1.0.0", "@a/b@>= 1.0.0":\n  version "1.0.0"\n  resolved "https://registry.example/@a/b/-/b-1.0.0.tgz#0"\n',
      '"x@npm:real@^2.0.0":\n  version "2.0.0"\n  resolved "https://registry.example/real/-/real-2.0.0.tgz#0"\n',
      `"c@git+https://example.com/c.git":\n  version "1.0.0"\n  uid ${COMMIT}\n  resolved "git+https://example.com/c.git#${COMMIT}"\n`,
      '"d@https://example.com/d.tgz":\n  version "1.0.0"\n  resolved "https://example.com/d.tgz"\n',
    ].join("\n");
    const expected = [
      "git+https://example.com/c.git",
      "pkg:generic/d@1.0.0",
      "pkg:npm/%40a/b@1.0.0",
      "pkg:npm/real@2.0.0",
    ];
    expect(uris(classic(entries))).toEqual(expected);
    expect(uris(classic(entries.replaceAll("\n", "\r\n")))).toEqual(expected);
  });

  it.each([
    ["an entry without a version", "a@1.0.0:\n  resolved x\n"],
    ["a line that is no entry", "a@1.0.0\n"],
    ["an entry without a range", 'a:\n  version "1.0.0"\n'],
  ])("refuses yarn 1's file with %s", (_what, entries) => {
    expect(() => classic(entries)).toThrow(invalid);
  });

  it("is empty for a project without dependencies", () => {
    expect(classic("")).toEqual([]);
  });
});
