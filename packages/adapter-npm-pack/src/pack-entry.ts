import type { DigestSet } from "@touchmark/core";

/** One tarball, as the tool that packed it says. */
export interface PackEntry {
  /** Null where the tool does not say: yarn. */
  readonly name: string | null;
  /** As written; pnpm 12 leaves build metadata out. */
  readonly version: string | null;
  /** The name of the file, without a folder. */
  readonly fileName: string;
  /** Where the tool wrote it, on the machine that packed; null where it gave the name alone. */
  readonly absolutePath: string | null;
  /** What the tool declared, one set for each member that it declared in; empty for yarn and pnpm 9 and 10. */
  readonly declared: readonly { readonly member: "integrity" | "shasum"; readonly digest: DigestSet }[];
}

/** What one run of a tool packed. */
export interface PackList {
  readonly tool: "npm" | "pnpm" | "yarn";
  readonly entries: readonly PackEntry[];
}
