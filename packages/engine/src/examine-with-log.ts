import { type Code, findingOf, isTouchmarkError } from "@touchmark/core";
import { type Evidence, type ExamineOptions, examine, type Piece, type RefusedEvidence } from "@touchmark/verify";
import type { LogSearch } from "./ask-log.ts";

/**
 * Examines a piece, and where nothing but its log entry is missing asks for that.
 *
 * @param options.logs - absent: nobody is asked.
 * @returns a refusal with the log's fault where it cannot be asked: the verdict is then `unknown`, unless other evidence holds.
 * @throws TouchmarkError `ABORTED`, `INTERNAL`, `NETWORK_REFUSED`.
 */
export async function examineWithLog(
  name: string,
  piece: Piece,
  { logs, ...options }: ExamineOptions & { readonly logs?: LogSearch },
): Promise<Evidence> {
  const evidence = examine(name, piece, options);
  if (logs === undefined || piece.kind !== "statement" || evidence.kind !== "refused") return evidence;
  // Entries that were given and do not hold are as none: they must not keep the right one from being asked for.
  if (!lacksEntry(evidence) && (options.entries?.of(piece.bundle) ?? []).length === 0) return evidence;
  try {
    const entries = await logs.entriesOf(piece);
    return entries === null ? evidence : examine(name, piece, { ...options, entries });
  } catch (error) {
    if (!isTouchmarkError(error) || OURS.includes(error.code)) throw error;
    return { ...evidence, findings: [findingOf(error)] };
  }
}

/** Not the log's fault. */
const OURS: readonly Code[] = ["ABORTED", "INTERNAL", "NETWORK_REFUSED"];

function lacksEntry({ findings }: RefusedEvidence): boolean {
  return findings.some(({ code }) => code === "LOG_ENTRY_MISSING");
}
