import type { Random } from "./random.ts";

/**
 * Inputs are not larger. Every reader has a limit of its own, which its unit tests try; above this one the time would be
 * that of reading many bytes, and not of reading evil ones. Unit: bytes.
 */
export const MAX_INPUT_BYTES = 128 * 1024;

/** Bytes that mean something to one reader or another: zeros, ends, quotes, brackets, and what is not UTF-8. */
const TELLING = Buffer.from("00017f80ff0a0d20222c2e3a2f3d5b5c5d7b7defbbbfc080eda080f8", "hex");

/** One change that knows nothing of a format. */
export function mutateBytes(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  const length = bytes.byteLength;
  const at = random.below(length + 1);
  const end = at + random.below(Math.min(length - at, 64) + 1);
  switch (random.below(8)) {
    case 0: {
      const copy = Uint8Array.from(bytes);
      if (length > 0) copy[at % length] = (copy[at % length] ?? 0) ^ (1 << random.below(8));
      return copy;
    }
    case 1: {
      const copy = Uint8Array.from(bytes);
      if (length > 0) copy[at % length] = random.pick([...TELLING]);
      return copy;
    }
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(end));
    case 4: {
      const start = random.below(TELLING.byteLength);
      return joined(bytes.subarray(0, at), TELLING.subarray(start, start + 1 + random.below(4)), bytes.subarray(at));
    }
    case 5: {
      const piece = bytes.subarray(at, end);
      return joined(bytes.subarray(0, at), ...copies(piece, random.pick([2, 3, 100, 10_000])), bytes.subarray(end));
    }
    case 6: {
      const other = random.pick([bytes, ...others]);
      const from = random.below(other.byteLength + 1);
      return joined(bytes.subarray(0, at), other.subarray(from));
    }
    default: {
      const noise = Uint8Array.from({ length: 1 + random.below(40) }, () => random.below(256));
      return joined(bytes.subarray(0, at), noise, bytes.subarray(end));
    }
  }
}

/** As many as were asked for, or as fit into one input. */
function copies(piece: Uint8Array, count: number): readonly Uint8Array[] {
  return Array<Uint8Array>(fitting(count, piece.byteLength)).fill(piece);
}

/** @param size - of one of them. Unit: bytes. */
export function fitting(count: number, size: number): number {
  return Math.max(1, Math.min(count, Math.floor(MAX_INPUT_BYTES / Math.max(size, 1))));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
