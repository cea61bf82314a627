import { createThreadPool } from "@touchmark/host-node/thread-pool";
import type { SigningAnswer, SigningQuestion } from "@touchmark/verify";

/** Threads that verify signatures; see signing-worker.ts. */
export function createSigningThreads() {
  return createThreadPool<SigningQuestion, readonly SigningAnswer[]>(new URL("./signing-worker.mjs", import.meta.url));
}
