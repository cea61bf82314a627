/** What a tree on the disk is, by its bytes. */
export interface TreeDigest {
  readonly kind: "file" | "folder" | "link";
  /** Hex SHA-256 over the NAR serialisation (docs/digests.md). */
  readonly narSha256: string;
  /** Length of that serialisation. Unit: bytes. */
  readonly narSize: number;
  /**
   * Regular files with their path below the folder (the base name for a single file), in the order of NAR; `sha256` in
   * hex. Null: not asked for, or not plain.
   */
  readonly files:
    | readonly {
        readonly name: string;
        readonly size: number;
        readonly executable: boolean;
        readonly sha256: string;
      }[]
    | null;
  /** Symbolic links in it. */
  readonly links: number;
}
