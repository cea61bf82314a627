import { leastCpuMs } from "@touchmark/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { artifact, BY_KEY, facts, NOW } from "../../test/facts.ts";
import { MAX_CONDITION, MAX_CONDITION_DEPTH } from "../limits.ts";
import { conditionReader, type ReadCondition } from "./condition.ts";

let read: ReadCondition;
beforeAll(async () => {
  read = await conditionReader();
});

/** Why it does not hold; null where it does; or why it is no condition. */
function outcome(text: string, changes: Parameters<typeof facts>[0] = {}): string | null {
  const condition = read(text);
  if (typeof condition === "string") return `unreadable: ${condition}`;
  const found = condition.check(facts(changes), artifact());
  if (found === null) return null;
  expect(found).toMatchObject({ code: "CONDITION_FAILED", expected: text });
  return found.actual;
}

describe("a condition", () => {
  it.each([
    "true",
    "statement.predicate.n == 3",
    'statement.subject.exists(s, s.name == "lib")',
    'statement.subject.filter(s, s.name.startsWith("t")).size() == 1',
    '"predicate" in statement && !("other" in statement)',
    'subject.name == "tool" && "sha256" in subject.digest',
    'signer.issuer == "https://token.actions.githubusercontent.com"',
    'signer.runner != "self-hosted" && signer.trigger in ["push", "release"]',
    'artifact.kind == "file" && "dist/tool" in artifact.names',
    "!has(artifact.platform)",
    "!has(signer.builderCommit) || has(subject.name) && has(subject.digest.sha256)",
    'times[0] > timestamp("2026-06-01T00:00:00Z")',
    'times.all(t, t < timestamp("2026-06-15T12:00:00Z")) && times[0].getFullYear() == 2026',
    'timestamp("2026-06-15T12:00:00Z") - times[0] <= duration("240h")',
    '"v" + statement.predicate.n + "x" == "v3x" || size(statement.subject) + 1 == 3',
    "has(statement.predicate.other) ? false : statement.predicate.n in [1, 2, 3]",
    // What cannot be computed does not matter where the rest decides, as in any CEL.
    "statement.predicate.other == 1 || true",
  ])("%s holds", (text) => {
    expect(outcome(text)).toBeNull();
  });

  it.each<[string, Parameters<typeof facts>[0], string]>([
    ["statement.predicate.n == 4", {}, "false"],
    ["statement.predicate.other == 1", {}, "No such key: other"],
    ["statement.predicate", {}, "it is neither true nor false"],
    ["statement.predicate.n", {}, "it is neither true nor false"],
    ["statement.predicate.n == 3", { statement: null }, "Unknown variable: statement"],
    ['signer.issuer != "x"', { signer: BY_KEY }, "No such key: issuer"],
    ['subject.name != "x"', { subject: { name: null, digest: {} } }, "No such key: name"],
    // Of no time at all everything would be so.
    ['times.all(t, t < timestamp("2000-01-01T00:00:00Z"))', { times: null }, "Unknown variable: times"],
    ['statement.constructor == "x"', { statement: { constructor: "x" } }, "Unsupported type: function"],
    ['has(statement.toString) || "valueOf" in statement', {}, "false"],
    ["statement.__proto__ == null", {}, "No such key: __proto__"],
  ])("%s fails", (text, changes, actual) => {
    expect(outcome(text, changes)).toBe(actual);
  });

  it.each<[string, string]>([
    ["statement.predicate.n ==", "Unexpected token: EOF"],
    ["statment.predicate.n == 3", "Unknown variable: statment"],
    ["signer.isuer == 'x'", "there is no signer.isuer"],
    ["signer.issuer", "this is a string, and a condition must be true or false"],
    ["signer.issuer == 3", "no such overload: string == int"],
    ["subject.name.matches('(a+)+b')", "matches() is not offered: all, exists"],
    ["statement.subject.map(s, s.name) == []", "map() is not offered: all, exists"],
    ["cel.bind(x, 1, x == 1)", "bind() is not offered: all, exists"],
    ["statement.subject.all(s, s.name.split('').size() == 1)", "split() is not offered: all, exists"],
    ["[subject.name.matches('a')] == [true]", "matches() is not offered: all, exists"],
    ["{'a': subject.name.matches('a')} == {}", "matches() is not offered: all, exists"],
    ["!subject.name.matches('a')", "matches() is not offered: all, exists"],
    ["has(statement.a) ? subject.name.matches('a') : false", "matches() is not offered: all, exists"],
    ["statement.a[subject.name.matches('a') ? 1 : 2] == 1", "matches() is not offered: all, exists"],
    ["bytes(subject.name).json() == {}", "json() is not offered: all, exists"],
    ["type(subject) == string", "type() is not offered: has, size"],
    ["duration(statement.a) == duration('1h')", "duration() takes a text that stands in the expression"],
    ["statement.a.contains(statement.b)", "contains() takes a text that stands in the expression"],
    ["times[0].getHours('Europe/Paris') == 1", "getHours() takes no time zone: times are UTC"],
    ["statement.a + statement.b == []", "+ needs a text or number"],
    ["[statement.a + [1]].all(l, l.all(a, l.all(b, true)))", "+ needs a text or number"],
    ["[statement.a.filter(a, true)].all(l, l.all(a, l.all(b, true)))", "filter() stands before .all()"],
    ["statement.a.filter(a, true) == []", "filter() stands before .all()"],
    ["(has(statement.a) ? statement.a.filter(a, true) : []).size() == 1", "filter() stands before .all()"],
    ["!has(signer.isuer)", "there is no signer.isuer"],
    ["[1].all(x, !has(artifact.sha256))", "there is no artifact.sha256"],
    ["has(subject.digests.sha256) || true", "there is no subject.digests"],
    ["[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))", "more than 3 loops"],
    [`${"(".repeat(MAX_CONDITION_DEPTH)}true${")".repeat(MAX_CONDITION_DEPTH)}`, "Exceeded maxDepth"],
    [Array.from({ length: 340 }, () => "1").join("<"), "Exceeded max"],
    [`3 in [${"1,".repeat(101)}1]`, "Exceeded max"],
  ])("%s is refused", (text, problem) => {
    expect(text.length).toBeLessThanOrEqual(MAX_CONDITION);
    expect(outcome(text)).toMatch(/^unreadable: /);
    expect(outcome(text)).toContain(problem);
  });

  it("is the same each time that it is read", () => {
    expect(read("1 == 1")).toBe(read("1 == 1"));
  });

  it("dates in UTC, by milliseconds", () => {
    expect(outcome('times == [timestamp("2026-06-15T12:00:00Z")]', { times: [NOW] })).toBeNull();
  });
});

