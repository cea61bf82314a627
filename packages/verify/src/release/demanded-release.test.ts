import { TouchmarkError } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { subject } from "../../test/judge-cases.ts";
import { listed } from "../../test/release-cases.ts";
import { testKey } from "../../test/signed-bundles.ts";
import { demandedRelease, isLater, listedRelease, listRollback } from "./demanded-release.ts";
import { releaseLists } from "./release-lists.ts";

const key = testKey();
const one = listed(key, [subject("a", "a")], { name: "1" });
const same = listed(key, [subject("b", "b")], { name: "1b" });
const two = listed(key, [subject("a", "a")], { name: "2", version: "2.0.0" });
const { lists } = releaseLists([one, two]);

describe("demandedRelease", () => {
  it("takes the only one, or the one of a version", () => {
    expect(demandedRelease(releaseLists([one]).lists, { version: null })).toMatchObject({ name: "1" });
    expect(demandedRelease(lists, { version: "2.0.0" })).toMatchObject({ name: "2" });
  });

  it.each([
    ["no list", [], null],
    ["no list of the version", [one], "2.0.0"],
    ["a version that only begins alike", [one], "1.0"],
  ])("finds none: %s", (_name, evidence, version) => {
    expect(demandedRelease(releaseLists(evidence).lists, { version })).toMatchObject({ code: "RELEASE_MISSING" });
  });

  it("takes one that is whatever else it must be", () => {
    const only = { of: "a second version", accepts: ({ version }: { version: string }) => version.startsWith("2") };
    expect(demandedRelease(lists, { version: null, only })).toMatchObject({ name: "2" });
    expect(demandedRelease(lists, { version: "1.0.0", only })).toMatchObject({
      code: "RELEASE_MISSING",
      expected: "a list of version 1.0.0, a second version, as NAME.release.sigstore.json holds it",
    });
  });

  it.each([
    ["of two versions", [one, two], null],
    ["of one version", [one, same, two], "1.0.0"],
  ])("gives no answer for two lists %s", (_name, evidence, version) => {
    expect(() => demandedRelease(releaseLists(evidence).lists, { version })).toThrow(
      expect.objectContaining({ code: "RELEASE_AMBIGUOUS" }),
    );
  });

  it("says what was wanted, and what there is", () => {
    const only = { of: "a second version", accepts: () => false };
    const any = { of: null, accepts: () => false };
    const there = "pkg:generic/widgets@1.0.0 (1), pkg:generic/widgets@2.0.0 (2)";
    for (const [demand, expected] of [
      [{ version: null, only }, "a list of a second version, as NAME.release.sigstore.json holds it"],
      [{ version: null, only: any }, "a list, as NAME.release.sigstore.json holds it"],
      [{ version: "3", only: any }, "a list of version 3, as NAME.release.sigstore.json holds it"],
    ] as const) {
      expect(demandedRelease(lists, demand)).toMatchObject({ expected, actual: there });
    }
    expect(demandedRelease([], { version: null })).toMatchObject({ actual: "none" });
    const both = () => demandedRelease(lists, { version: null });
    expect(both).toThrow(expect.objectContaining({ expected: "one, or --release-version VERSION", actual: there }));
    const twice = () => demandedRelease(releaseLists([one, same]).lists, { version: "1.0.0" });
    expect(twice).toThrow(expect.objectContaining({ expected: "one of version 1.0.0" }));
  });

  it("names a few of many", () => {
    const many = Array.from({ length: 9 }, (_, at) =>
      listed(key, [subject("a", "a")], { name: `${at}`, version: `${at}` }),
    );
    const error = expect.objectContaining({ actual: expect.stringMatching(/, and 6 more$/) });
    expect(() => demandedRelease(releaseLists(many).lists, { version: null })).toThrow(error);
    expect(() => demandedRelease(releaseLists(many).lists, { version: null })).toThrow(TouchmarkError);
  });
});

describe("what was seen before", () => {
  const release = (version: string) => ({ purl: "", series: "pkg:generic/widgets", version, predecessor: null });
  const seen = { "pkg:generic/widgets": { "": "1.2.0" } };

  it.each([
    ["1.1.9", "ROLLBACK"],
    ["v1.1.9", "ROLLBACK"],
    ["1.2.0-rc.1", "ROLLBACK"],
    ["1.2.0", undefined],
    ["v1.10.0", undefined],
    ["nightly", undefined],
  ])("%s after 1.2.0: %s", (version, code) => {
    expect(listRollback(release(version), seen)?.code).toBe(code);
  });

  it("is shown beside what is older", () => {
    expect(listRollback(release("v1.1.9"), seen)).toMatchObject({ expected: "1.2.0 or newer", actual: "v1.1.9" });
  });

  it("is kept apart by name", () => {
    expect(listRollback({ ...release("1.0.0"), series: "pkg:generic/other" }, seen)).toBeNull();
    expect(listRollback({ ...release("1.0.0"), series: "toString" }, seen)).toBeNull();
  });

  it("is remembered where versions have an order", () => {
    expect(listedRelease(release("v1.3.0"))).toEqual({ "pkg:generic/widgets": { "": "1.3.0" } });
    expect(listedRelease(release("nightly"))).toEqual({});
  });

  it.each([
    ["1.0.1", "1.0.0", true],
    ["1.0.0", "1.0.0", false],
    ["1.0.0", "v1.0.1", false],
    ["2", "1", null],
    ["1.0.0", "1", null],
    ["1", "1.0.0", null],
    ["widgets@1.0.1", "1.0.0", null],
  ])("%s after %s: %s", (version, before, later) => {
    expect(isLater(version, before)).toBe(later);
  });
});
