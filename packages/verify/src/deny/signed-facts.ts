import type { Provenance } from "@touchmark/core";
import { pinnedCommit } from "../builder-ref.ts";
import type { Verified } from "../verified.ts";

/** What a denial can be about, of one trusted statement. Whatever one of several places says is among it; null where it does not. */
export interface SignedFacts {
  readonly commits: readonly (string | null)[];
  readonly builderCommits: readonly (string | null)[];
  /** SHA-256 of the SPKI, lowercase hex. */
  readonly key: string;
  readonly signer: { readonly identity: string; readonly issuer: string } | null;
  /** Milliseconds since 1970, each proven; null where nothing proves when it was signed. */
  readonly times: readonly number[] | null;
}

export function factsOf({ predicate, signer }: Verified<Provenance | null>): SignedFacts {
  const commits = [predicate?.source?.commit ?? null];
  const builders = [predicate === null ? null : pinnedCommit(predicate.builderId)];
  if (signer.kind !== "identity") {
    return { commits, builderCommits: builders, key: signer.digest, signer: null, times: null };
  }
  const { claims, identity, issuer } = signer;
  return {
    commits: [...commits, claims.sourceCommit],
    builderCommits: [...builders, claims.buildSignerCommit, pinnedCommit(identity)],
    key: signer.keyDigest,
    signer: { identity, issuer },
    times: signer.times.map((time) => time.getTime()),
  };
}
