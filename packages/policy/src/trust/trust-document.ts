import { isJsonObject } from "@touchmark/core";
import * as z from "zod";
import { presetOf } from "../presets/preset-of.ts";
import type { TrustEntry, TrustList } from "./entry.ts";
import { MAX_TRUST_ENTRIES } from "./limits.ts";
import { checkOverlaps } from "./overlap.ts";
import { readEntry } from "./read-entry.ts";
import { PresetEntry, TrustDocument } from "./schema.ts";
import { readPart, type TrustSource, unreadable } from "./unreadable.ts";

const Envelope = TrustDocument.extend({ trust: z.unknown() });

/**
 * Reads a trust file that was parsed from YAML or JSON.
 *
 * @throws TouchmarkError `TRUST_INVALID` for anything that is not understood, with its line; `TRUST_OVERLAP`.
 */
export function trustDocument(data: unknown, source: TrustSource): TrustList {
  const { trust } = readPart(Envelope, data, source, []);
  return trustList(trust, source, ["trust"]);
}

/**
 * Reads the list of a trust file, or the same list inline in a policy.
 *
 * @param keys - that lead to the list.
 * @throws TouchmarkError as {@link trustDocument}.
 */
export function trustList(data: unknown, source: TrustSource, keys: readonly PropertyKey[]): TrustList {
  if (!Array.isArray(data) || data.length === 0 || data.length > MAX_TRUST_ENTRIES) {
    throw unreadable(source, keys, {
      message: "this is no list of whom to believe",
      expected: `a list of 1 to ${MAX_TRUST_ENTRIES} entries`,
      actual: Array.isArray(data) ? `${data.length} entries` : data === null ? "nothing" : typeof data,
    });
  }
  const presets: string[] = [];
  const entries: TrustEntry[] = [];
  for (const [index, item] of data.entries()) {
    const at = [...keys, index];
    if (!isJsonObject(item) || !Object.hasOwn(item, "preset")) {
      entries.push(readEntry(item, source, at));
      continue;
    }
    const { preset } = readPart(PresetEntry, item, source, at);
    const known = presetOf(preset);
    if ("near" in known) {
      throw unreadable(source, [...at, "preset"], {
        message: `this version has no preset ${preset}`,
        expected: known.near,
        actual: preset,
      });
    }
    presets.push(preset);
    entries.push(...known.entries);
  }
  checkOverlaps(entries);
  return { label: source.label, digest: source.digest, entries, presets };
}
