import type { Preset } from "./preset.ts";
import { PRESETS, presetId } from "./presets.ts";

/** A preset that is named, and the newest of its name. */
export interface NewerPreset {
  /** `npm@2026-11`. */
  readonly named: string;
  readonly newest: string;
}

/**
 * Of some presets those of which there is a newer one.
 *
 * @param named - each as `NAME@DATE`.
 * @param known - what there is; what this version has when absent.
 */
export function newerPresets(
  named: readonly string[],
  known: readonly Pick<Preset, "name" | "date">[] = PRESETS,
): readonly NewerPreset[] {
  return named.flatMap((id) => {
    const [name = "", date = ""] = id.split("@");
    // Year and month sort as they stand.
    const newest = known
      .filter((one) => one.name === name && one.date > date)
      .sort((a, b) => (a.date < b.date ? 1 : -1))[0];
    return newest === undefined ? [] : [{ named: id, newest: presetId(newest) }];
  });
}
