import type { SigningThreads } from "@touchmark/verify";

/** Threads that verify, made when they are first asked for. */
export interface LazyThreads {
  start(): Promise<SigningThreads>;
  /** Ends those that were made. */
  close(): Promise<void>;
}

export function lazyThreads(): LazyThreads {
  const made: { close(): Promise<void> }[] = [];
  return {
    async start() {
      const { createSigningThreads } = await import("./signing-threads.ts");
      const threads = createSigningThreads();
      made.push(threads);
      return threads;
    },
    async close() {
      for (const one of made) await one.close();
    },
  };
}
