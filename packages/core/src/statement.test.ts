import { describe, expect, test, vi } from "vitest";
import {
  encodeStatement,
  parseAttachedStatement,
  parseStatement,
  STATEMENT_V1,
  STATEMENT_V01,
  type Statement,
} from "./statement.ts";

// Large inputs, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

const A = "a".repeat(64);
const statement: Statement = {
  _type: STATEMENT_V1,
  subject: [{ name: "tool", digest: { sha256: A } }],
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: { z: 1, a: 2 },
};
const parse = (value: unknown) => parseStatement(new TextEncoder().encode(JSON.stringify(value)));

test("encoded with sorted keys and no white space", () => {
  expect(new TextDecoder().decode(encodeStatement(statement))).toBe(
    `{"_type":"${STATEMENT_V1}","predicate":{"a":2,"z":1},"predicateType":"https://slsa.dev/provenance/v1",` +
      `"subject":[{"digest":{"sha256":"${A}"},"name":"tool"}]}`,
  );
});

describe("what is read", () => {
  test("what we write", () => {
    expect(parseStatement(encodeStatement(statement))).toEqual(statement);
  });

  test("v0.1, unknown members, a subject without name, any digest keys", () => {
    const subject = [
      { digest: { sha256: A, dirHash: "h1:x=" } },
      { name: "", uri: "u", digest: { other: "x" }, more: 1 },
    ];
    expect(parse({ ...statement, _type: STATEMENT_V01, subject, more: 1 })).toEqual({
      ...statement,
      _type: STATEMENT_V01,
      subject: [subject[0], { uri: "u", digest: { other: "x" } }],
    });
  });

  test.each([[undefined], [null]])("a predicate that is %j is null", (predicate) => {
    expect(parse({ ...statement, predicate }).predicate).toBeNull();
  });
});

test.each([
  ["no JSON", "{", "one complete JSON value"],
  ["a key twice", '{"_type":"x","_type":"y"}', "each key once"],
  ["a list", "[]", "an in-toto statement v0.1 or v1 with at least one subject and its digests"],
])("%s is malformed", (_what, text, expected) => {
  expect(() => parseStatement(new TextEncoder().encode(text))).toThrow(
    expect.objectContaining({ code: "STATEMENT_MALFORMED", expected }),
  );
});

test.each([
  ["another type", { _type: "https://in-toto.io/Statement/v2" }, /^_type: /],
  ["no subject", { subject: [] }, /^subject: 0 entries, expected 1 to 100000/],
  ["a subject that is none", { subject: [1] }, /^subject\.0: /],
  ["a subject without digest", { subject: [{ name: "tool", uri: "u" }] }, /^subject\.0: a subject needs a digest/],
  [
    "a subject with an empty digest set",
    { subject: [{ uri: "u", digest: {} }] },
    /^subject\.0: a subject needs a digest/,
  ],
  ["a digest in upper case", { subject: [{ digest: { sha256: "A".repeat(64) } }] }, /^subject\.0\.digest: /],
  ["no predicate type", { predicateType: "" }, /^predicateType: /],
  ["a predicate that is a list", { predicate: [] }, /^predicate: /],
])("%s is malformed", (_what, change, actual) => {
  expect(() => parse({ ...statement, ...change })).toThrow(
    expect.objectContaining({ code: "STATEMENT_MALFORMED", actual: expect.stringMatching(actual) }),
  );
});

test.each([
  ["entries of one set", [{ digest: Object.fromEntries(Array.from({ length: 150_000 }, (_, at) => [`k${at}`, 1])) }]],
  ["sets", Array.from({ length: 100_000 }, () => ({ digest: { a: 1, b: 2, c: 3 } }))],
])("hundreds of thousands of wrong %s are malformed, not a crash", (_what, subject) => {
  expect(() => parse({ ...statement, subject })).toThrow(expect.objectContaining({ code: "STATEMENT_MALFORMED" }));
});

test("a statement without a subject is read where its place says what it is about, and nowhere else", () => {
  const without = new TextEncoder().encode(JSON.stringify({ ...statement, subject: [] }));
  expect(parseAttachedStatement(without)).toEqual({ ...statement, subject: [] });
  expect(() => parseStatement(without)).toThrow(expect.objectContaining({ code: "STATEMENT_MALFORMED" }));
  for (const subject of [null, [{ name: "tool" }]]) {
    const wrong = new TextEncoder().encode(JSON.stringify({ ...statement, subject }));
    expect(() => parseAttachedStatement(wrong)).toThrow(expect.objectContaining({ code: "STATEMENT_MALFORMED" }));
  }
});
