import * as z from "zod";
import { MAX_EXCEPTIONS, MAX_RULES, MAX_TEXT } from "../limits.ts";
import { rangeProblem } from "../tag-rule.ts";
import { day, digest, line, patterns } from "./fields.ts";
import { RuleEntry } from "./rule-entry.ts";

/** Bytes that are let through without evidence, until a day. */
export const ExceptionEntry = z.strictObject({
  match: patterns,
  digest: digest.describe("the artifact's digest: nothing else is let through"),
  until: day.describe("the last day, in UTC"),
  reason: line.describe("why; shown in every report"),
  by: line.describe("who decided it; shown in every report"),
});

/** Which release is meant, and whether all of it must be there. */
export const ReleaseEntry = z.strictObject({
  version: z
    .string()
    .max(MAX_TEXT)
    .refine(
      (text) => text === "monotonic" || rangeProblem(text) === null,
      'must be a version, a range such as ">=3.2 <4", or monotonic',
    )
    .optional()
    .describe("the version of the tag: exact, a range, or monotonic: not below the highest that a state file has seen"),
  list: z
    .literal("required", "can only be required; leave the key out for the opposite")
    .optional()
    .describe("somebody trusted must list the release, and what is there must be exactly that"),
  name: line.optional().describe("the release's name, as its list has it: with it the list is required"),
});

/** A policy. Closed: docs/schemas/policy-v1.schema.json is made from this. */
export const PolicyFile = z.strictObject({
  version: z.literal(1).describe("the version of this format"),
  expires: day.optional().describe("the last day on which this policy may be used, in UTC"),
  trust: z
    .union([z.string().min(1).max(MAX_TEXT), z.array(z.unknown())])
    .optional()
    .describe("whom to believe: trust entries, or the path of a trust file beside this one"),
  artifacts: z
    .array(RuleEntry)
    .min(1, "a policy without rules lets nothing through")
    .max(MAX_RULES, `at most ${MAX_RULES} rules`)
    .describe("the first rule that matches one of an artifact's names decides; an artifact that none matches fails"),
  exceptions: z.array(ExceptionEntry).max(MAX_EXCEPTIONS).optional().describe("what is let through without evidence"),
  deny: z.array(z.unknown()).optional().describe("what must not be used, whoever signed it: entries of a deny list"),
  release: ReleaseEntry.optional().describe("which release is meant"),
});

export type PolicyFile = z.output<typeof PolicyFile>;
export type ExceptionEntry = z.output<typeof ExceptionEntry>;
export type ReleaseEntry = z.output<typeof ReleaseEntry>;
