import type { Worker } from "node:worker_threads";
import type { TouchmarkError } from "@touchmark/core";
import { aborted } from "./file-error.ts";

/** Worker threads that do the same. Made when first needed, each lent to one at a time, kept for the next, ended by `close`. */
export interface WorkerQueue {
  /**
   * Lends a free worker for as long as `use` takes; waits for one.
   *
   * @throws TouchmarkError `ABORTED` once closed; what `use` throws.
   */
  lend<T>(use: (worker: Worker) => Promise<T>): Promise<T>;
  /** Starts a worker that will be needed soon, unless there is one. */
  warm(): void;
  /** One that ended by itself: it is replaced for whoever waits. */
  forget(worker: Worker): void;
  isClosed(): boolean;
  /** Ends all threads, also in the middle of something; whoever waits is refused. */
  close(): Promise<void>;
}

/**
 * @param size - workers that may run at once.
 * @param make - starts one; nothing of it keeps the process alive until somebody asks it.
 */
export function createWorkerQueue(size: number, make: () => Worker): WorkerQueue {
  const all = new Set<Worker>();
  const idle: Worker[] = [];
  const waiting: { give(worker: Worker): void; refuse(error: TouchmarkError): void }[] = [];
  let closed = false;

  return {
    async lend(use) {
      const worker = await take();
      try {
        return await use(worker);
      } finally {
        giveBack(worker);
      }
    },
    warm: () => {
      if (!closed && all.size === 0 && size > 1) idle.push(start());
    },
    forget: (worker) => {
      all.delete(worker);
    },
    isClosed: () => closed,
    close: async () => {
      closed = true;
      for (const one of waiting.splice(0)) one.refuse(aborted());
      const workers = [...all];
      all.clear();
      idle.length = 0;
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };

  async function take(): Promise<Worker> {
    if (closed) throw aborted();
    const free = idle.pop();
    if (free !== undefined) return free;
    if (all.size < size) return start();
    return new Promise((give, refuse) => waiting.push({ give, refuse }));
  }

  function start(): Worker {
    const worker = make();
    worker.unref();
    all.add(worker);
    return worker;
  }

  function giveBack(worker: Worker): void {
    const alive = all.has(worker);
    const next = waiting.shift();
    if (next !== undefined) next.give(alive ? worker : start());
    else if (alive) idle.push(worker);
  }
}
