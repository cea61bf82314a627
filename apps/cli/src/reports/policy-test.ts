import { ArtifactReportSchema, ErrorReportSchema } from "@touchmark/engine";
import * as z from "zod";

export const POLICY_TEST_REPORT = "https://touchmark.dev/schema/policy-test-v1.json";

const text = z.string();

/** The document that `policy test --json` prints. */
const PolicyTestReportSchema = z.strictObject({
  schema: z.literal(POLICY_TEST_REPORT),
  policy: z.strictObject({ name: text, digest: text.describe("sha256:<hex> of the file.") }),
  ok: z.boolean().describe("Every release would be accepted."),
  releases: z.array(
    z.strictObject({
      name: text.describe("The folder."),
      result: z.enum(["verified", "failed", "unknown"]),
      verified: z.int().describe("How many artifacts hold."),
      exceptions: z.int().describe("How many are let through by an exception."),
      refused: z.array(ArtifactReportSchema).describe("Each artifact that would be refused, and why."),
      findings: z.array(text).describe("What else would be refused: CODE and message."),
    }),
  ),
});

export type PolicyTestReport = z.output<typeof PolicyTestReportSchema>;

export const PolicyTestOutputSchema = z.union([PolicyTestReportSchema, ErrorReportSchema]);
