import type { HostFile } from "@touchmark/plugin";
import type { DeclaredDigest } from "./declared-digest.ts";

/** A file of the release, found and not yet hashed. */
export interface ReleasedFile {
  /** As the release shows it (`demo-linux-amd64`), not as it lies in dist (`demo_linux_amd64_v1/demo`). */
  readonly name: string;
  /** GoReleaser's word for it. */
  readonly type: string;
  /** Where it lies, for the host and for messages. */
  readonly place: string;
  readonly file: HostFile;
  /** `extra.Checksum`. */
  readonly declared: DeclaredDigest | null;
  /** `extra.ChecksumOf` of a split checksum list: the file that it belongs to, as recorded. */
  readonly checksumOf: string | null;
}

/** A file that artifacts.json says nothing about. */
export function unlistedFile(name: string, type: string, file: HostFile): ReleasedFile {
  return { name, type, place: file.path, file, declared: null, checksumOf: null };
}
