import { CHECKS, STATUSES } from "@touchmark/verify";
import * as z from "zod";

const text = z.string();

const ComparedSchema = z.strictObject({
  what: text,
  expected: text.nullable(),
  expectedFrom: text,
  actual: text.nullable(),
  actualFrom: text,
});

const StepSchema = z.strictObject({
  check: z.enum(CHECKS),
  outcome: z
    .enum(["passed", "refused", "not-reached", "not-needed"])
    .describe("not-needed: this kind of evidence has nothing of it."),
  compared: z.array(ComparedSchema).describe("Null values: nothing was expected, or nothing was said."),
  finding: z.strictObject({ code: text, message: text, expected: text.nullable(), actual: text.nullable() }).nullable(),
});

/** How the verdict on one artifact came about: every check that was made, in order, as it was made. */
export const ExplanationSchema = z
  .strictObject({
    artifact: text,
    status: z.enum(STATUSES).describe("The artifact's in the report."),
    evidence: z.array(
      z
        .strictObject({
          name: text,
          covers: z.boolean().describe("One that does is enough."),
          attempts: z.array(
            z.strictObject({ trust: text.describe("Under whom it was tried."), checks: z.array(StepSchema) }),
          ),
        })
        .describe("A piece of evidence that mentions the artifact, by its digest or by its name."),
    ),
    findings: z.array(text).describe("Codes of the verdict."),
    compromises: z
      .array(z.strictObject({ party: text, fools: z.boolean(), why: text }))
      .describe("Whether one party alone, in the wrong hands, could have made this verdict come out as verified."),
  })
  .describe("With --explain.");

export type Explanation = z.output<typeof ExplanationSchema>;
