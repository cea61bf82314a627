import type { SeenReleases } from "@touchmark/verify";

/** What a verifier that remembers knows, and where it has it from. */
export interface SeenBefore {
  /** Of the file, as the user named it. */
  readonly name: string;
  /** SHA-256 of the file, lowercase hex; null when it is new. */
  readonly digest: string | null;
  readonly releases: SeenReleases;
}
