import { ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";

export const POLICY_CHECK_REPORT = "https://touchmark.dev/schema/policy-check-v1.json";

const text = z.string();

/** The document that `policy check --json` prints. */
const PolicyCheckReportSchema = z.strictObject({
  schema: z.literal(POLICY_CHECK_REPORT),
  policy: text.describe("The file, as it was named."),
  digest: text.describe("sha256:<hex> of the file."),
  ok: z.boolean().describe("There is no problem."),
  rules: z.int().nullable().describe("How many rules it has; null where the file is not understood."),
  exceptions: z.int().nullable(),
  problems: z.array(
    z.strictObject({
      file: text.describe("The policy, or the trust file that it names."),
      line: z.int().nullable().describe("Counted from 1; null where the place is not known."),
      column: z.int().nullable(),
      path: z.array(z.union([text, z.int()])).describe("The keys and positions that lead to it."),
      message: text,
      guess: text.nullable().describe("The key that was probably meant."),
    }),
  ),
});

export type PolicyCheckReport = z.output<typeof PolicyCheckReportSchema>;

export const PolicyCheckOutputSchema = z.union([PolicyCheckReportSchema, ErrorReportSchema]);
