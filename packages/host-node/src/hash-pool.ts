import type { Worker } from "node:worker_threads";
import { TouchmarkError } from "@touchmark/core";
import { createRing, createRingHash, type FilledChunk } from "./chunk-ring.mjs";
import { aborted } from "./file-error.ts";
import type { Batch, BatchResult } from "./hash-batch.mjs";
import type { TreeResult, TreeTask } from "./hash-tree.mjs";
import { createWorkerQueue } from "./worker-queue.ts";

/** Worker threads that hash. Made when first needed, kept for the next file, ended by `close`. */
export interface HashPool {
  /** Threads that may run at once. */
  readonly size: number;
  /** Hashes a batch in one worker; waits for a free one. */
  run(batch: Batch, control: SharedArrayBuffer): Promise<BatchResult>;
  /**
   * The same for a tree. A worker reads it, and this thread hashes meanwhile, chunk by chunk between other events. Of
   * several trees at once it takes the first; the others are hashed where they are read.
   */
  runTree(tree: Omit<TreeTask, "ring">, control: SharedArrayBuffer): Promise<TreeResult>;
  /** Starts a worker that will be needed soon, while this thread is busy with something else. */
  warm(): void;
  /** Ends all threads, also in the middle of a file. */
  close(): Promise<void>;
}

interface Told {
  readonly kind: string;
}

type OnChunk = (filled: FilledChunk) => void;

function isChunk(told: Told): told is FilledChunk {
  return told.kind === "chunk";
}

export function createHashPool(size: number): HashPool {
  const queue = createWorkerQueue(size, startWorker);
  /** Between this thread and the worker of one tree. */
  let ring: SharedArrayBuffer | "lent" | null = null;

  return {
    size,
    run: (batch, control) => work<BatchResult>({ batch, control }),
    runTree,
    warm: queue.warm,
    close: queue.close,
  };

  async function runTree(tree: Omit<TreeTask, "ring">, control: SharedArrayBuffer): Promise<TreeResult> {
    const own = ring === "lent" ? null : (ring ?? createRing());
    if (own !== null) ring = "lent";
    try {
      const message = { tree: { ...tree, ring: own }, control };
      return await work<TreeResult>(message, own === null ? undefined : createRingHash(own));
    } finally {
      if (own !== null) ring = own;
    }
  }

  function work<Result extends Told>(message: object, onChunk?: OnChunk): Promise<Result> {
    return queue.lend((worker) => ask<Result>(worker, message, onChunk));
  }

  function ask<Result extends Told>(worker: Worker, message: object, onChunk?: OnChunk): Promise<Result> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        worker.off("message", onMessage).off("error", onError).off("exit", onExit);
        // While `close` waits for its end, the worker alone keeps the process from ending without a word.
        if (!queue.isClosed()) worker.unref();
        finish();
      };
      // A port hands over up to 1,000 messages in one go, and a chunk takes a while: in turns of their own, in their order,
      // they leave time for an interruption and for the progress.
      const onMessage = (told: Result | FilledChunk) =>
        setImmediate(() => {
          if (isChunk(told)) onChunk?.(told);
          else settle(() => resolve(told));
        });
      const onError = (cause: Error) => setImmediate(() => settle(() => fail(cause)));
      const onExit = () => setImmediate(() => settle(() => fail(undefined)));
      const fail = (cause: Error | undefined) => {
        queue.forget(worker);
        if (queue.isClosed()) return reject(aborted());
        const detail = { expected: "digests", actual: cause?.message ?? "an end without an answer" };
        reject(new TouchmarkError("INTERNAL", "a hashing thread ended too early", { ...detail, cause }));
      };
      worker.on("message", onMessage).on("error", onError).on("exit", onExit);
      worker.ref();
      worker.postMessage(message);
    });
  }
}

function startWorker(): Worker {
  // Loaded when it is needed: one file that is small needs none.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  // No flags and no variables of the parent: a worker only reads files.
  return new Worker(new URL("./hash-worker.mjs", import.meta.url), {
    execArgv: [],
    env: {},
    trackUnmanagedFds: false, // each open would be written down; all are closed where they are opened
  });
}
