import { createHash } from "node:crypto";
import { nearest, stableText, TouchmarkError } from "@touchmark/core";
import type { TrustEntry, TrustList } from "../trust/entry.ts";
import { readEntry } from "../trust/read-entry.ts";
import type { Preset } from "./preset.ts";
import { PRESETS, presetId } from "./presets.ts";

/**
 * A preset by its name and date.
 *
 * @returns what to name instead where this version does not have it.
 */
export function presetOf(
  id: string,
): { readonly preset: Preset; readonly entries: readonly TrustEntry[] } | { readonly near: string } {
  const preset = PRESETS.find((one) => presetId(one) === id);
  if (preset === undefined) {
    const ids = PRESETS.map(presetId);
    const [name = id] = id.split("@", 1);
    const same = ids.filter((one) => one.startsWith(`${name}@`));
    return { near: (same.length > 0 ? same : [nearest(id, ids) ?? ids.join(", ")]).join(", ") };
  }
  const source = { label: `preset:${id}`, digest: "" };
  return { preset, entries: preset.entries.map((entry) => readEntry(entry, source, [])) };
}

/**
 * A preset as the user names it on the command line, `preset:npm@2026-11`, as if it were a file.
 *
 * @throws TouchmarkError `TRUST_INVALID` for one that this version does not have.
 */
export function presetList(label: string): TrustList & { readonly preset: Preset } {
  const id = label.slice("preset:".length);
  const known = presetOf(id);
  if ("near" in known) {
    throw new TouchmarkError("TRUST_INVALID", `this version has no preset ${JSON.stringify(id.slice(0, 120))}`, {
      expected: known.near,
      actual: id.slice(0, 120),
    });
  }
  const { preset, entries } = known;
  const digest = createHash("sha256").update(stableText(preset)).digest("hex");
  return { label, digest, entries, presets: [id], preset };
}
