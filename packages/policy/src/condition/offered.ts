import type { ASTNode } from "@marcbachmann/cel-js";
import { MAX_CONDITION_LOOPS } from "../limits.ts";
import { FIELDS } from "./fields.ts";

/** Functions that take time by the length of what they read, and make nothing larger than that. */
const FUNCTIONS: ReadonlySet<string> = new Set(["has", "size", "string", "int", "double", "timestamp", "duration"]);

/** Those that go through a list. */
const LOOPS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "filter"]);

/** The same of functions behind a value. */
const METHODS: ReadonlySet<string> = new Set([
  ...LOOPS,
  ...["size", "startsWith", "endsWith", "contains", "lowerAscii"],
  ...["getFullYear", "getMonth", "getDate", "getDayOfWeek", "getHours"],
]);

/** Of which the argument must be written in the expression: what a stranger wrote can make it slow. */
const LITERAL_ARGUMENT: ReadonlySet<string> = new Set(["contains", "duration"]);

/** What never is a list. */
const SCALARS: ReadonlySet<string> = new Set(["size", "string", "int", "double", "timestamp", "duration"]);

/**
 * Why an expression uses something that is not offered; null where it does not.
 *
 * Left out is what can take long for evidence that somebody made so (`matches`: its engine tries every way), and what makes
 * lists of its own, of which nobody would count how often they are gone through (`map`, `split`, `bind`, `+` of two lists; what
 * `filter` gives may be used on the spot alone).
 */
export function notOffered(root: ASTNode): string | null {
  return look(root, 0);
}

function look(node: ASTNode, loops: number): string | null {
  switch (node.op) {
    case "call": {
      const [name, args] = node.args;
      return refusal(name, args, FUNCTIONS) ?? firstOf(args, loops, name === "size");
    }
    case "rcall": {
      const [name, receiver, args] = node.args;
      const inside = LOOPS.has(name) ? loops + 1 : loops;
      if (inside > MAX_CONDITION_LOOPS) return `more than ${MAX_CONDITION_LOOPS} loops in each other`;
      return refusal(name, args, METHODS) ?? firstOf([receiver], loops, true) ?? firstOf(args, inside, false);
    }
    case "value":
    case "id":
      return null;
    case ".":
    case ".?":
      return unknownField(node.args) ?? firstOf([node.args[0]], loops, false);
    case "list":
      return firstOf(node.args, loops, false);
    case "map":
      return firstOf(node.args.flat(), loops, false);
    case "!_":
    case "-_":
      return firstOf([node.args], loops, false);
    case "+":
      if (!node.args.some(isScalar)) return '+ needs a text or number that stands in the expression: a + "b"';
      return firstOf(node.args, loops, false);
    default:
      return firstOf(node.args, loops, false);
  }
}

/** @param onTheSpot - what `filter` gives is used here, and kept nowhere. */
function firstOf(nodes: readonly ASTNode[], loops: number, onTheSpot: boolean): string | null {
  for (const node of nodes) {
    if (!onTheSpot && node.op === "rcall" && node.args[0] === "filter")
      return "filter() stands before .all() and the like";
    const found = look(node, loops);
    if (found !== null) return found;
  }
  return null;
}

/** Below `has` the library does not look: a misspelt field, which nobody ever has, would be absent. */
function unknownField([of, field]: readonly [ASTNode, string, ...unknown[]]): string | null {
  const known = of.op === "id" && Object.hasOwn(FIELDS, of.args) ? FIELDS[of.args as keyof typeof FIELDS] : null;
  return known === null || Object.hasOwn(known, field) ? null : `there is no ${of.args}.${field}`;
}

function refusal(name: string, args: readonly ASTNode[], offered: ReadonlySet<string>): string | null {
  if (!offered.has(name)) return `${name}() is not offered: ${[...offered].join(", ")}`;
  if (/^get[A-Z]/.test(name) && args.length > 0) return `${name}() takes no time zone: times are UTC`;
  if (LITERAL_ARGUMENT.has(name) && args[0]?.op !== "value")
    return `${name}() takes a text that stands in the expression`;
  return null;
}

function isScalar(node: ASTNode): boolean {
  if (node.op === "value") return true;
  if (node.op === "call") return SCALARS.has(node.args[0]);
  return node.op === "+" && node.args.some(isScalar);
}
