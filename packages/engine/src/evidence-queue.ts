import type { NamedPiece, Piece, SigningThreads, Trust } from "@touchmark/verify";
import { MAX_WAITING_BYTES, THREADS_FROM } from "./check-limits.ts";
import type { EvidenceQueue } from "./examine-ahead.ts";
import { payloadBytes } from "./line-sieve.ts";

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
 * Pieces are examined in the order in which they are pushed, whether there are threads or not and however fast they are: limits
 * of a run leave out what comes last, and the same evidence must give the same verdict.
 *
 * @param examine - is called again when the call before has ended, since what asks a log counts what it asked.
 */
export function evidenceQueue(
  { trust, threads, trace }: QueueOptions,
  examine: (pieces: readonly NamedPiece[]) => Promise<void>,
): EvidenceQueue {
  if (threads === undefined || trace !== undefined) return { push: examine, end: async () => {} };
  /** With a slow one among them, or empty. */
  let waiting: NamedPiece[] = [];
  let bytes = 0;
  let ahead: EvidenceQueue | null = null;
  /** Of all that was pushed. */
  let slow = 0;
  return {
    async push(pieces) {
      if (ahead !== null) return ahead.push(pieces);
      const more = pieces.filter(({ piece }) => isSlow(piece)).length;
      slow += more;
      if (waiting.length + more === 0) return examine(pieces);
      for (const one of pieces) waiting.push(one);
      bytes += payloadBytes(pieces);
      const isMany = slow >= THREADS_FROM;
      if (!isMany && bytes <= MAX_WAITING_BYTES) return;
      const next = waiting;
      [waiting, bytes] = [[], 0];
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
