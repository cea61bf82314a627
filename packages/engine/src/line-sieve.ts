import { ACCEPTABLE_ALGORITHMS, type AcceptableAlgorithm } from "@touchmark/core";
import {
  type Concern,
  claimedAlgorithms,
  concernOf,
  type NamedPiece,
  type Piece,
  type StatementPiece,
} from "@touchmark/verify";
import type { Item } from "./check-items.ts";
import { MAX_HELD_BYTES } from "./check-limits.ts";
import type { Hashing } from "./hash-items.ts";
import { isArtifact, readArtifacts } from "./read-artifacts.ts";

/**
 * Leaves out the lines of JSON Lines files that have no say in what holds. To tell, the items must be hashed: that waits
 * until some lines are at hand, so that one reading is enough for the algorithms that they use.
 */
export interface LineSieve {
  /** @returns what has a say, of these pieces or of others that were held back. */
  take(pieces: readonly NamedPiece[]): Promise<readonly NamedPiece[]>;
  /** @returns the same of what is still held back. */
  rest(): Promise<readonly NamedPiece[]>;
  /** Lines that were left out. */
  skipped(): number;
}

/** @param needed - algorithms that are needed whatever the lines say. */
export function sieveFor(items: readonly Item[], hashing: Hashing, needed: readonly AcceptableAlgorithm[]): LineSieve {
  let held: NamedPiece[] = [];
  let heldBytes = 0;
  let skipped = 0;
  let concern: Concern | null = null;
  const sifted = async (pieces: readonly NamedPiece[]): Promise<readonly NamedPiece[]> => {
    const claims = pieces.map(({ piece }) => piece).filter(isStatement);
    concern ??= await concernWith(["sha256", ...needed, ...claimedAlgorithms(claims)], items, hashing);
    const kept: NamedPiece[] = [];
    for (const line of byLine(pieces)) {
      if (await touchesAny(line, concern)) kept.push(...line);
      else skipped += 1;
    }
    return kept;
  };
  const release = async () => {
    const all = held;
    [held, heldBytes] = [[], 0];
    return await sifted(all);
  };
  return {
    async take(pieces) {
      const lines = pieces.filter(({ line }) => line !== null);
      const whole = pieces.filter(({ line }) => line === null);
      if (lines.length === 0) return whole;
      if (concern !== null) return [...whole, ...(await sifted(lines))];
      for (const one of lines) held.push(one);
      heldBytes += payloadBytes(lines);
      return heldBytes > MAX_HELD_BYTES ? [...whole, ...(await release())] : whole;
    },
    rest: async () => (held.length === 0 ? [] : await release()),
    skipped: () => skipped,
  };
}

async function concernWith(
  wanted: readonly AcceptableAlgorithm[],
  items: readonly Item[],
  hashing: Hashing,
): Promise<Concern> {
  const algorithms = ACCEPTABLE_ALGORITHMS.filter((name) => wanted.includes(name));
  const read = await readArtifacts(items, { setAside: new Set(), gaps: new Map() }, algorithms, hashing);
  return concernOf([...read.values()].filter(isArtifact), algorithms);
}

/** What stands in one line may belong together. */
function* byLine(pieces: readonly NamedPiece[]): Iterable<readonly NamedPiece[]> {
  let line: NamedPiece[] = [];
  for (const one of pieces) {
    if (line[0] !== undefined && line[0].line !== one.line) {
      yield line;
      line = [];
    }
    line.push(one);
  }
  if (line.length > 0) yield line;
}

async function touchesAny(line: readonly NamedPiece[], concern: Concern): Promise<boolean> {
  for (const { piece } of line) if (!isStatement(piece) || (await concern.touches(piece))) return true;
  return false;
}

function isStatement(piece: Piece): piece is StatementPiece {
  return piece.kind === "statement";
}

/** Most of what pieces take. */
export function payloadBytes(pieces: readonly NamedPiece[]): number {
  return pieces.reduce((sum, { piece }) => sum + (isStatement(piece) ? piece.bundle.payload.byteLength : 0), 0);
}
