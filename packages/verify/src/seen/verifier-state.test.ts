import { encodeJson } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_SEEN_INSTANCES, MAX_SEEN_REPOSITORIES, MAX_STATE_BYTES } from "./limits.ts";
import type { VerifierState } from "./schema.ts";
import { encodeVerifierState, mergeStates, NOTHING_SEEN, parseVerifierState } from "./verifier-state.ts";

const REPOSITORY = "https://github.com/octo/widgets";
const digest = "a".repeat(64);
const state: VerifierState = {
  version: 1,
  roots: [{ digest, newest: "2026-01-01T00:00:00.000Z", keys: { [digest]: null } }],
  releases: { [REPOSITORY]: { "": "1.2.3", "cli@": "1.0.0-rc.1" } },
};
const parse = (text: string) => parseVerifierState(new TextEncoder().encode(text), "seen.json");
// biome-ignore lint/suspicious/noExplicitAny: a test may break what a type holds together
const changed = (edit: (copy: any) => void) => {
  const copy = structuredClone(state);
  edit(copy);
  return JSON.stringify(copy);
};

describe("a state", () => {
  it("is read as it was written", () => {
    expect(parseVerifierState(encodeVerifierState(state), "seen.json")).toEqual(state);
    expect(parseVerifierState(encodeVerifierState(NOTHING_SEEN), "seen.json")).toEqual(NOTHING_SEEN);
  });

  it.each<[string, string]>([
    ["nothing", ""],
    ["half of one", JSON.stringify(state).slice(0, 100)],
    ["a list", "[]"],
    ["another version", changed((copy) => Object.assign(copy, { version: 2 }))],
    ["no version", changed((copy) => Reflect.deleteProperty(copy, "version"))],
    ["a member that is not known", changed((copy) => Object.assign(copy, { more: 1 }))],
    ["no releases", changed((copy) => Reflect.deleteProperty(copy, "releases"))],
    ["a key twice", JSON.stringify(state).replace("{", '{"version":1,')],
    ["a digest in upper case", changed((copy) => Object.assign(copy.roots[0], { digest: digest.toUpperCase() }))],
    ["a digest of 65 digits", changed((copy) => Object.assign(copy.roots[0], { digest: `a${digest}` }))],
    ["a digest with something behind it", changed((copy) => Object.assign(copy.roots[0], { digest: `${digest}.` }))],
    ["null for its roots", changed((copy) => Object.assign(copy, { roots: null }))],
    ["null for its releases", changed((copy) => Object.assign(copy, { releases: null }))],
    ["a number for its releases", changed((copy) => Object.assign(copy, { releases: 1 }))],
    [
      "a time without milliseconds",
      changed((copy) => Object.assign(copy.roots[0], { newest: "2026-01-01T00:00:00Z" })),
    ],
    [
      "a time of another zone",
      changed((copy) => Object.assign(copy.roots[0], { newest: "2026-01-01T00:00:00.000+01:00" })),
    ],
    ["a key that is no digest", changed((copy) => Object.assign(copy.roots[0], { keys: { x: null } }))],
    ["a key that ends never and always", changed((copy) => Object.assign(copy.roots[0], { keys: { [digest]: true } }))],
    ["a version with a v", changed((copy) => Object.assign(copy.releases[REPOSITORY], { "": "v1.2.3" }))],
    ["a version that is none", changed((copy) => Object.assign(copy.releases[REPOSITORY], { "": "1.2" }))],
    ["a version in a series", changed((copy) => Object.assign(copy.releases[REPOSITORY], { "": "cli@1.2.3" }))],
    ["65 instances", changed((copy) => Object.assign(copy, { roots: new Array(65).fill(copy.roots[0]) }))],
    [
      "10,001 repositories",
      changed((copy) =>
        Object.assign(copy, { releases: Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`r${n}`, {}])) }),
      ),
    ],
    ["more than 8 MiB", `${JSON.stringify(state)}${" ".repeat(MAX_STATE_BYTES)}`],
  ])("that is %s is refused", (_, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("that is refused says why, and what to do", () => {
    const refusal = (actual: unknown) =>
      expect.objectContaining({
        code: "INPUT_INVALID",
        message: "seen.json does not hold what a verifier has seen",
        expected: "a file that verify --state wrote; delete it only to forget all that was seen",
        actual,
      });
    expect(() => parse("{")).toThrow(refusal("seen.json is not valid JSON"));
    expect(() => parse("{}")).toThrow(refusal(expect.stringMatching(/^version: /)));
  });

  it("may have as many members as it is bounded by", () => {
    const most: VerifierState = {
      version: 1,
      roots: new Array(MAX_SEEN_INSTANCES).fill(state.roots[0]),
      releases: Object.fromEntries(Array.from({ length: MAX_SEEN_REPOSITORIES }, (_, n) => [`r${n}`, {}])),
    };
    expect(parseVerifierState(encodeVerifierState(most), "seen.json")).toEqual(most);
  });

  it("that would not be read again is not written: too many repositories", () => {
    const releases = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`https://x.example/${n}`, {}]));
    expect(() => encodeVerifierState({ ...state, releases })).toThrow(
      expect.objectContaining({
        code: "LIMIT_EXCEEDED",
        expected: `at most 10000 repositories, 64 instances and ${MAX_STATE_BYTES} bytes`,
        actual: expect.stringMatching(/^10001 repositories, 1 instances and \d+ bytes$/),
      }),
    );
  });

  it("that would not be read again is not written: one byte too many", () => {
    const long = (n: number) => `${n}`.padEnd(2_000, "x");
    const releases = Object.fromEntries(Array.from({ length: 4_181 }, (_, n) => [long(n), {}]));
    const encoded = (length: number) => encodeJson({ ...state, releases: { ...releases, ["y".repeat(length)]: {} } });
    const fits = MAX_STATE_BYTES - encoded(1_000).byteLength + 1_000;
    const withName = (length: number): VerifierState => ({
      ...state,
      releases: { ...releases, ["y".repeat(length)]: {} },
    });
    expect(encodeVerifierState(withName(fits))).toHaveLength(MAX_STATE_BYTES);
    expect(() => encodeVerifierState(withName(fits + 1))).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
  });

  it("of any bytes is read or refused, with a code", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parse(text)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
      }),
    );
  });
});