describe("what a stranger made large", () => {
  const subject = Array.from({ length: 100_000 }, (_, index) => ({ name: `n${index}` }));
  const many = { statement: { subject, predicate: { text: "a".repeat(65_536), longer: "a".repeat(65_537) } } };

  it("is read once", () => {
    expect(outcome('statement.subject.all(s, s.name != "x")', many)).toBeNull();
    expect(outcome('!statement.predicate.text.contains("ab")', many)).toBeNull();
    expect(outcome('statement.predicate.longer != "x" || true', many)).toBe("it reads too much of the statement");
  });

  it.each([
    'statement.subject.all(s, statement.subject.exists(t, t.name == "x") || true)',
    "statement.subject.all(s, s in statement.subject)",
    "statement.subject.filter(s, true).all(s, statement.subject.filter(t, true).size() == 1 || true)",
    'statement.subject.all(s, statement.predicate.text != "x")',
    "statement.subject.all(s, size(statement) > 0 && statement == statement && statement != {'subject': []})",
    // The error would be swallowed, and the answer stand.
    '[1, 2, 3, 4, 5, 6].exists(n, statement.subject.all(s, s.name != "x")) && statement.subject.all(s, statement.subject.all(t, t.name != "x")) || true',
  ])("%s is not read on and on", async (text) => {
    let actual: string | null = null;
    const run = () => {
      actual = outcome(text, many);
    };
    expect(await leastCpuMs(3_000, run)).toBeLessThan(3_000);
    expect(actual).toBe("it reads too much of the statement");
  });
});
