import { PRESETS, presetId } from "@touchmark/policy";
import type { Context } from "../context.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { TRUST_REPORT, type TrustReport } from "../reports/trust.ts";
import { describedEntry, entryLines } from "../trust/described-entry.ts";
import { type OpenedTrust, openTrust } from "../verify/trust-list.ts";
import { requireUsable } from "../verify/trust-of-entries.ts";

/** `touchmark trust show`: what a trust file or a preset comes to. Judges nothing. */
export async function trustShow(
  context: Context,
  [label = ""]: readonly string[],
  _options: CommonOptions,
): Promise<number> {
  const report = reportOn(await openTrust(context, label));
  const { terminal } = context;
  if (terminal.json) {
    terminal.resultDocument(report);
    return 0;
  }
  terminal.result(`${safe(report.name)}  ${report.digest}`);
  for (const { name, about, sources } of report.presets) {
    terminal.result(`preset ${name}: ${about}`);
    for (const source of sources) terminal.result(`  source      ${source}`);
  }
  for (const entry of report.entries) for (const line of entryLines(entry)) terminal.result(safe(line));
  return 0;
}

/** `touchmark trust check`: whether a trust file is understood, with the keys and roots that it names. */
export async function trustCheck(
  context: Context,
  [label = ""]: readonly string[],
  _options: CommonOptions,
): Promise<number> {
  const opened = await openTrust(context, label);
  await requireUsable(context, opened);
  const report = reportOn(opened);
  const count = report.entries.length;
  if (context.terminal.json) context.terminal.resultDocument(report);
  else context.terminal.result(`${safe(label)}: ok, ${count === 1 ? "1 entry" : `${count} entries`}`);
  return 0;
}

function reportOn({ list }: OpenedTrust): TrustReport {
  return {
    schema: TRUST_REPORT,
    name: list.label,
    digest: `sha256:${list.digest}`,
    presets: PRESETS.filter((preset) => list.presets.includes(presetId(preset))).map((preset) => ({
      name: presetId(preset),
      about: preset.about,
      sources: [...preset.sources],
    })),
    entries: list.entries.map(describedEntry),
  };
}
