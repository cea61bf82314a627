import { type AcceptableAlgorithm, type DigestSet, type Subject, TouchmarkError } from "@touchmark/core";
import type { HttpRequest, HttpResponse, RegistryCredentials } from "./network.ts";

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

export interface RunOptions {
  /** Where the command runs: a folder inside the granted roots; the workspace when absent. */
  readonly cwd?: string;
  /** Written to the command's standard input, which is closed after it; empty when absent. */
  readonly input?: Uint8Array;
  /** Milliseconds until the child and its descendants are killed; above 0. */
  readonly timeoutMs: number;
  /** Set on top of the reduced environment that the host passes on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Bytes of standard output that are kept; more is an error. 64 MiB when absent. */
  readonly maxOutput?: number;
}

/**
 * All that a plugin may touch. Paths are relative to the workspace or absolute; either way they must lie, links
 * resolved, inside the workspace or a root that the user granted, else `OUTSIDE_ROOTS`.
 */
export interface Host {
  /** Aborted when the user interrupts; every method throws `ABORTED` from then on. */
  readonly signal: AbortSignal;
  /** False in a process that holds a signing key: no package scripts, no configuration that is code. */
  readonly userCode: boolean;

  /**
   * What stands at a path; null when nothing does. A link inside the roots is followed, one that leads out is refused.
   *
   * @throws TouchmarkError `OUTSIDE_ROOTS`, `FILE_UNREADABLE`.
   */
  kind(path: string): Promise<"file" | "folder" | "other" | null>;

  /**
   * The regular file at a path.
   *
   * @throws TouchmarkError `INPUT_MISSING` when nothing is there, `FILE_REFUSED` for a link, a folder, a FIFO or a device.
   */
  file(path: string): Promise<HostFile>;

  /**
   * Regular files that a pattern names (`dist/*.tar.gz`, `out/**`), sorted by path in code unit order; hidden files
   * count. Links are errors where the pattern names them, as are FIFOs and devices: they are never skipped in silence.
   *
   * @returns an empty list when nothing matches.
   * @throws TouchmarkError `FILE_REFUSED`, `OUTSIDE_ROOTS`, `LIMIT_EXCEEDED`.
   */
  glob(pattern: string): Promise<readonly HostFile[]>;

  /**
   * Every entry below a folder: recursive, hidden ones included, links not followed, sorted by path in code unit order.
   *
   * @param options.recursive - false: only what lies in the folder itself. True when absent.
   * @throws TouchmarkError `INPUT_MISSING`, `OUTSIDE_ROOTS`, `LIMIT_EXCEEDED` above 1,000,000 entries.
   */
  list(folder: string, options?: { readonly recursive: boolean }): Promise<readonly HostEntry[]>;

  /**
   * The bytes of a file, at most `max` of them.
   *
   * @param options - `max` in bytes; a larger file is `INPUT_TOO_LARGE` before anything is read.
   */
  readBytes(path: string, options: { readonly max: number }): Promise<Uint8Array>;

  /**
   * The true place of a path, every link in it followed: absolute, with forward slashes.
   *
   * @throws TouchmarkError `INPUT_MISSING` when nothing is there, `OUTSIDE_ROOTS` when it leads out of what was granted.
   */
  realPath(path: string): Promise<string>;

  /**
   * A regular file in chunks of at most 1 MiB, each valid until the next is asked for. It is looked at again at the end:
   * one that changed meanwhile is `FILE_CHANGED`.
   *
   * @throws TouchmarkError as `file` and `readBytes`, when the first chunk is asked for.
   */
  openRead(path: string): AsyncIterable<Uint8Array>;

  /** The same as UTF-8 text; invalid UTF-8 is `INPUT_INVALID`. */
  readText(path: string, options: { readonly max: number }): Promise<string>;

  /**
   * What was piped into the program, to its end. It can be read once: a second plugin that asks would get nothing.
   *
   * @param options - `max` in bytes; more is `INPUT_TOO_LARGE`.
   * @throws TouchmarkError `INPUT_MISSING` when nothing was piped in, `USAGE` when it was read already.
   */
  readStdin(options: { readonly max: number }): Promise<Uint8Array>;

  /**
   * Digests of files, all wanted algorithms in one pass, in the order of `files`. Files are opened once and looked at
   * again after hashing: one that changed meanwhile is `FILE_CHANGED`.
   */
  digest(files: readonly HostFile[], algorithms?: readonly HashAlgorithm[]): Promise<readonly DigestSet[]>;

