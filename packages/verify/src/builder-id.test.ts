import type { Provenance } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { checkBuilderId, checkedBuilderIds } from "./builder-id.ts";
import { MAX_BUILDER_IDS, MAX_CERTIFICATE_TEXT } from "./certificate/limits.ts";

const BUILDER = "https://github.com/octo/builders/.github/workflows/maven.yml";
const TAGGED = `${BUILDER}@refs/tags/v1.0.0`;
const COMMIT = "ab".repeat(20);
const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows";
const DELEGATOR = `${GENERATOR}/delegator_lowperms-generic_slsa3.yml@refs/tags/v2.1.0`;

/** The code of the refusal, or `verified`. */
function judged(builderId: string, ids: readonly string[], identity = DELEGATOR): string {
  try {
    checkBuilderId({ builderId } as Provenance, identity, { builderIds: ids, standing: null });
    return "verified";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("the builder that provenance names", () => {
  it("is one of those that were named, as a whole", () => {
    expect(judged(TAGGED, [TAGGED])).toBe("verified");
    expect(judged(TAGGED, ["https://example.com/other", TAGGED])).toBe("verified");
    expect(judged("https://example.com/builder", ["https://example.com/builder"])).toBe("verified");
    expect(judged(TAGGED, [`${BUILDER}@refs/tags/v1.0`])).toBe("BUILDER_MISMATCH");
    expect(judged(TAGGED, [`${BUILDER}@refs/tags/v1.0.0-rc.1`])).toBe("BUILDER_MISMATCH");
  });

  it("was named without a ref, and is at one of its tags", () => {
    expect(judged(TAGGED, [BUILDER])).toBe("verified");
    expect(judged(`${BUILDER}@refs/tags/maven@1.0.0`, [BUILDER])).toBe("verified");
  });

  it.each([
    ["at a branch", `${BUILDER}@refs/heads/main`],
    ["at a commit", `${BUILDER}@${COMMIT}`],
    ["a fork's file that is called like a tag", `${BUILDER}@refs/tags/x.yml@${COMMIT}`],
    ["a pull request's file that is called like a tag", `${BUILDER}@refs/tags/x.yml@refs/pull/1/merge`],
    ["a longer name", `${BUILDER}x@refs/tags/v1.0.0`],
    ["another case", TAGGED.replace("octo", "Octo")],
  ])("was named without a ref, and is %s", (_, stated) => {
    expect(judged(stated, [BUILDER])).toBe("BUILDER_MISMATCH");
  });

  it("must be named where a delegator signed, and may be left out elsewhere", () => {
    expect(judged(TAGGED, [])).toBe("BUILDER_UNSET");
    expect(judged(TAGGED, [], `${GENERATOR}/delegator_generic_slsa3.yml@refs/heads/main`)).toBe("BUILDER_UNSET");
    expect(judged(TAGGED, [], `${GENERATOR}/generator_generic_slsa3.yml@refs/tags/v2.1.0`)).toBe("verified");
  });

  it("may be left out where an entry of a trust file names it", () => {
    const trust = { builderIds: [], standing: {} };
    expect(checkBuilderId({ builderId: TAGGED } as Provenance, DELEGATOR, trust)).toBeUndefined();
  });

  it("is shown beside those that were named", () => {
    const check = (builderIds: readonly string[]) => () =>
      checkBuilderId({ builderId: TAGGED } as Provenance, DELEGATOR, { builderIds, standing: null });
    expect(check(["a:b", "c:d"])).toThrow(expect.objectContaining({ expected: "a:b or c:d", actual: TAGGED }));
    expect(check([])).toThrow(expect.objectContaining({ actual: TAGGED }));
  });

  it("is compared elsewhere too, when it was named", () => {
    expect(judged(TAGGED, ["https://example.com/other"], TAGGED)).toBe("BUILDER_MISMATCH");
  });
});

describe("ids of builders", () => {
  it("are URIs", () => {
    expect(checkedBuilderIds([BUILDER, "https://github.com/actions/runner"])).toHaveLength(2);
    const longest = `https://${"x".repeat(MAX_CERTIFICATE_TEXT - 8)}`;
    expect(checkedBuilderIds([longest])).toEqual([longest]);
    expect(checkedBuilderIds(Array(MAX_BUILDER_IDS).fill(BUILDER))).toHaveLength(MAX_BUILDER_IDS);
  });

  it.each([
    ["empty", [""]],
    ["no URI", ["octo/builders"]],
    ["with a space", [BUILDER, `${BUILDER} `]],
    ["with a space before it", [` ${BUILDER}`]],
    ["too long", [`https://${"x".repeat(MAX_CERTIFICATE_TEXT)}`]],
    ["too many", Array(MAX_BUILDER_IDS + 1).fill(BUILDER)],
  ])("%s: refused", (_, ids) => {
    expect(() => checkedBuilderIds(ids)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("are shown shortly", () => {
    const actual = JSON.stringify("x".repeat(120));
    expect(() => checkedBuilderIds(["x".repeat(200)])).toThrow(expect.objectContaining({ actual }));
  });
});
