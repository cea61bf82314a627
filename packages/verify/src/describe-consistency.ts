import type { Consistency } from "./certificate/consistency.ts";
import type { Piece } from "./formats/piece.ts";

/**
 * Compares the parts of a piece with each other, as far as that goes without trusting anybody. Verifies nothing, and throws
 * for nothing that the piece holds.
 */
export async function describeConsistency(piece: Piece): Promise<readonly Consistency[]> {
  const { consistencyOf } = await import("./certificate/consistency.ts");
  return consistencyOf(piece);
}
