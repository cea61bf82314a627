import type { ASTNode } from "@marcbachmann/cel-js";

/** Functions that take time by the length of what they read, and make nothing larger than that. */
const FUNCTIONS: ReadonlySet<string> = new Set(["has", "size", "string", "int", "double", "timestamp", "duration"]);

/** The same of functions behind a value. */
const METHODS: ReadonlySet<string> = new Set([
  ...["all", "exists", "exists_one", "filter", "size"],
  ...["startsWith", "endsWith", "contains", "lowerAscii"],
  ...["getFullYear", "getMonth", "getDate", "getDayOfWeek", "getHours"],
]);

/** Of which the argument must be written in the expression: what a stranger wrote can make it slow. */
const LITERAL_ARGUMENT: ReadonlySet<string> = new Set(["contains", "duration"]);

/** In minutes and seconds of UTC: a time zone is a text that is looked up. */
const WITHOUT_ARGUMENTS = /^get[A-Z]/;

/**
 * Why an expression uses something that is not offered; null where it does not. Left out is what can take long for evidence
 * that somebody made so (`matches`: its engine tries every way), or makes large values of small ones (`map`, `split`, `join`).
 */
export function notOffered(node: ASTNode): string | null {
  switch (node.op) {
    case "call": {
      const [name, args] = node.args;
      return refusal(name, args, FUNCTIONS) ?? firstIn(args);
    }
    case "rcall": {
      const [name, receiver, args] = node.args;
      return refusal(name, args, METHODS) ?? firstIn([receiver, ...args]);
    }
    case "value":
    case "id":
      return null;
    case ".":
    case ".?":
      return notOffered(node.args[0]);
    case "list":
      return firstIn(node.args);
    case "map":
      return firstIn(node.args.flat());
    case "!_":
    case "-_":
      return notOffered(node.args);
    default:
      return firstIn(node.args);
  }
}

function refusal(name: string, args: readonly ASTNode[], offered: ReadonlySet<string>): string | null {
  if (!offered.has(name)) return `${name}() is not offered: ${[...offered].join(", ")}`;
  if (WITHOUT_ARGUMENTS.test(name) && args.length > 0) return `${name}() takes no time zone: times are UTC`;
  if (LITERAL_ARGUMENT.has(name) && args[0]?.op !== "value")
    return `${name}() takes a text that stands in the expression`;
  return null;
}

function firstIn(nodes: readonly ASTNode[]): string | null {
  for (const node of nodes) {
    const found = notOffered(node);
    if (found !== null) return found;
  }
  return null;
}
