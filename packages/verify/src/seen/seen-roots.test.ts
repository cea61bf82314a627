import { describe, expect, it } from "vitest";
import type { SeenInstance } from "./schema.ts";
import { rootsRollback, withRoots } from "./seen-roots.ts";

const digest = (letter: string) => letter.repeat(64);
const [LOG, CA, OTHER] = [digest("1"), digest("2"), digest("3")];
const EARLY = "2026-01-01T00:00:00.000Z";
const LATE = "2026-02-01T00:00:00.000Z";
const instance = (newest: string, keys: SeenInstance["keys"], name = "a"): SeenInstance => ({
  digest: digest(name),
  newest,
  keys,
});
const seen = [instance(LATE, { [LOG]: null, [CA]: EARLY })];

describe("roots", () => {
  it.each<[string, SeenInstance, string | null]>([
    ["the same", instance(LATE, { [LOG]: null, [CA]: EARLY }), null],
    ["with an older newest start", instance(EARLY, { [LOG]: null }), "ROOTS_ROLLBACK"],
    ["with a newer one", instance("2026-02-01T00:00:00.001Z", { [LOG]: null, [CA]: null }), null],
    ["in which an ended key does not end", instance(LATE, { [LOG]: null, [CA]: null }), "ROOTS_ROLLBACK"],
    ["in which it ends later", instance(LATE, { [LOG]: null, [CA]: LATE }), "ROOTS_ROLLBACK"],
    ["in which it ends earlier", instance(LATE, { [LOG]: null, [CA]: "2025-12-31T00:00:00.000Z" }), null],
    ["in which a key ends that did not", instance(LATE, { [LOG]: LATE, [CA]: EARLY }), null],
    ["without a key", instance(LATE, { [LOG]: null }), null],
    ["of another instance", instance(EARLY, { [OTHER]: null }), null],
  ])("%s", (_, one, code) => {
    expect(rootsRollback("roots.json", [one], seen)?.code ?? null).toBe(code);
  });

  it("of several instances are refused for one of them", () => {
    const two = [instance(LATE, { [OTHER]: null }), instance(EARLY, { [LOG]: null }, "b")];
    expect(rootsRollback("roots.json", two, seen)).toMatchObject({
      message: "roots.json holds older roots than those that were seen before",
      expected: `roots as new as those of ${LATE} (sha256:${digest("a")})`,
      actual: `roots of ${EARLY}`,
    });
  });

  it("that are as new are refused for the key that counts longer, and say so", () => {
    expect(rootsRollback("roots.json", [instance(LATE, { [CA]: null })], seen)).toMatchObject({
      expected: `roots as new as those of ${LATE} (sha256:${digest("a")})`,
      actual: `roots of ${LATE}, in which a key counts longer`,
    });
  });
});

describe("what was seen", () => {
  it("takes the place of what it is newer than, and of nothing else", () => {
    const newer = instance("2026-03-01T00:00:00.000Z", { [LOG]: null, [digest("4")]: null }, "b");
    const other = instance(EARLY, { [OTHER]: null }, "c");
    expect(withRoots(seen, [newer, other])).toEqual([newer, other]);
    expect(withRoots(withRoots([], [newer, other]), seen)).toEqual([newer, other]);
  });

  it("keeps the end of a key that roots as new leave out", () => {
    const without = instance(LATE, { [LOG]: null }, "b");
    expect(rootsRollback("roots.json", [without], seen)).toBeNull();
    const after = withRoots(seen, [without]);
    const again = instance(LATE, { [LOG]: null, [CA]: null }, "c");
    expect(rootsRollback("roots.json", [again], after)).toMatchObject({ code: "ROOTS_ROLLBACK" });
    // A newer start says anew which keys count, and until when.
    const newer = instance("2026-03-01T00:00:00.000Z", { [LOG]: null, [CA]: null }, "d");
    expect(withRoots(after, [newer])).toEqual([newer]);
  });

  it("is of roots as new each key until the earlier end, under the name of the newer", () => {
    const [open, ended] = [instance(LATE, { [LOG]: null }, "b"), instance(LATE, { [LOG]: LATE, [CA]: LATE }, "c")];
    expect(withRoots([open], [ended])).toEqual([ended]);
    expect(withRoots([ended], [open])).toEqual([ended]);
    const cross = instance(LATE, { [LOG]: EARLY, [OTHER]: null, [CA]: null }, "d");
    const both = instance(LATE, { [LOG]: EARLY, [CA]: LATE, [OTHER]: null }, "c");
    expect(withRoots([ended], [cross])).toEqual([both]);
    expect(withRoots([cross], [ended])).toEqual([both]);
  });

  it("is one instance once roots share a key with two", () => {
    const both = instance("2026-03-01T00:00:00.000Z", { [LOG]: null, [OTHER]: null }, "b");
    expect(withRoots([...seen, instance(EARLY, { [OTHER]: null }, "c")], [both])).toEqual([both]);
  });
});
