import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { TouchmarkError } from "@touchmark/core";
import { aborted } from "./file-error.ts";
import { createWorkerQueue } from "./worker-queue.ts";

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
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB };
  const queue = createWorkerQueue(size, () => new Worker(script, { execArgv: [], env: {}, resourceLimits }));

  return {
    size,
    ask: (question) => queue.lend((worker) => answerOf(worker, question)),
    close: queue.close,
  };

  function answerOf(worker: Worker, question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        worker.off("message", onMessage).off("error", onEnd).off("exit", onEnd);
        // While `close` waits for its end, the worker alone keeps the process from ending without a word.
        if (!queue.isClosed()) worker.unref();
        finish();
      };
      const onMessage = (answer: Answer) => settle(() => resolve(answer));
      const onEnd = (cause: unknown) =>
        settle(() => {
          queue.forget(worker);
          reject(queue.isClosed() ? aborted() : endedEarly(cause));
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
