import { lastSegment, TouchmarkError } from "@touchmark/core";

/**
 * Patterns of files that the user does not want judged: `*` and `?` stay within a segment, `**` crosses them, everything
 * else stands for itself. A pattern without a slash is compared with the base name, at any depth; one with a slash with
 * the whole path relative to the target; one that ends in a slash takes all that lies below.
 *
 * @throws TouchmarkError `USAGE` for an empty pattern.
 */
export function ignoring(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map(compile);
  return (name) => tests.some((test) => test(name));
}

function compile(pattern: string): (name: string) => boolean {
  const plain = pattern.replace(/^\.\//, "").replace(/\/$/, "/**");
  if (plain === "") {
    throw new TouchmarkError("USAGE", "a pattern of files to ignore is empty", { expected: "such as *.md or docs/" });
  }
  const expression = new RegExp(`^${source(plain)}$`, "su");
  return plain.includes("/") ? (name) => expression.test(name) : (name) => expression.test(lastSegment(name));
}

/** Runs of `*` are folded first, so that no two of them compete for the same text. */
function source(pattern: string): string {
  return pattern
    .replaceAll(/\*{3,}/g, "**")
    .replaceAll(/(?:\*\*\/)+/g, "**/")
    .replaceAll(/\*\*\/|\*\*|\*|\?|[\\^$.+()[\]{}|/]/g, (token) => {
      switch (token) {
        case "**/":
          return "(?:[^/]+/)*";
        case "**":
          return ".*";
        case "*":
          return "[^/]*";
        case "?":
          return "[^/]";
        default:
          return `\\${token}`;
      }
    });
}
