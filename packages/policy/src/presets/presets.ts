import { GCB } from "./gcb.ts";
import { GITHUB_HOSTED } from "./github-hosted.ts";
import { NPM } from "./npm.ts";
import type { Preset } from "./preset.ts";
import { SLSA_GITHUB_GENERATOR } from "./slsa-github-generator.ts";

/** Every preset that this version has; earlier dates stay beside later ones. */
export const PRESETS: readonly Preset[] = [GCB, GITHUB_HOSTED, NPM, SLSA_GITHUB_GENERATOR];

/** `npm@2026-11`. */
export function presetId({ name, date }: Pick<Preset, "name" | "date">): string {
  return `${name}@${date}`;
}