const time = fc.constantFrom("2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z");
/** Of one instance, whose log is in all of them. */
const instance = fc
  .record({
    name: fc.constantFrom("a", "b", "c"),
    newest: time,
    log: fc.option(time),
    ca: fc.option(time, { nil: undefined }),
  })
  .map(({ name, newest, log, ca }) => ({
    digest: name.repeat(64),
    newest,
    keys: { ["1".repeat(64)]: log, ...(ca === undefined ? {} : { ["2".repeat(64)]: ca }) },
  }));
const other = fc.constant({
  digest: "d".repeat(64),
  newest: "2026-01-15T00:00:00.000Z",
  keys: { ["3".repeat(64)]: null },
});
const states = fc.record({
  version: fc.constant(1 as const),
  roots: fc.oneof(
    instance.map((one) => [one]),
    other.map((one) => [one]),
    fc.tuple(instance, other).map((both) => [...both]),
  ),
  releases: fc.dictionary(
    fc.constantFrom("https://a.example/a", "https://b.example/b"),
    fc.dictionary(fc.constantFrom("", "cli@"), fc.constantFrom("1.0.0", "1.0.1", "1.0.1+b", "2.0.0-rc.1")),
  ),
});

describe("two states together", () => {
  it("are the same whichever comes first, and each is in them", () => {
    fc.assert(
      fc.property(states, states, (left, right) => {
        const both = mergeStates(left, right);
        expect(mergeStates(right, left)).toEqual(both);
        expect(mergeStates(both, left)).toEqual(both);
        expect(mergeStates(left, left)).toEqual(left);
      }),
    );
  });
});
