import type { NamedPiece, Piece, SigningThreads, Trust } from "@touchmark/verify";
import { MAX_WAITING_BYTES, THREADS_FROM } from "./check-limits.ts";
import { payloadBytes } from "./line-sieve.ts";

/** Evidence that is to be examined. */
export interface EvidenceQueue {
  /** Waits while there is much to do already. */
  push(pieces: readonly NamedPiece[]): Promise<void>;
  /** Waits for all. */
  end(): Promise<void>;
}

interface QueueOptions {
  readonly trust: readonly Trust[];
  /** Starts threads that verify signatures; called once, where there are many. Absent: this thread does it all. */
  readonly threads?: () => Promise<SigningThreads>;
  /** Somebody wants to know what is checked. Then this thread does it all. */
  readonly trace?: object;
}

/**
 * Has evidence examined here, and hands to threads what takes long where there is much of it.
 *
 * Which piece is examined after which depends on what is pushed and never on how fast a thread is: limits of a run leave out what
 * comes last, and the same evidence must give the same verdict.
 *
 * @param examine - is called again when the call before has ended, since what asks a log counts what it asked.
 */
export function evidenceQueue(
  { trust, threads, trace }: QueueOptions,
  examine: (pieces: readonly NamedPiece[]) => Promise<void>,
): EvidenceQueue {
  if (threads === undefined || trace !== undefined) return { push: examine, end: async () => {} };
  let waiting: NamedPiece[] = [];
  let ahead: EvidenceQueue | null = null;
  let slow = 0;
  return {
    async push(pieces) {
      if (ahead !== null) return ahead.push(pieces);
      await examine(pieces.filter(({ piece }) => !isSlow(piece)));
      for (const one of pieces) if (isSlow(one.piece)) waiting.push(one);
      const isMany = slow + waiting.length >= THREADS_FROM;
      if (!isMany && payloadBytes(waiting) <= MAX_WAITING_BYTES) return;
      slow += waiting.length;
      const next = waiting;
      waiting = [];
      if (!isMany) return examine(next);
      ahead = (await import("./examine-ahead.ts")).examineAhead(trust, await threads(), examine);
      await ahead.push(next);
    },
    end: () => (ahead === null ? examine(waiting) : ahead.end()),
  };
}

/** A certificate, with its chain and all that proves a time, takes 30 times as long as a key. */
function isSlow(piece: Piece): boolean {
  return piece.kind === "statement" && piece.bundle.signer.kind === "certificate";
}
