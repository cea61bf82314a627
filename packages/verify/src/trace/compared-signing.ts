import type { Demand } from "../certificate/demand.ts";
import type { Leaf } from "../certificate/leaf.ts";
import type { LogEntry } from "../certificate/log-entry.ts";
import type { TimestampToken } from "../certificate/timestamp-token.ts";
import { saysWhen } from "../certificate/verified-times.ts";
import type { Compared } from "./trace.ts";

/** How the values of checks of a signature with a certificate are shown. */
export const SHOWING_SIGNING = { comparedForm, comparedLogs, comparedTimes, comparedDemand };
export type ShowSigning = typeof SHOWING_SIGNING;

interface Parts {
  readonly leaf: Leaf;
  readonly entries: readonly LogEntry[];
  readonly tokens: readonly TimestampToken[];
}

/** What a bundle holds. */
function comparedForm({ leaf, entries, tokens }: Parts): readonly Compared[] {
  const held = (what: string, actual: string): Compared => ({
    what,
    expected: null,
    expectedFrom: "rule",
    actual,
    actualFrom: "bundle",
  });
  return [
    held("certificate for", leaf.identity),
    held("log entries", String(entries.length)),
    held("timestamps", String(tokens.length)),
  ];
}

/** Which log has what. */
function comparedLogs(entries: readonly LogEntry[]): readonly Compared[] {
  return entries.map(({ logId, kind, version, proof }) => ({
    what: `entry ${kind} ${version}${proof === null ? "" : ` at ${proof.logIndex}`}`,
    expected: "this signature, payload and certificate",
    expectedFrom: "bundle",
    actual: `log ${logId.toString("hex")}`,
    actualFrom: "log",
  }));
}

/** When it was signed, as others say. */
function comparedTimes({ leaf, entries, tokens }: Parts): readonly Compared[] {
  const expected = `${leaf.notBefore.toISOString()} to ${leaf.notAfter.toISOString()}`;
  const within = (actual: Date, actualFrom: "log" | "timestamp"): Compared => ({
    what: "signed at",
    expected,
    expectedFrom: "certificate",
    actual: actual.toISOString(),
    actualFrom,
  });
  return [
    ...entries.filter(saysWhen).map(({ integratedTime }) => within(new Date((integratedTime ?? 0) * 1000), "log")),
    ...tokens.map(({ time }) => within(time, "timestamp")),
  ];
}

/** How many independent parties there must be. */
function comparedDemand({ logs, times }: Demand): readonly Compared[] {
  const wanted = (what: string, count: number): Compared => ({
    what,
    expected: `at least ${count}`,
    expectedFrom: "rule",
    actual: null,
    actualFrom: "roots",
  });
  return [wanted("independent logs", logs), wanted("independent parties that say when", times)];
}
