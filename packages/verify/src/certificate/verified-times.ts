import type { RootMaterial } from "../roots/material.ts";
import type { Demand } from "./demand.ts";
import type { Leaf } from "./leaf.ts";
import type { LogEntry } from "./log-entry.ts";
import { refused } from "./refused.ts";
import type { TimestampToken } from "./timestamp-token.ts";

/** A log's word on the time is its promise, which is signed; the time in an entry without one is anybody's (CVE-2026-48816). */
export function saysWhen(entry: LogEntry): boolean {
  return entry.hasPromise && entry.integratedTime !== null;
}

export function timesOf(entries: readonly LogEntry[], tokens: readonly TimestampToken[]): readonly Date[] {
  const logged = entries.filter(saysWhen).map(({ integratedTime }) => new Date((integratedTime ?? 0) * 1000));
  return [...logged, ...tokens.map(({ time }) => time)].sort((left, right) => left.getTime() - right.getTime());
}

/** All of them: an early timestamp must not make up for a late one. */
export function checkTimes({ notBefore, notAfter }: Leaf, times: readonly Date[]): void {
  const outside = times.find((time) => !(notBefore <= time && time <= notAfter));
  if (times.length > 0 && outside === undefined) return;
  throw refused("TIMESTAMP_INVALID", "the signature was not made while the certificate was valid", {
    expected: `${notBefore.toISOString()} to ${notAfter.toISOString()}`,
    actual: outside?.toISOString() ?? "no time that anybody vouches for",
  });
}

/** A log's key counts while it was the log's: also for entries that carry a proof alone, which name no time themselves. */
export function checkWindows(entries: readonly LogEntry[], root: RootMaterial, times: readonly Date[]): void {
  for (const entry of entries) {
    const logs = root.logs.filter(({ logId }) => logId.equals(entry.logId));
    const isInside = logs.some(({ start, end }) =>
      times.every((time) => start <= time && (end === null || time <= end)),
    );
    if (isInside) continue;
    throw refused("LOG_ENTRY_INVALID", "a log's key was not in use when this was signed", {
      expected: logs.map(({ start, end }) => `${start.toISOString()} to ${end?.toISOString() ?? "now"}`).join(", "),
      actual: times.map((time) => time.toISOString()).join(", "),
    });
  }
}

/** Two entries of one log, or two timestamps of one authority, are one witness; whoever the roots do not name is none. */
export function countParties(
  { entries, tokens }: { readonly entries: readonly LogEntry[]; readonly tokens: readonly TimestampToken[] },
  root: RootMaterial,
  demand: Demand,
): void {
  const ofLog = (entry: LogEntry) => root.logs.find(({ logId }) => logId.equals(entry.logId))?.operator ?? [];
  const ofClock = ({ signer }: TimestampToken) =>
    root.timestampSigners.find(
      (one) => one.serialNumber.equals(signer.serialNumber) && one.issuer.equals(signer.issuer),
    )?.operator ?? [];
  const logs = new Set(entries.flatMap(ofLog));
  const clocks = new Set([...entries.filter(saysWhen).flatMap(ofLog), ...tokens.flatMap(ofClock)]);
  if (logs.size < demand.logs) {
    throw refused("LOG_ENTRY_INVALID", "too few independent logs have the signature", {
      expected: `${demand.logs}`,
      actual: `${logs.size}`,
    });
  }
  if (clocks.size < demand.times) {
    throw refused("TIMESTAMP_INVALID", "too few independent parties say when this was signed", {
      expected: `${demand.times}`,
      actual: `${clocks.size}`,
    });
  }
}
