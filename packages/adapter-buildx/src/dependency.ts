import { DigestSet, hostedRepository, type ResourceDescriptor } from "@touchmark/core";
import { publicAddress } from "@touchmark/plugin";
import * as z from "zod";
import { STATED_BY } from "./annotation-names.ts";

/** An entry of `resolvedDependencies` or `materials`. */
export type Material = z.infer<typeof Material>;
export const Material = z.object({
  uri: z.string().max(8192).nullish(),
  digest: z.union([z.object({}).strict(), DigestSet]).nullish(),
});

/**
 * A base image, a git context, a download, as a dependency. Local contexts have no entry in BuildKit's list.
 *
 * What might be secret or of this machine stays out: of an http address the user and the query, where download links keep
 * their tokens; of an address of any other kind (`file:`, `local:`) all of it, so that the digest stands alone.
 *
 * @returns null for an entry without an address that can be told and without a digest.
 */
export function dependencyOf({ uri, digest }: Material): ResourceDescriptor | null {
  const digests = (digest ?? {}) as Readonly<Record<string, string>>;
  const commit = commitIn(uri ?? "", digests);
  if (commit !== null) return { ...addressOf(uri ?? ""), digest: { gitCommit: commit }, annotations: STATED_BY };
  const address = placeOf(uri ?? "");
  if (address === null && Object.keys(digests).length === 0) return null;
  return {
    ...(address === null ? { name: "input" } : { uri: address }),
    ...(Object.keys(digests).length === 0 ? {} : { digest: digests }),
    annotations: STATED_BY,
  };
}

/**
 * BuildKit writes a commit as `sha1`, or as `sha256` where it has 64 digits (digestSetForCommit in
 * solver/llbsolver/provenance/predicate.go), and sha1 for nothing else.
 */
function commitIn(uri: string, { sha1, sha256 }: Readonly<Record<string, string>>): string | null {
  if (sha1 !== undefined) return sha1;
  const isGit = /^(?:git|ssh):|^git@|\.git(?:#|$)/.test(uri);
  return isGit && sha256 !== undefined ? sha256 : null;
}

/** `https://github.com/octo/app.git#refs/heads/main:folder`. */
function addressOf(uri: string): Pick<ResourceDescriptor, "name" | "uri"> {
  const repository = hostedRepository(uri.replace(/[?#].*$/s, ""));
  if (repository === null) return { name: "source" };
  const ref = /#(refs\/[\w./+-]+)/.exec(uri)?.[1];
  return { uri: `git+https://${repository}${ref === undefined ? "" : `@${ref}`}` };
}

/** A package's purl names a public place as it stands. */
function placeOf(uri: string): string | null {
  return /^pkg:[a-z]+\/[^\s\p{Cc}]+$/u.test(uri) ? uri : publicAddress(uri, ["http:", "https:"]);
}
