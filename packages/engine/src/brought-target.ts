import type { Finding } from "@touchmark/core";

/** Where a target lies that was brought from elsewhere, such as the files of a release: a folder target under its own name. */
export interface BroughtTarget {
  /** A folder that nobody else writes to. */
  readonly folder: string;
  /** The purl of the package that each file must be; null for files that are none in particular. */
  readonly package: string | null;
  /** The release that was asked for, which its provenance must not contradict; null for what has no tag. */
  readonly release: { readonly repository: string; readonly tag: string } | null;
  /** Why some of what the host keeps about the release was not seen. */
  readonly gaps: readonly Finding[];
}

/** Evidence that is used beside what is looked for: a file, or a folder with all that is in it. */
export interface EvidenceSource {
  readonly path: string;
  /** As a report calls it. */
  readonly name: string;
}
