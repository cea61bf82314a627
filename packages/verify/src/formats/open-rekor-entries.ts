import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { LoggedBundles } from "./logged-bundles.ts";
import type { StatementPiece } from "./piece.ts";

/** What Rekor's API answered, and what it is called: a file, as the user typed it. */
export interface RekorAnswerFile {
  readonly bytes: Uint8Array;
  readonly called: string;
}

/**
 * Reads log entries that were kept apart from their envelopes, in any order.
 *
 * @throws TouchmarkError `LOG_ENTRY_INVALID`, `EVIDENCE_TOO_LARGE`; with the file's name.
 */
export async function openRekorEntries(files: readonly RekorAnswerFile[]): Promise<LoggedBundles> {
  const [{ readRekorFile }, { rekorEntries }] = await Promise.all([
    import("./rekor-answer.ts"),
    import("./rekor-entries.ts"),
  ]);
  return rekorEntries(
    files.flatMap(({ bytes, called }) => {
      try {
        return readRekorFile(bytes);
      } catch (error) {
        if (!isTouchmarkError(error)) throw error;
        throw new TouchmarkError(error.code, `${called}: ${error.message}`, error);
      }
    }),
  );
}

/** What to ask a log of Rekor v1 for, to get the entry of an envelope. All of it are hashes, in lowercase hex. */
export interface RekorQuestion {
  /** Ids that the entry may have. */
  readonly ids: readonly string[];
  /** SHA-256 of what the log's index knows it by: of the envelope, of its payload. */
  readonly hashes: readonly string[];
}

/** @returns null for a piece that no entry of a log is missing from. */
export async function rekorQuestion({ bundle, unlogged }: StatementPiece): Promise<RekorQuestion | null> {
  if (unlogged === undefined) return null;
  const { entryIds, payloadHash } = await import("./entry-ids.ts");
  return { ids: entryIds(bundle, unlogged), hashes: [unlogged.sha256, payloadHash(bundle)] };
}
