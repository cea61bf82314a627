import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { TouchmarkError } from "@touchmark/core";
import { aborted } from "./file-error.ts";

/** Threads that run one script and answer questions: one message in, one message out. */
export interface ThreadPool<Question, Answer> {
  /** Threads that may run at once. */
  readonly size: number;
  /**
   * Asks a free thread; a question that comes while none is free waits for one.
   *
   * @throws TouchmarkError `INTERNAL` when the thread ends without an answer, whatever ended it; `ABORTED` once closed.
   */
  ask(question: Question): Promise<Answer>;
  /** Ends all threads, also in the middle of an answer. */
  close(): Promise<void>;
}

/** More than the asking thread can feed; and each takes some 40 MiB. Unit: threads. */
const MAX_THREADS = 4;

/** V8's own choice of 48 keeps what is long dead: 30 MiB in each thread. Unit: MiB. */
const YOUNG_MIB = 8;

/**
 * Makes a pool; its threads start when there are questions for them.
 *
 * @param script - a module that answers each `message` of its parentPort with one message. It gets no flags and no environment
 * of this process.
 */
export function createThreadPool<Question, Answer>(script: URL): ThreadPool<Question, Answer> {
  const size = Math.min(availableParallelism(), MAX_THREADS);
  const all = new Set<Worker>();
  const idle: Worker[] = [];
  const waiting: { give(worker: Worker): void; refuse(error: TouchmarkError): void }[] = [];
  let closed = false;

  return {
    size,
    ask: async (question) => {
      const worker = await take();
      try {
        return await answerOf(worker, question);
      } finally {
        giveBack(worker);
      }
    },
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
    const worker = new Worker(script, {
      execArgv: [],
      env: {},
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    worker.unref();
    all.add(worker);
    return worker;
  }

  function giveBack(worker: Worker): void {
    const alive = all.has(worker);
    const next = waiting.shift();
    // One that died is replaced for whoever waits.
    if (next !== undefined) next.give(alive ? worker : start());
    else if (alive) idle.push(worker);
  }

  function answerOf(worker: Worker, question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        worker.off("message", onMessage).off("error", onEnd).off("exit", onEnd);
        // While `close` waits for its end, the worker alone keeps the process from ending without a word.
        if (!closed) worker.unref();
        finish();
      };
      const onMessage = (answer: Answer) => settle(() => resolve(answer));
      const onEnd = (cause: unknown) =>
        settle(() => {
          all.delete(worker);
          reject(closed ? aborted() : endedEarly(cause));
        });
      worker.on("message", onMessage).on("error", onEnd).on("exit", onEnd);
      worker.ref();
      worker.postMessage(question);
    });
  }
}

function endedEarly(cause: unknown): TouchmarkError {
  const actual = cause instanceof Error ? cause.message : "an end without an answer";
  return new TouchmarkError("INTERNAL", "a thread ended too early", { expected: "an answer", actual, cause });
}
