import { expect, it } from "vitest";
import { fact } from "../inspect/fact.ts";
import { treeLines } from "./tree.ts";

it("has names and values in columns, and what belongs to a fact below it", () => {
  const facts = [
    ...fact("a", "1", [...fact("long name", "2"), ...fact("b", "3")]),
    ...fact("heading", null, fact("just a name", "")),
    ...fact("left out", null),
  ];
  expect(treeLines(facts, 2, 3)).toEqual([
    "  a    1",
    "    long name  2",
    "    b          3",
    "  heading",
    "    just a name",
  ]);
});

it("lets a name that is too long stand out, and says how long a value is", () => {
  const name = "n".repeat(60);
  expect(treeLines([...fact(name, "v"), ...fact("x", "y".repeat(500))], 0)).toEqual([
    `${name}  v`,
    `${"x".padEnd(48)}  ${"y".repeat(400)}… (500 characters)`,
  ]);
});

it("prints nothing that moves the cursor", () => {
  expect(treeLines(fact("a\u001b[2J", "b\u202e\n"), 0)).toEqual(["a\\u001b[2J  b\\u202e\\u000a"]);
});
