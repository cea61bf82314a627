import { nearest } from "@touchmark/core";
import type * as z from "zod";
import { ExceptionEntry, PolicyFile, ReleaseEntry } from "./policy-file.ts";
import { type FoundProblem, problem } from "./problem.ts";
import { ParametersEntry, RuleEntry } from "./rule-entry.ts";

/** What the schema finds wrong, each unknown key with the one that was probably meant. */
export function structureProblems(issues: readonly z.core.$ZodIssue[]): readonly FoundProblem[] {
  return issues.flatMap((issue) => fromIssue(issue, []));
}

function fromIssue(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): readonly FoundProblem[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(path);
      return issue.keys.map((key) => problem([...path, key], `\`${key}\` is not a key here`, nearest(key, known)));
    }
    case "invalid_union": {
      // The kind that was written: only of it is a problem worth telling.
      const meant = issue.errors.find((issues) =>
        issues.some((one) => one.path.length > 0 || one.code !== "invalid_type"),
      );
      if (meant !== undefined) return meant.flatMap((one) => fromIssue(one, path));
      return [problem(path, kindProblem(path, issue.errors.flat()))];
    }
    case "invalid_type":
      return [problem(path, kindProblem(path, [issue]))];
    default:
      return [problem(path, `${nameOf(path)}: ${issue.message}`)];
  }
}

/** A value that is missing or of another kind than these. */
function kindProblem(path: readonly PropertyKey[], issues: readonly z.core.$ZodIssue[]): string {
  const types = issues.filter((issue) => issue.code === "invalid_type");
  if (types.some(({ message }) => message.endsWith("undefined"))) return `\`${String(path.at(-1))}\` is missing`;
  const kinds = new Set(types.map(({ expected }) => KINDS[expected] ?? expected));
  return `${nameOf(path)} must be ${[...kinds].join(" or ")}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text (numbers and true need quotes)",
  array: "a list",
  object: "a section with keys",
  record: "a section with keys",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function nameOf(path: readonly PropertyKey[]): string {
  const name = path.findLast((key) => typeof key === "string");
  return name === undefined ? "the policy" : `\`${name}\``;
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const [section, , inner] = path;
  if (section === undefined) return Object.keys(PolicyFile.shape);
  if (section === "release") return Object.keys(ReleaseEntry.shape);
  if (section === "exceptions") return Object.keys(ExceptionEntry.shape);
  return Object.keys((inner === "parameters" ? ParametersEntry : RuleEntry).shape);
}
