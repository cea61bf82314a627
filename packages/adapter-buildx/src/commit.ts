import { hostedRepository, type ResourceDescriptor } from "@touchmark/core";
import { STATED_BY } from "./annotation-names.ts";

/** The commit of a build's context. */
export interface Commit {
  readonly dependency: ResourceDescriptor;
  /** True when buildx said that files differed from it, which it does with BUILDX_GIT_CHECK_DIRTY=1 only. */
  readonly dirty: boolean;
}

/**
 * Reads `vcs:revision` and `vcs:source`, which buildx takes from the git checkout of the context. Nobody checks them, and
 * a build can set them to any text.
 *
 * @returns null where the revision is no commit: a text of the user's own says nothing that could be compared.
 */
export function commitOf(revision: unknown, source: unknown): Commit | null {
  const match = typeof revision === "string" ? /^([0-9a-f]{64}|[0-9a-f]{40})(-dirty)?$/.exec(revision) : null;
  if (match?.[1] === undefined) return null;
  const repository = typeof source === "string" ? hostedRepository(source) : null;
  return {
    dependency: {
      ...(repository === null ? { name: "source" } : { uri: `git+https://${repository}` }),
      digest: { gitCommit: match[1] },
      annotations: STATED_BY,
    },
    dirty: match[2] !== undefined,
  };
}
