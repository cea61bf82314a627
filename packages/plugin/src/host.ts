import type { AcceptableAlgorithm, DigestSet } from "@touchmark/core";
import type { HostEntry, HostFile } from "./host-file.ts";
import type { HttpRequest, HttpResponse, HttpStream, RegistryCredentials } from "./network.ts";
import type { ServiceRetry } from "./service-retry.ts";
import type { TreeDigest } from "./tree-digest.ts";

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
   * The same for a body of any size, which is never held as a whole.
   *
   * @param request - its time limit is for the head of the answer, and then for each wait for more of the body.
   */
  fetchStream(request: HttpRequest): Promise<HttpStream>;

  /**
   * What the user's docker configuration or credential helper knows for a registry; the host must be exactly the same.
   *
   * @param registry - `host[:port]`.
   * @returns null where they know nothing.
   * @throws TouchmarkError `NETWORK_REFUSED` for a registry that nobody named; `CREDENTIALS_UNREADABLE` for a
   * configuration that cannot be read or a helper that fails.
   */
  credentials(registry: string): Promise<RegistryCredentials | null>;

  /**
   * Waits; unit: milliseconds. Between attempts at something outside.
   *
   * @param signal - ends this pause with `ABORTED`, as the host's own signal ends all of them.
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;

  /**
   * A clock that never goes back: how long something outside has been waited for. Nothing that is stated may depend on it.
   *
   * @returns milliseconds since some moment.
   */
  elapsed(): number;

  /** Told that a service failed and is about to be asked again; absent where nobody wants to know. */
  retrying?(retry: ServiceRetry): void;

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
