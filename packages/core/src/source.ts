import type { DigestSet } from "./digest.ts";

/**
 * Where the build's source came from: the first dependency of v1, unless a build tool reported it; v0.2's configSource; v0.1's
 * first material. Google Cloud Build and Tekton Chains say it elsewhere (cloud-build-source.ts, tekton-source.ts).
 */
export interface Source {
  /** Without `git+` and without the ref: `https://github.com/octo/widgets`. */
  readonly repository: string;
  /** `refs/tags/v1.0.0`, when the URI names it after an `@`. */
  readonly ref: string | null;
  /** 40 or 64 hex digits. */
  readonly commit: string | null;
}

/**
 * Splits `git+https://host/repo@refs/tags/v1` into repository and ref; the commit from gitCommit, or sha1 as v0.2 has it.
 *
 * @returns null when the descriptor is not a git repository, and when `@refs/` stands in it twice: a branch may be called
 * `x@refs/tags/v1`, so that two readers would see two refs.
 */
export function readSource(
  descriptor: { readonly uri?: string | null | undefined; readonly digest?: DigestSet | null | undefined } | undefined,
): Source | null {
  const uri = descriptor?.uri;
  if (!uri?.startsWith("git+")) return null;
  const plain = uri.slice("git+".length);
  const at = plain.indexOf("@refs/");
  if (at !== plain.lastIndexOf("@refs/")) return null;
  return {
    repository: at === -1 ? plain : plain.slice(0, at),
    ref: at === -1 ? null : plain.slice(at + 1),
    commit: descriptor?.digest?.["gitCommit"] ?? descriptor?.digest?.["sha1"] ?? null,
  };
}
