import * as z from "zod";
import { ATTEST_REPORT, AttestOutputSchema } from "../reports/attest.ts";
import { CONVERT_REPORT, ConvertOutputSchema } from "../reports/convert.ts";
import { INSPECT_REPORT, InspectOutputSchema } from "../reports/inspect.ts";
import { POLICY_CHECK_REPORT, PolicyCheckOutputSchema } from "../reports/policy-check.ts";
import { POLICY_EXPORT_REPORT, PolicyExportOutputSchema } from "../reports/policy-export.ts";
import { POLICY_TEST_REPORT, PolicyTestOutputSchema } from "../reports/policy-test.ts";
import { ROOTS_REPORT, ROOTS_UPDATE_REPORT, RootsOutputSchema, RootsUpdateOutputSchema } from "../reports/roots.ts";
import { SIGNED_RULES_REPORT, SignedRulesOutputSchema } from "../reports/signed-rules.ts";
import {
  TRUST_DIFF_REPORT,
  TRUST_REPORT,
  TRUST_SUGGEST_REPORT,
  TRUST_UPDATE_REPORT,
  TrustDiffOutputSchema,
  TrustOutputSchema,
  TrustSuggestOutputSchema,
  TrustUpdateOutputSchema,
} from "../reports/trust.ts";
import { VERIFY_GUIDE_REPORT, VerifyGuideOutputSchema } from "../reports/verify-guide.ts";

const REPORTS: readonly (readonly [id: string, title: string, schema: z.ZodType])[] = [
  [ATTEST_REPORT, "what touchmark attest --json prints, version 1", AttestOutputSchema],
  [CONVERT_REPORT, "what touchmark convert --json prints, version 1", ConvertOutputSchema],
  [INSPECT_REPORT, "what touchmark inspect --json prints, version 1", InspectOutputSchema],
  [POLICY_CHECK_REPORT, "what touchmark policy check --json prints, version 1", PolicyCheckOutputSchema],
  [POLICY_TEST_REPORT, "what touchmark policy test --json prints, version 1", PolicyTestOutputSchema],
  [POLICY_EXPORT_REPORT, "what touchmark policy export --json prints, version 1", PolicyExportOutputSchema],
  [
    SIGNED_RULES_REPORT,
    "what touchmark policy sign --json and touchmark trust sign --json print, version 1",
    SignedRulesOutputSchema,
  ],
  [ROOTS_REPORT, "what touchmark roots show --json prints, version 1", RootsOutputSchema],
  [TRUST_REPORT, "what touchmark trust show --json prints, version 1", TrustOutputSchema],
  [TRUST_SUGGEST_REPORT, "what touchmark trust suggest --json prints, version 1", TrustSuggestOutputSchema],
  [TRUST_DIFF_REPORT, "what touchmark trust diff --json prints, version 1", TrustDiffOutputSchema],
  [TRUST_UPDATE_REPORT, "what touchmark trust update --check --json prints, version 1", TrustUpdateOutputSchema],
  [VERIFY_GUIDE_REPORT, "what touchmark verify-guide --json prints, version 1", VerifyGuideOutputSchema],
  [ROOTS_UPDATE_REPORT, "what touchmark roots update --json prints, version 1", RootsUpdateOutputSchema],
];

/** The JSON Schemas of the documents that commands print; that of `verify` is written by the engine's tests. */
export function reportSchemas(): readonly (readonly [path: string, text: string])[] {
  return REPORTS.map(([id, title, schema]) => {
    const { $schema, ...shape } = z.toJSONSchema(schema);
    const name = id.slice(id.lastIndexOf("/") + 1).replace(/\.json$/, ".schema.json");
    return [`schemas/${name}`, `${JSON.stringify({ $schema, $id: id, title, ...shape }, null, 2)}\n`];
  });
}
