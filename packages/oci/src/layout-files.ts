/** The files of a layout, by their path in it. */
export interface LayoutFiles {
  /** How messages call the layout: `image.tar`. */
  readonly label: string;
  /**
   * A file, whole in memory.
   *
   * @returns null when there is none.
   * @throws TouchmarkError `INPUT_TOO_LARGE` above `max` bytes; `IMAGE_MALFORMED` for a link and for anything else that is
   * no file.
   */
  read(path: string, max: number): Promise<Uint8Array | null>;
  /**
   * What files are, in the order of `paths`, null for one that is not there. SHA-512 for those below `blobs/sha512/`,
   * SHA-256 for all others.
   */
  measure(paths: readonly string[]): Promise<readonly (Measured | null)[]>;
  /**
   * Paths of files below `blobs/`, whether anything names them or not: of at most `max` bytes each, and such as can be read
   * at no further cost.
   */
  smallBlobs(max: number): Promise<readonly string[]>;
}

export interface Measured {
  /** `sha256:<hex>` or `sha512:<hex>`. */
  readonly digest: string;
  /** Unit: bytes. */
  readonly size: number;
}

/** The algorithm by which a file of a layout is measured. */
export function algorithmOf(path: string): "sha256" | "sha512" {
  return path.startsWith("blobs/sha512/") ? "sha512" : "sha256";
}
