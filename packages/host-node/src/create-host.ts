import { availableParallelism } from "node:os";
import { decodeUtf8 } from "@touchmark/core";
import type { ServiceRetry, WritableHost } from "@touchmark/plugin";
import { createBoundary } from "./boundary.ts";
import type { Env } from "./child-environment.ts";
import { digestFiles, type HashProgress } from "./digest-files.ts";
import { throwIfAborted } from "./file-error.ts";
import { createHashPool } from "./hash-pool.ts";
import { listEntries } from "./list-entries.ts";
import { createNetwork } from "./network.ts";
import type { NetworkGrant } from "./network-grant.ts";
import { openRead } from "./open-read.ts";
import { readBytes } from "./read-bytes.ts";
import { kindOf, realPathOf, regularFile } from "./regular-file.ts";
import { createStdin, type InputStream } from "./stdin.ts";
import { wait } from "./wait.ts";

export interface HostOptions {
  /** The working directory: absolute. */
  readonly workspace: string;
  /** What the user granted beside it, absolute or relative to it; need not exist, and may be links. */
  readonly roots: readonly string[];
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** False in a process that holds a signing key. */
  readonly userCode: boolean;
  /** Of this, commands get a short list of harmless names. */
  readonly env: Env;
  /** Whom plugins may talk to; nobody when absent. */
  readonly network?: NetworkGrant;
  /** What was piped in; called when a plugin asks for it. Null, or absent: nothing was. */
  readonly stdin?: () => InputStream | null;
  readonly onProgress?: (event: HashProgress) => void;
  /** Told before a service that failed is asked again. */
  readonly onRetry?: (retry: ServiceRetry) => void;
  /** Threads for hashing, at most as many as there are processors; all of them when absent. */
  readonly workers?: number;
}

/** The machine as plugins may touch it. `close` ends its threads and commands; a host is of no use after it. */
export type NodeHost = WritableHost & { close(): Promise<void> };

export function createHost(options: HostOptions): NodeHost {
  const { workspace, signal, userCode, env, onProgress, onRetry } = options;
  const boundary = createBoundary(workspace, options.roots);
  const network = createNetwork(options.network ?? { kind: "none" }, env, signal);
  const stdin = createStdin(options.stdin ?? (() => null), signal);
  const processors = availableParallelism();
  const closing = new AbortController();
  const pool = createHashPool(Math.max(1, Math.min(options.workers ?? processors, processors)));
  const listing = { boundary, signal, onMany: () => pool.warm() };
  const running = { boundary, env, signal: AbortSignal.any([signal, closing.signal]) };
  const hashing = { boundary, pool, signal, ...(onProgress === undefined ? {} : { onProgress }) };

  // What few commands do is loaded for them: every start would read it.
  const host: NodeHost = {
    signal,
    userCode,
    kind: async (path) => {
      throwIfAborted(signal);
      return kindOf(path, boundary);
    },
    file: async (path) => {
      throwIfAborted(signal);
      return regularFile(path, boundary);
    },
    glob: async (pattern) => {
      throwIfAborted(signal);
      const { globFiles } = await import("./glob-files.ts");
      return globFiles(pattern, listing);
    },
    list: async (folder, listOptions) => {
      throwIfAborted(signal);
      return listEntries(folder, listing, listOptions);
    },
    readBytes: async (path, { max }) => {
      throwIfAborted(signal);
      return readBytes(path, max, boundary);
    },
    realPath: async (path) => {
      throwIfAborted(signal);
      return realPathOf(path, boundary);
    },
    openRead: (path) => openRead(path, boundary, signal),
    readText: async (path, { max }) => decodeUtf8(await host.readBytes(path, { max }), path),
    readStdin: ({ max }) => stdin.read(max),
    digest: (files, algorithms = ["sha256"]) => digestFiles(files, algorithms, hashing),
    digestTree: async (path, treeOptions) => {
      const { digestTree } = await import("./digest-tree.ts");
      return digestTree(path, treeOptions, hashing);
    },
    fetch: (request) => network.fetch(request),
    fetchStream: (request) => network.fetchStream(request),
    credentials: (registry) => network.credentials(registry),
    wait: (ms, alone) => wait(ms, alone === undefined ? signal : AbortSignal.any([signal, alone])),
    elapsed: () => performance.now(),
    ...(onRetry === undefined ? {} : { retrying: onRetry }),
    run: async (command, args, runOptions) => {
      const { runCommand } = await import("./run-command.ts");
      return runCommand(command, args, runOptions, running);
    },
    writeFiles: async (folder, files) => {
      const { writeFiles } = await import("./write-files.ts");
      return writeFiles(folder, files, workspace, signal);
    },
    close: () => {
      closing.abort();
      return pool.close();
    },
  };
  return host;
}
