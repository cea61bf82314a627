import { MAX_EVIDENCE_BYTES } from "@touchmark/core";
import { type CheckOptions, logSearch } from "@touchmark/engine";
import { isIdentityTrust, openRekorEntries, type RekorAnswerFile, type Trust } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { hostFor } from "./host-for.ts";
import { readInput } from "./read-input.ts";

/** Flags that say where log entries come from that evidence lacks. */
export interface EntryFlags {
  readonly rekorEntry?: readonly string[];
  readonly online?: boolean;
}

/** Where entries come from that evidence lacks. */
export interface MissingEntries {
  readonly options: Pick<CheckOptions, "entries" | "logs">;
  /** Whom it may cost a question. */
  readonly hosts: readonly string[];
  close(): Promise<void>;
}

/**
 * The entries in the files that the user named, and with --online the logs that the trusted roots name: no other address is
 * asked, whatever evidence says.
 *
 * @throws TouchmarkError `LOG_ENTRY_INVALID`, `EVIDENCE_TOO_LARGE`, as `readInput`; with the file's name.
 */
export async function missingEntries(
  context: Context,
  { rekorEntry = [], online }: EntryFlags,
  trust: readonly Trust[],
): Promise<MissingEntries> {
  const files: RekorAnswerFile[] = [];
  for (const called of rekorEntry) {
    files.push({ bytes: await readInput(context.cwd, called, MAX_EVIDENCE_BYTES), called });
  }
  const entries = files.length === 0 ? {} : { entries: await openRekorEntries(files) };
  const logs =
    online === true ? [...new Set(trust.flatMap((one) => (isIdentityTrust(one) ? one.roots.askableLogs() : [])))] : [];
  if (logs.length === 0) return { options: entries, hosts: [], close: async () => undefined };
  const hosts = logs.map((log) => new URL(log).host);
  const host = hostFor(context, { network: { kind: "services", hosts } });
  return { options: { ...entries, logs: logSearch(logs, host) }, hosts, close: () => host.close() };
}
