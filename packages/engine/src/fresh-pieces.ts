import type { NamedPiece, Piece } from "@touchmark/verify";
import { MAX_SIGNATURES } from "./check-limits.ts";
import { identityOf } from "./read-evidence.ts";

/** Which pieces are examined: each once, and of files of many lines no more than a run can check. */
export interface FreshPieces {
  of(pieces: readonly NamedPiece[]): readonly NamedPiece[];
  /** Pieces that were left out because there were too many. */
  unexamined(): number;
}

export function freshPieces(): FreshPieces {
  const identities = new Set<string>(); // of one bundle in two places, one is enough
  let signatures = 0;
  let unexamined = 0;
  return {
    of: (pieces) =>
      pieces.filter(({ piece, line }) => {
        const identity = identityOf(piece);
        if (identities.has(identity)) return false;
        if (line !== null) signatures += signaturesIn(piece);
        if (signatures > MAX_SIGNATURES && line !== null) {
          unexamined += 1;
          return false;
        }
        identities.add(identity);
        return true;
      }),
    unexamined: () => unexamined,
  };
}

function signaturesIn(piece: Piece): number {
  const { tlogEntries, timestamps } = piece.kind === "statement" ? piece.bundle : piece.signature;
  return 1 + tlogEntries.length + timestamps.length;
}
