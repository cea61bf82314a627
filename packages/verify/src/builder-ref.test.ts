import { describe, expect, it } from "vitest";
import { checkBuilderRef, checkedCommits, pinnedCommit, type TagRange } from "./builder-ref.ts";
import type { Leaf } from "./certificate/leaf.ts";
import { MAX_BUILDER_COMMITS } from "./certificate/limits.ts";
import { type Match, wholePattern } from "./match.ts";

const SHA1 = "0123456789abcdef0123456789abcdef01234567";
const SHA256 = `${SHA1}0123456789abcdef01234567`;
const OTHER = "ef".repeat(20);
const WORKFLOW = "https://github.com/octo/builders/.github/workflows/go.yml";

describe("a builder's commits", () => {
  it("are kept as they are, up to their number", () => {
    const most = Array<string>(MAX_BUILDER_COMMITS).fill(SHA1);
    for (const commits of [[], [SHA1, SHA256], most]) expect(checkedCommits(commits)).toEqual(commits);
    expect(() => checkedCommits([...most, SHA1])).toThrow(
      expect.objectContaining({
        code: "USAGE",
        expected: `at most ${MAX_BUILDER_COMMITS}`,
        actual: `${MAX_BUILDER_COMMITS + 1}`,
      }),
    );
  });

  it.each(["", "abcdef1", SHA1.toUpperCase(), `${SHA1}0`, `0${SHA256}`, `x${SHA1}`, `${SHA256}\n`, "g".repeat(64)])(
    "are not %j",
    (text) => {
      expect(() => checkedCommits([SHA1, text])).toThrow(
        expect.objectContaining({ code: "USAGE", actual: JSON.stringify(text) }),
      );
    },
  );
});

it.each<[string, string | null]>([
  [`${WORKFLOW}@${SHA1}`, SHA1],
  [`${WORKFLOW}@${SHA256}`, SHA256],
  [`${WORKFLOW}@refs/tags/x@${SHA1}`, SHA1],
  [`${WORKFLOW}@refs/tags/v1`, null],
  [`${WORKFLOW}@${SHA1.toUpperCase()}`, null],
  [`${WORKFLOW}@0${SHA256}`, null],
  [`${WORKFLOW}@${"g".repeat(64)}`, null],
  [SHA1, null],
])("the commit in %s", (identity, commit) => {
  expect(pinnedCommit(identity)).toBe(commit);
});

describe("a signing workflow", () => {
  const pattern = wholePattern(String.raw`https://github\.com/octo/.*`);
  const refusal = (
    at: string,
    buildSignerCommit: string | null,
    {
      identity = pattern,
      builderCommits = [],
      builderTags = null,
    }: { identity?: Match; builderCommits?: readonly string[]; builderTags?: TagRange | null } = {},
  ): object | null => {
    const leaf = { identity: `${WORKFLOW}@${at}`, claims: { buildSignerCommit } } as Leaf;
    try {
      checkBuilderRef(leaf, { identity, builderCommits, builderTags });
      return null;
    } catch (error) {
      return error as object;
    }
  };

  it.each(["refs/tags/v1", "refs/heads/main", "refs/tags/cli@0.1.0", `refs/tags/x@${SHA1}.1`, `refs/tags/x-${SHA1}`])(
    "at the branch or tag %s is its owners'",
    (ref) => {
      expect(refusal(ref, SHA1)).toBeNull();
      expect(refusal(ref, null)).toBeNull();
    },
  );

  // Nothing but the form of the ref refuses these: where there is a commit, the certificate says the same one.
  it.each<[string, string | null]>([
    [SHA1, SHA1],
    [SHA256, SHA256],
    [SHA256, null],
    [`refs/heads/x.yml@${SHA1}`, SHA1],
    [`refs/heads/x.yml@${SHA256}`, SHA256],
    [`refs/heads/x.yml@${SHA256.toUpperCase()}`, null],
    ["refs/heads/", null],
    ["refs/pull/7/merge", null],
    ["refs/heads/x.yml@refs/tags/v1", null],
    ["x@refs/tags/v1", null],
  ])("at %s may be anybody's", (ref, commit) => {
    expect(refusal(ref, commit)).toMatchObject({
      code: "BUILDER_REF_UNKNOWN",
      expected: "a tag or a branch; or the builder's released commits, each with --builder-commit SHA",
      actual: `${WORKFLOW}@${ref}`,
    });
  });

  it("at a commit that was named is believed", () => {
    expect(refusal(SHA1, SHA1, { builderCommits: [OTHER, SHA1] })).toBeNull();
    expect(refusal("refs/tags/v1", SHA1, { builderCommits: [OTHER, SHA1] })).toBeNull();
    const exact = { exact: `${WORKFLOW}@${SHA1}` };
    expect(refusal(SHA1, SHA1, { identity: exact })).toBeNull();
    expect(refusal(SHA1, null, { identity: exact })).toBeNull();
  });

  it.each<[string, string | null, string]>([
    [SHA1, SHA1, `${WORKFLOW}@${SHA1}, commit ${SHA1}`],
    ["refs/tags/v1", SHA1, `${WORKFLOW}@refs/tags/v1, commit ${SHA1}`],
    ["refs/tags/v1", null, "the certificate does not say"],
  ])("at %s is none of those that were named, where the certificate says %s", (ref, commit, actual) => {
    expect(refusal(ref, commit, { builderCommits: [OTHER, SHA256] })).toMatchObject({
      code: "BUILDER_REF_UNKNOWN",
      expected: `${OTHER} or ${SHA256}`,
      actual,
    });
  });

  it("has one commit", () => {
    for (const identity of [pattern, { exact: `${WORKFLOW}@${SHA1}` }]) {
      expect(refusal(SHA1, OTHER, { identity, builderCommits: [OTHER, SHA1] })).toMatchObject({
        code: "BUILDER_REF_UNKNOWN",
        expected: SHA1,
        actual: OTHER,
      });
    }
  });
});
