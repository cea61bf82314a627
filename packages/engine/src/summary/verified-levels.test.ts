import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { lowestLevels, verifiedLevels } from "./verified-levels.ts";

type Statement = Parameters<typeof verifiedLevels>[0]["statements"][number];

const provenance = (level: number, operator: string | null = null, signer = `key:${operator}`): Statement => ({
  ...{ level, operator, signer },
  summary: null,
});
const summary = (levels: string[], level: number | null = null): Statement => ({
  level,
  operator: null,
  signer: "key:verifier",
  summary: { levels },
});
const levels = (...statements: Statement[]) => verifiedLevels({ statements });

describe("verifiedLevels", () => {
  it.each<[string, readonly string[], Statement[]]>([
    ["what trust gives", ["SLSA_BUILD_LEVEL_3"], [provenance(3)]],
    ["the highest of several", ["SLSA_BUILD_LEVEL_2"], [provenance(1), provenance(2), provenance(0)]],
    ["level 0, where somebody looked", ["SLSA_BUILD_LEVEL_0"], [provenance(0)]],
    ["not evaluated, where nothing says a level", ["SLSA_BUILD_LEVEL_UNEVALUATED"], [summary([])]],
    [
      "other tracks as verifiers assure them, and not their own words",
      ["SLSA_BUILD_LEVEL_UNEVALUATED", "SLSA_SOURCE_LEVEL_3"],
      [summary(["SLSA_SOURCE_LEVEL_3", "BCID_L1"]), summary(["SLSA_SOURCE_LEVEL_1"])],
    ],
    [
      "a track that nobody evaluated by nothing",
      ["SLSA_BUILD_LEVEL_2"],
      [summary(["SLSA_BUILD_LEVEL_2", "SLSA_SOURCE_LEVEL_UNEVALUATED"], 2)],
    ],
    [
      "SLSA's verified properties",
      ["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_REPRODUCED"],
      [provenance(3), summary(["SLSA_BUILD_REPRODUCED"])],
    ],
    [
      "REPRODUCED, where builders of two operators made the same bytes",
      ["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_REPRODUCED"],
      [provenance(3, "GitHub"), provenance(1, "us")],
    ],
    [
      "not by one signer in the name of two operators",
      ["SLSA_BUILD_LEVEL_3"],
      [provenance(3, "GitHub", "key:a"), provenance(1, "us", "key:a")],
    ],
    ["not by two builders of one operator", ["SLSA_BUILD_LEVEL_3"], [provenance(3, "GitHub"), provenance(1, "GitHub")]],
    [
      "nor where nobody says who runs them, which may be one and the same",
      ["SLSA_BUILD_LEVEL_3"],
      [provenance(3, "GitHub"), provenance(1), provenance(2)],
    ],
    [
      "nor by a summary beside provenance",
      ["SLSA_BUILD_LEVEL_3"],
      [provenance(3, "GitHub"), { ...summary([]), operator: "us" }],
    ],
  ])("%s", (_what, expected, statements) => {
    expect(levels(...statements)).toEqual(expected);
  });
});

describe("lowestLevels", () => {
  it.each<[readonly string[], readonly (readonly string[])[]]>([
    [[], []],
    [["SLSA_BUILD_LEVEL_1"], [["SLSA_BUILD_LEVEL_3"], ["SLSA_BUILD_LEVEL_1"]]],
    [["SLSA_BUILD_LEVEL_UNEVALUATED"], [["SLSA_BUILD_LEVEL_0"], ["SLSA_BUILD_LEVEL_UNEVALUATED"]]],
    [["SLSA_BUILD_LEVEL_2"], [["SLSA_BUILD_LEVEL_2", "SLSA_SOURCE_LEVEL_3"], ["SLSA_BUILD_LEVEL_2"]]],
    [["SLSA_BUILD_LEVEL_2"], [["SLSA_BUILD_LEVEL_2"], ["SLSA_BUILD_LEVEL_2", "SLSA_SOURCE_LEVEL_3"]]],
    [["SLSA_BUILD_LEVEL_2"], [["SLSA_BUILD_LEVEL_2", "SLSA_BUILD_REPRODUCED"], ["SLSA_BUILD_LEVEL_3"]]],
    [["SLSA_BUILD_REPRODUCED"], [["SLSA_BUILD_REPRODUCED"], ["SLSA_BUILD_REPRODUCED"]]],
  ])("%j of %j", (expected, each) => {
    expect(lowestLevels(each)).toEqual(expected);
  });

  const artifact = fc
    .tuple(fc.integer({ min: -1, max: 4 }), fc.integer({ min: -2, max: 4 }))
    .map(([build, source]) => [
      `SLSA_BUILD_LEVEL_${build === -1 ? "UNEVALUATED" : build}`,
      ...(source < -1 ? [] : [`SLSA_SOURCE_LEVEL_${source === -1 ? "UNEVALUATED" : source}`]),
    ]);

  test("a further artifact never raises anything, and no order matters", () => {
    const order = (one: readonly string[]) => (track: string) => {
      const found = one
        .find((level) => level.startsWith(`SLSA_${track}_LEVEL_`))
        ?.split("_")
        .at(-1);
      return found === undefined ? -2 : found === "UNEVALUATED" ? -1 : Number(found);
    };
    fc.assert(
      fc.property(fc.array(artifact, { minLength: 1, maxLength: 6 }), artifact, (each, further) => {
        const before = order(lowestLevels(each));
        const after = order(lowestLevels([...each, further]));
        for (const track of ["BUILD", "SOURCE"]) expect(after(track)).toBeLessThanOrEqual(before(track));
        expect([...lowestLevels(each.toReversed())].sort()).toEqual([...lowestLevels(each)].sort());
      }),
    );
  });
});
