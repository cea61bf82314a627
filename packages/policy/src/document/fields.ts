import * as z from "zod";
import { readGlob } from "../glob.ts";
import { MAX_PATTERN, MAX_PATTERNS, MAX_TEXT, MAX_VALUES } from "../limits.ts";
import { readParameterPath } from "../parameter-path.ts";
import { endOfDay } from "./day.ts";

/** What certificates and provenance hold in these places: URIs, names of branches, of runners. */
export const word = z
  .string()
  .max(MAX_TEXT, `at most ${MAX_TEXT} characters`)
  .regex(/^[\x21-\x7e]+$/, "must be ASCII without spaces");

/** One line for people. */
export const line = z
  .string()
  .max(MAX_TEXT, `at most ${MAX_TEXT} characters`)
  .regex(/^(?=.*\S)\P{C}+$/u, "must be one line of text");

export const day = z
  .string()
  .refine((text) => endOfDay(text) !== null, "must be a day of the calendar, such as 2027-06-01");

/** One value or several; a list with none says nothing, and twice the same is a slip. */
export function oneOrMore<T extends z.ZodType<string>>(value: T, max: number) {
  return z.union([value, list(value, max)]);
}

/** What {@link oneOrMore} read, as a list. */
export function listed(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

export function list<T extends z.ZodType<string>>(value: T, max = MAX_VALUES) {
  return z
    .array(value)
    .min(1, "an empty list says nothing")
    .max(max, `at most ${max} values`)
    .refine((values) => new Set(values).size === values.length, "the same value stands here twice");
}

const pattern = z
  .string()
  .max(MAX_PATTERN, `a pattern has at most ${MAX_PATTERN} characters`)
  .superRefine((text, context) => {
    const glob = readGlob(text);
    if (typeof glob === "string") context.addIssue(glob);
    else if (/^pkg:[^/]*$/.test(text) && !text.includes("**")) {
      context.addIssue(`no purl matches this, since * ends at a slash: did you mean ${text.replace(/\*$/, "")}**`);
    }
  });

export const patterns = oneOrMore(pattern, MAX_PATTERNS).describe(
  "names that this is about: a file's path or base name, an image's repository, a purl. * stands for anything without a slash, ** for anything",
);

export const parameterPath = z
  .string()
  .max(MAX_TEXT)
  .refine((text) => readParameterPath(text) !== null, 'must be names with dots between them: inputs.tag, inputs."a.b"');

export const digest = z
  .string()
  .regex(
    /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}|narSha256:[0-9a-f]{64})$/,
    "must be sha256:HEX, sha384:HEX, sha512:HEX or narSha256:HEX, in lower case",
  );
