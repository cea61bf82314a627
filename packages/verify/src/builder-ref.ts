import type { Leaf } from "./certificate/leaf.ts";
import { MAX_BUILDER_COMMITS } from "./certificate/limits.ts";
import { refused } from "./certificate/refused.ts";
import { type Match, usage } from "./match.ts";

/** Released versions of a workflow, by its tags. */
export interface TagRange {
  /** As the user wrote it. */
  readonly text: string;
  /** @param tag - without `refs/tags/`. */
  accepts(tag: string): boolean;
}

/** @throws TouchmarkError `USAGE`. */
export function checkedCommits(commits: readonly string[]): readonly string[] {
  if (commits.length > MAX_BUILDER_COMMITS) {
    throw usage("too many commits of a builder", `at most ${MAX_BUILDER_COMMITS}`, String(commits.length));
  }
  const wrong = commits.find((commit) => !COMMIT.test(commit));
  if (wrong === undefined) return [...commits];
  throw usage(
    "a commit of a builder is not written in full",
    "40 or 64 hex digits in lower case",
    JSON.stringify(wrong),
  );
}

/**
 * Refuses a workflow at a ref that its owners need not have made. GitHub serves the commits of every fork under the name of
 * the repository that was forked: `octo/builder/x.yml@<commit>` can be anybody's file, and so can that of a pull request.
 * A branch or a tag only those make who may write to the repository.
 *
 * @throws TouchmarkError `BUILDER_REF_UNKNOWN` unless the commit was named: in an exact identity, or among the builder's
 * commits, with which the certificate's build signer digest is then compared. Where tags were named, it must be at one of these
 * or at such a commit.
 * @see https://www.chainguard.dev/unchained/what-the-fork-imposter-commits-in-github-actions-and-ci-cd
 */
export function checkBuilderRef(
  { identity, claims }: Leaf,
  trust: {
    readonly identity: Match;
    readonly builderCommits: readonly string[];
    readonly builderTags: TagRange | null;
  },
): void {
  const pinned = pinnedCommit(identity);
  const digest = claims.buildSignerCommit;
  if (pinned !== null && digest !== null && digest !== pinned) {
    throw unknownRef("the certificate names two commits of the signing workflow", pinned, digest);
  }
  const isExact = "exact" in trust.identity;
  if (isExact && pinned !== null) return;
  if (trust.builderTags !== null && isTagIn(identity, trust.builderTags)) return;
  if (trust.builderCommits.length > 0) {
    if (trust.builderCommits.some((commit) => commit === digest)) return;
    throw unknownRef(
      "the signing workflow is at none of the builder's commits that you named",
      [...(trust.builderTags === null ? [] : [`a tag ${trust.builderTags.text}`]), ...trust.builderCommits].join(
        " or ",
      ),
      digest === null ? "the certificate does not say" : `${identity}, commit ${digest}`,
    );
  }
  if (trust.builderTags !== null) {
    throw unknownRef("the signing workflow is at no tag that you trust", `a tag ${trust.builderTags.text}`, identity);
  }
  if (isExact || !identity.includes("://") || !identity.includes("@") || isBranchOrTag(identity)) return;
  throw unknownRef(
    "the signing workflow is at a commit that anybody can have made",
    "a tag or a branch; or the builder's released commits, each with --builder-commit SHA",
    identity,
  );
}

/**
 * True for the ref of a branch or a tag, and nothing else that could be read as one: a tag may be called `cli@0.1.0`, and a file
 * `x@refs/tags/y.yml`.
 */
export function isBranchOrTag(identity: string): boolean {
  const isOne = identity.indexOf("@") === identity.lastIndexOf("@refs/") && /@refs\/(?:heads|tags)\/./.test(identity);
  return isOne && !/@(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(identity);
}

function isTagIn(identity: string, tags: TagRange): boolean {
  const before = "@refs/tags/";
  return (
    isBranchOrTag(identity) &&
    identity.includes(before) &&
    tags.accepts(identity.slice(identity.indexOf(before) + before.length))
  );
}

/** The commit at the end of a workflow's name; null where a ref stands there, or nothing. */
export function pinnedCommit(identity: string): string | null {
  const commit = identity.slice(identity.lastIndexOf("@") + 1);
  return commit !== identity && COMMIT.test(commit) ? commit : null;
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function unknownRef(message: string, expected: string, actual: string) {
  return refused("BUILDER_REF_UNKNOWN", message, { expected, actual });
}
