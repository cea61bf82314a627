import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_STATE_BYTES } from "./limits.ts";
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

  it("that would not be read again is not written", () => {
    const releases = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`https://x.example/${n}`, {}]));
    expect(() => encodeVerifierState({ ...state, releases })).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
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
const states = fc.record({
  version: fc.constant(1 as const),
  roots: fc
    .record({ newest: time, end: fc.option(time) })
    .map(({ newest, end }) => [{ digest, newest, keys: { [digest]: end } }]),
  releases: fc.dictionary(
    fc.constantFrom("https://a.example/a", "https://b.example/b"),
    fc.dictionary(fc.constantFrom("", "cli@"), fc.constantFrom("1.0.0", "1.0.1", "2.0.0-rc.1")),
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
