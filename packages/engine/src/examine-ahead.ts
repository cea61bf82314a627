import { foreseeSignings, type NamedPiece, type SigningThreads, type Trust } from "@touchmark/verify";
import { MAX_WAITING_BYTES } from "./check-limits.ts";
import { payloadBytes } from "./line-sieve.ts";

/** Bundles that one thread is asked about at once: some 50 ms of work. Unit: bundles. */
const AT_ONCE = 16;

/** Questions on their way: while threads work, the next ones are read. Unit: questions. */
const ON_THE_WAY = 12;

/** Evidence that is to be examined. */
export interface EvidenceQueue {
  /** Waits while there is much to do already. */
  push(pieces: readonly NamedPiece[]): Promise<void>;
  /** Waits for all. */
  end(): Promise<void>;
}

/**
 * Has other threads verify what is then examined here, in the order in which it was pushed.
 *
 * @param examine - called when the cryptography of these was checked, and the call before has ended.
 */
export function examineAhead(
  trust: readonly Trust[],
  threads: SigningThreads,
  examine: (pieces: readonly NamedPiece[]) => Promise<void>,
): EvidenceQueue {
  const onTheWay = new Set<Promise<void>>();
  let bytes = 0;
  let failed: { readonly error: unknown } | null = null;
  let last = Promise.resolve();
  const start = (pieces: readonly NamedPiece[]) => {
    const bundles = pieces.map(({ piece }) => piece);
    const size = payloadBytes(pieces);
    bytes += size;
    const before = last;
    const one = foreseeSignings(bundles, trust, threads)
      .then(() => before)
      .then(() => (failed === null ? examine(pieces) : undefined))
      .catch((error) => {
        failed ??= { error };
      })
      .finally(() => {
        onTheWay.delete(one);
        bytes -= size;
      });
    onTheWay.add(one);
    last = one;
  };
  const requireNoneFailed = () => {
    if (failed !== null) throw failed.error;
  };
  return {
    async push(pieces) {
      for (let at = 0; at < pieces.length; at += AT_ONCE) {
        while (onTheWay.size >= ON_THE_WAY || bytes > MAX_WAITING_BYTES) await Promise.race(onTheWay);
        requireNoneFailed();
        start(pieces.slice(at, at + AT_ONCE));
      }
    },
    async end() {
      await Promise.all(onTheWay);
      requireNoneFailed();
    },
  };
}