  /**
   * Digests of a tree in one pass: a folder with all that is in it, a file, or a link (which is not followed). Memory does
   * not grow with the size of files. What changed meanwhile is `FILE_CHANGED`.
   *
   * @param options.files - also the regular files and the SHA-256 of each; `plain`: only of a folder without links,
   * executables and names that are not UTF-8, where they say all that there is but for empty folders.
   * @throws TouchmarkError `INPUT_MISSING`, `OUTSIDE_ROOTS`, `FILE_REFUSED` for a FIFO, a socket or a device,
   * `LIMIT_EXCEEDED` above 1,000,000 entries; with `files: true` also `NAME_REFUSED` for a file whose name is not UTF-8.
   */
  digestTree(path: string, options: { readonly files: boolean | "plain" }): Promise<TreeDigest>;

  /**
   * One HTTP exchange; no redirect is followed and no credential is added.
   *
   * @throws TouchmarkError `NETWORK_REFUSED` for a host that nobody named; `NETWORK_UNAVAILABLE` when no answer came in
   * time; `REGISTRY_INVALID` when its body ended early; `INPUT_TOO_LARGE`. No message holds more of a URL than its host.
   */
  fetch(request: HttpRequest): Promise<HttpResponse>;

  /**
   * What the user's docker configuration or credential helper knows for a registry; the host must be exactly the same.
   *
   * @param registry - `host[:port]`.
   * @returns null where they know nothing.
   * @throws TouchmarkError `NETWORK_REFUSED` for a registry that nobody named; `CREDENTIALS_UNREADABLE` for a
   * configuration that cannot be read or a helper that fails.
   */
  credentials(registry: string): Promise<RegistryCredentials | null>;

  /** Waits; unit: milliseconds. Between attempts at something outside. */
  wait(ms: number): Promise<void>;

  /**
   * Runs a command without a shell and waits for it.
   *
   * @returns stdout and stderr, byte for byte.
   * @throws TouchmarkError `RUN_FAILED` when it cannot start, ends with another code than 0 or takes too long; with the
   * last 2 KiB of stderr, never the arguments, which may hold a token.
   */
  run(
    command: string,
    args: readonly string[],
    options: RunOptions,
  ): Promise<{ readonly stdout: Uint8Array; readonly stderr: Uint8Array }>;
}

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

/** Algorithms that a host computes: all acceptable ones, and those that are only compared with what a tool declared. */
export type HashAlgorithm = AcceptableAlgorithm | "sha1" | "sha224" | "sha512_224" | "sha3_224" | "sm3" | "md5";

/** A host that may also write; only publishers get one. */
export interface WritableHost extends Host {
  /**
   * Writes files into a folder, which is made when it is missing: all of them or none. Each is written beside its place
   * and renamed when all are complete; files of the same name are replaced.
   *
   * @param folder - as the user gave it.
   * @throws TouchmarkError `OUTPUT_UNWRITABLE`, `DISK_FULL`, `OUTPUT_CONFLICT` when a name is taken by a folder or link.
   */
  writeFiles(
    folder: string,
    files: readonly { readonly name: string; readonly bytes: Uint8Array; readonly mode?: number }[],
  ): Promise<void>;
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

/**
 * Subjects of files, hashed: name = `options.name` of the file, sha256 and whatever else is wanted.
 *
 * @param options.name - the subject's name for a file, which stands at `index`; the base name when absent.
 * @throws TouchmarkError as `host.digest`; `INTERNAL` when the host left a file out.
 */
export async function subjectsOf(
  host: Host,
  files: readonly HostFile[],
  options: {
    readonly name?: (file: HostFile, index: number) => string;
    readonly algorithms?: readonly AcceptableAlgorithm[];
    readonly mediaType?: string;
  } = {},
): Promise<readonly Subject[]> {
  const digests = await host.digest(files, options.algorithms ?? ["sha256"]);
  return files.map((file, index) => {
    const digest = digests[index];
    if (digest === undefined) {
      throw new TouchmarkError("INTERNAL", `the host gave no digest for ${file.path}`, {
        expected: `${files.length} digest sets`,
        actual: String(digests.length),
      });
    }
    const name = options.name?.(file, index) ?? file.name;
    // Members in the order of their text, so that a long list is written without a copy.
    return options.mediaType === undefined ? { digest, name } : { digest, mediaType: options.mediaType, name };
  });
}
