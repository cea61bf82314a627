import { TouchmarkError } from "@touchmark/core";
import { describeEvidence } from "@touchmark/engine";
import type { Context } from "../context.ts";
import { hostFor } from "../host-for.ts";
import type { ReleaseFlags } from "../releases/release-flags.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { TRUST_SUGGEST_REPORT, type TrustSuggestReport } from "../reports/trust.ts";
import { suggestEntries, suggestionLines } from "../trust/suggestion.ts";
import { targetsOf } from "../verify/targets.ts";

interface SuggestOptions extends CommonOptions, ReleaseFlags {
  readonly bundle?: readonly string[];
}

/** `touchmark trust suggest`: what evidence says of itself, as a trust file for a person to review. Believes nobody. */
export async function trustSuggest(
  context: Context,
  positional: readonly string[],
  options: SuggestOptions,
): Promise<number> {
  const { targets, registries, readable, fetchers, releases, kit } = await targetsOf(context, positional, options);
  const remote =
    releases.size === 0
      ? null
      : await (await import("../releases/bring-releases.ts")).bringReleases(context, releases, options);
  const host = hostFor(context, {
    roots: [...readable, ...(remote?.readable ?? [])],
    network: { kind: "registries", hosts: registries },
  });
  try {
    const brought = new Map([...(kit?.brought ?? []), ...(remote?.brought ?? [])]);
    const evidence = [...(kit?.evidence ?? []), ...(remote?.evidence ?? [])];
    const bundles = options.bundle ?? null;
    const found = await describeEvidence({ targets, brought, bundles, evidence, fetchers }, host);
    const entries = suggestEntries(found);
    if (entries.length === 0) {
      throw new TouchmarkError("NOTHING_FOUND", "there is no evidence that says who signed it", {
        expected: "evidence among the targets, beside them, in their registries, or with --bundle FILE",
        actual: positional.map(safe).join(", "),
      });
    }
    const { terminal } = context;
    if (terminal.json) {
      const report: TrustSuggestReport = {
        schema: TRUST_SUGGEST_REPORT,
        unverified: true,
        entries: entries.map(({ signer, remarks, ...entry }) => ({
          ...entry,
          signer: { ...signer },
          remarks: [...remarks],
        })),
      };
      terminal.resultDocument(report);
    } else for (const line of suggestionLines(entries)) terminal.result(line);
    return 0;
  } finally {
    await Promise.all([host.close(), remote?.close()]);
  }
}
