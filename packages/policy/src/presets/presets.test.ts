import { describe, expect, it } from "vitest";
import { checkOverlaps } from "../trust/overlap.ts";
import { TrustItems } from "../trust/schema.ts";
import { newerPresets } from "./newer-presets.ts";
import { presetList } from "./preset-of.ts";
import { PRESETS, presetId } from "./presets.ts";
import { releasedCommits } from "./released-commits.ts";

describe.each(PRESETS.map((preset) => [presetId(preset), preset] as const))("the preset %s", (id, preset) => {
  it("is what a person could have written", () => {
    expect(TrustItems.parse(preset.entries)).toHaveLength(preset.entries.length);
    const { entries, digest, presets } = presetList(`preset:${id}`);
    expect(entries).toHaveLength(preset.entries.length);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(presets).toEqual([id]);
  });

  it("says where it is known from, whom it is operated by, and reads no files", () => {
    expect(preset.sources.length).toBeGreaterThan(0);
    for (const source of preset.sources) expect(source).toMatch(/^https:\/\//);
    for (const entry of presetList(`preset:${id}`).entries) {
      expect(entry.name.startsWith(id)).toBe(true);
      expect(entry.place).toBe(`preset:${id}`);
      expect(entry.roots).toBeNull();
      expect(entry.kind === "builder" && entry.operator).toBeTruthy();
      expect(entry.signer.kind).not.toBe("key");
      // Whatever it names, anybody can have signed something by it.
      expect(["workflow", "own-workflow", "cloud-build"]).toContain(entry.signer.kind);
    }
  });

  it("lists commits in full where it lists any", () => {
    for (const { commits } of preset.released) for (const commit of commits) expect(commit).toMatch(/^[0-9a-f]{40}$/);
  });
});

it("no preset knows released commits yet, as docs/trust.md says", () => {
  expect(PRESETS.flatMap(({ released }) => released.flatMap(({ commits }) => commits))).toEqual([]);
});

it("presets can stand beside each other", () => {
  const all = PRESETS.flatMap((preset) => presetList(`preset:${presetId(preset)}`).entries);
  expect(() => checkOverlaps(all)).not.toThrow();
});

it("a builder that itself builds gets more than one that signs what others built, by our own words", () => {
  const levels = (id: string) => presetList(id).entries.map((entry) => entry.kind === "builder" && entry.maxLevel);
  expect(levels("preset:github-hosted@2026-11")).toEqual([2]);
  expect(new Set(levels("preset:slsa-github-generator@2026-11"))).toEqual(new Set([3]));
});

it("of nobody's workflow a commit is known as released by chance", () => {
  expect(releasedCommits("https://github.com/octo/builder/.github/workflows/build.yml")).toEqual([]);
});

it("knows which presets have a newer one", () => {
  const known = ["2026-11", "2027-05", "2027-02"].map((date) => ({ name: "npm", date }));
  expect(newerPresets(["npm@2026-11", "gcb@2026-11"], known)).toEqual([
    { named: "npm@2026-11", newest: "npm@2027-05" },
  ]);
  expect(newerPresets(["npm@2027-05"], known)).toEqual([]);
  expect(newerPresets(PRESETS.map(presetId))).toEqual([]);
});
