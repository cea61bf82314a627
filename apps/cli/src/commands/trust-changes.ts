import { newerPresets } from "@touchmark/policy";
import { trustedKey } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import {
  TRUST_DIFF_REPORT,
  TRUST_UPDATE_REPORT,
  type TrustDiffReport,
  type TrustUpdateReport,
} from "../reports/trust.ts";
import { compareEntries, type Difference } from "../trust/compared-entries.ts";
import { type DescribedEntry, describedEntry, entryLines } from "../trust/described-entry.ts";
import { type OpenedTrust, openTrust, readBeside } from "../verify/trust-list.ts";

/** `touchmark trust diff`: whom one file believes and another does not, and what became of the levels. 1 where they differ. */
export async function trustDiff(
  context: Context,
  [before = "", after = ""]: readonly string[],
  _options: CommonOptions,
): Promise<number> {
  const [old, now] = [await entriesOf(context, before), await entriesOf(context, after)];
  const differences = compareEntries(old, now);
  const { terminal } = context;
  if (terminal.json) {
    const report: TrustDiffReport = {
      schema: TRUST_DIFF_REPORT,
      before,
      after,
      differences: differences.map((one) => ({
        kind: one.kind,
        entry: one.entry,
        changes: one.kind === "changed" ? [...one.changes] : [],
      })),
    };
    terminal.resultDocument(report);
  } else if (differences.length === 0) terminal.result("both believe the same, for the same");
  else for (const line of differences.flatMap(differenceLines)) terminal.result(safe(line));
  return differences.length === 0 ? 0 : 1;
}

/** Keys are compared by what they are: a file of the same name may hold another. */
async function entriesOf(context: Context, label: string): Promise<readonly DescribedEntry[]> {
  const { list, folder }: OpenedTrust = await openTrust(context, label);
  const entries: DescribedEntry[] = [];
  for (const entry of list.entries) {
    const described = describedEntry(entry);
    if (entry.signer.kind !== "key") {
      entries.push(described);
      continue;
    }
    const { digest } = trustedKey(await readBeside(entry, folder, entry.signer.path), entry.signer.path);
    entries.push({ ...described, signer: `the key sha256:${digest}` });
  }
  return entries;
}

const WORDS = { gained: "now believed", lost: "no longer believed", changed: "changed" } as const;

function differenceLines(one: Difference): readonly string[] {
  const [name = "", ...parts] = entryLines(one.entry);
  // Of an entry that changed, its parts are as they are now.
  return [
    `${WORDS[one.kind]}: ${name}`,
    ...parts,
    ...(one.kind === "changed" ? one.changes.map((change) => `  ${change}`) : []),
  ];
}

/** `touchmark trust update --check`: which presets a file names that this version has newer ones of. 1 where there are. */
export async function trustUpdate(
  context: Context,
  [label = ""]: readonly string[],
  _options: CommonOptions & { readonly check: true },
): Promise<number> {
  const { list } = await openTrust(context, label);
  const newer = newerPresets(list.presets);
  const { terminal } = context;
  if (terminal.json) {
    const report: TrustUpdateReport = {
      schema: TRUST_UPDATE_REPORT,
      name: label,
      presets: [...list.presets],
      newer: newer.map((one) => ({ ...one })),
    };
    terminal.resultDocument(report);
  } else if (newer.length === 0) terminal.result(`${safe(label)}: this version has no newer preset than it names`);
  else {
    for (const { named, newest } of newer)
      terminal.result(`preset:${named} -> preset:${newest}  (touchmark trust diff preset:${named} preset:${newest})`);
  }
  return newer.length === 0 ? 0 : 1;
}
