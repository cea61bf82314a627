import { expect, test } from "vitest";
import { readSlsaResult, repeatedTrack } from "./slsa-result.ts";

test.each([
  ["SLSA_BUILD_LEVEL_0", { track: "BUILD", level: 0 }],
  ["SLSA_BUILD_LEVEL_3", { track: "BUILD", level: 3 }],
  ["SLSA_SOURCE_LEVEL_12", { track: "SOURCE", level: 12 }],
  ["SLSA_BUILD_LEVEL_UNEVALUATED", { track: "BUILD", level: null }],
  ["SLSA_BUILD_LEVEL_", null],
  ["SLSA_BUILD_LEVEL_X", null],
  ["SLSA_BUILD_LEVEL_-1", null],
  ["SLSA_BUILD_LEVEL_03", null],
  ["SLSA_BUILD_LEVEL_100", null],
  ["SLSA_BUILD_LEVEL_3 ", null],
  [" SLSA_BUILD_LEVEL_3", null],
  ["SLSA_build_LEVEL_3", null],
  ["SLSA__LEVEL_3", null],
  ["SLSA_BUILD_REPRODUCED", null],
  ["BCID_L1", null],
  ["FAILED", null],
  ["", null],
])("%s", (text, expected) => expect(readSlsaResult(text)).toEqual(expected));

test.each([
  [[], null],
  [["SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_3", "FAILED", "FAILED"], null],
  [["SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_1", "SLSA_SOURCE_LEVEL_UNEVALUATED"], "SOURCE"],
])("of %j, the track of two levels is %j", (levels, expected) => expect(repeatedTrack(levels)).toBe(expected));
