import { describe, expect, it } from "vitest";
import { MAX_BUILDERS, MAX_CONDITION, MAX_PATTERN, MAX_PATTERNS, MAX_TEXT, MAX_VALUES } from "../limits.ts";
import { RuleEntry } from "./rule-entry.ts";

const hex = (digits: number) => "0123456789abcdef".repeat(8).slice(0, digits);
const texts = (count: number) => Array.from({ length: count }, (_, at) => `x${at}`);
const members = (count: number) => Object.fromEntries(texts(count).map((name) => [name, true]));
const passes = (rule: object) => RuleEntry.safeParse({ match: "**", ...rule }).success;

/** For each key what it may be, and beside each what is nearest to it and means something else or nothing. */
const KEYS: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
  [
    "match",
    ["a", "**", ["a", "b"], "pkg:**", "a".repeat(MAX_PATTERN), texts(MAX_PATTERNS)],
    ["", [], ["a", "a"], "pkg:*", "a".repeat(MAX_PATTERN + 1), texts(MAX_PATTERNS + 1), 1, null],
  ],
  [
    "source",
    ["github.com/octo/app", "https://github.com/octo/app", "git.example.co.uk/a", "git.example.com:8443/a/b/c.d~e_-f"],
    [
      "http://github.com/octo/app",
      "xhttps://github.com/octo/app",
      "github.com",
      "github.com/",
      "localhost/octo/app",
      "github.com/octo/app.git",
      "github.com/octo/app/",
      "github.com:/octo/app",
      "github.com:port/octo/app",
      "github.com/octo/a b",
      "GitHub.com/octo/app",
      `github.com/${"a".repeat(MAX_TEXT)}`,
    ],
  ],
  ["source-id", ["0", "1".repeat(20)], ["", "1".repeat(21), "-1", "1x", "x1", 1]],
  ["owner-id", ["123"], ["", "12 ", 123]],
  ["any-source", [true], [false, "true", 1]],
  [
    "ref",
    ["refs/heads/main", "refs/tags/v1"],
    ["main", "heads/main", "xrefs/heads/main", "refs/", "refs/a b", "refs/é"],
  ],
  ["tag", ["v1.2.3", "v{semver} >=1.2 <2", "a".repeat(MAX_TEXT)], ["a".repeat(MAX_TEXT + 1), 1]],
  [
    "versioned-tag",
    ["v1", "v0", "v1.2", "v1.20.300", "v10.0.0", "v0.0.0"],
    ["1", "v", "v1.", "v1.2.3.4", "v01", "v1.02", "xv1", "v1x", "v1.2-rc1", "v-1", "v1.x"],
  ],
  ["branch", ["main", ["main", "next"]], ["", [], "a b", ["a", "a"]]],
  [
    "commit",
    [hex(40), hex(64)],
    [hex(39), hex(41), hex(63), hex(65), `x${hex(40)}`, hex(40).toUpperCase(), "a", "x".repeat(64)],
  ],
  ["build-type", ["https://example.com/v1", texts(MAX_VALUES)], ["", texts(MAX_VALUES + 1)]],
  ["builder", ["https://example.com/b@v1"], ["", "a\tb", "a".repeat(MAX_TEXT + 1)]],
  [
    "parameters",
    [
      {},
      { only: ["a.b"] },
      { values: { a: 1, b: "x", c: true, d: null } },
      { "reject-unknown": true },
      { values: members(MAX_VALUES) },
    ],
    [
      { only: [] },
      { only: ["a..b"] },
      { values: {} },
      { values: { a: {} } },
      { values: { a: "x".repeat(MAX_TEXT + 1) } },
      { values: members(MAX_VALUES + 1) },
      { "reject-unknown": false },
      { Only: ["a"] },
    ],
  ],
  [
    "workflow-inputs",
    [{ a: "x", b: 1, c: false }, members(MAX_VALUES)],
    [{}, { a: null }, { a: {} }, { "": 1 }, members(MAX_VALUES + 1), { a: "x".repeat(MAX_TEXT + 1) }],
  ],
  ["level", [1, 2, 3], [0, 4, 1.5, "3"]],
  ["trigger", ["push", ["push", "release"]], ["", []]],
  ["runner", ["github-hosted"], ["", ["a", "a"]]],
  [
    "require",
    [["provenance"], ["https://example.com/x/v1"], ["http://example.com/x"]],
    [
      [],
      ["anything"],
      ["xhttps://example.com"],
      ["https://example.com/a b"],
      ["https://"],
      "provenance",
      ["ftp://example.com"],
    ],
  ],
  [
    "platforms",
    [["linux/arm64"], ["linux/arm/v7", "linux/x86_64"]],
    [
      [],
      ["linux"],
      ["linux/"],
      ["Linux/arm64"],
      ["linux/arm64/"],
      ["linux/arm/v7/x"],
      ["+linux/arm64"],
      ["linux/arm64+"],
    ],
  ],
  ["max-age", ["12h", "180d", "8w"], ["12", "h", "12m", "1.5d", "11000d", 12]],
  ["builders", [2, MAX_BUILDERS], [1, MAX_BUILDERS + 1, 2.5, "2"]],
  ["when", ["x", "x".repeat(MAX_CONDITION)], ["", "x".repeat(MAX_CONDITION + 1), true]],
  ["any-name", [true], [false]],
];

describe.each(KEYS)("%s", (key, allowed, refused) => {
  it.each(allowed.map((value) => [value]))("may be %j", (value) => {
    expect(passes({ [key]: value })).toBe(true);
  });

  it.each(refused.map((value) => [value]))("cannot be %j", (value) => {
    expect(passes({ [key]: value })).toBe(false);
  });
});

it("a rule has these keys and no others, and must say what it is about", () => {
  expect(Object.keys(RuleEntry.shape).sort()).toEqual(KEYS.map(([key]) => key).sort());
  expect(passes({ sources: "github.com/octo/app" })).toBe(false);
  expect(RuleEntry.safeParse({ source: "github.com/octo/app" }).success).toBe(false);
});
