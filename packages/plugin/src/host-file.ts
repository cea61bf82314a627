/** A regular file that a plugin may read. */
export interface HostFile {
  /** As a plugin may hand it back to the host: with forward slashes, relative to the workspace where it lies inside. */
  readonly path: string;
  /** The last segment of the path. */
  readonly name: string;
  /** Unit: bytes. Of a listed file it is looked up when it is asked for, so `{ ...file }` has none; throws `FILE_CHANGED` when it is gone. */
  readonly size: number;
}

/** Anything below a folder that is not itself a folder; a folder too where it is `badly-named`. */
export interface HostEntry {
  readonly path: string;
  /** Relative to the folder that was listed, with forward slashes: `linux/tool`. */
  readonly name: string;
  /**
   * `badly-named`: whatever has a name that is not UTF-8. Path and name hold replacement characters; they cannot be
   * opened, and may be those of another entry too.
   */
  readonly kind: "file" | "link" | "other" | "badly-named";
  /** Unit: bytes; of a link, the link's own; 0 of what is badly named. Looked up as a file's. */
  readonly size: number;
}

/** The file that a listed entry of the kind `file` is; its size stays unasked. */
export function fileOfEntry(entry: HostEntry): HostFile {
  return new EntryFile(entry);
}

class EntryFile implements HostFile {
  readonly path: string;
  readonly name: string;
  readonly #entry: HostEntry;
  constructor(entry: HostEntry) {
    this.path = entry.path;
    this.name = entry.name.slice(entry.name.lastIndexOf("/") + 1);
    this.#entry = entry;
  }
  get size() {
    return this.#entry.size;
  }
}
