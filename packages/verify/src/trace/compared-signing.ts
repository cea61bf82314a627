import type { Demand } from "../certificate/demand.ts";
import type { Leaf } from "../certificate/leaf.ts";
import type { LogEntry } from "../certificate/log-entry.ts";
import type { TimestampToken } from "../certificate/timestamp-token.ts";
import { saysWhen } from "../certificate/verified-times.ts";
import { shownMatch } from "../match.ts";
import type { IdentityTrust } from "../trust-identity.ts";
import type { Compared } from "./trace.ts";

interface Parts {
  readonly leaf: Leaf;
  readonly entries: readonly LogEntry[];
  readonly tokens: readonly TimestampToken[];
}

/** What a bundle holds. */
export function comparedForm({ leaf, entries, tokens }: Parts): readonly Compared[] {
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
export function comparedLogs(entries: readonly LogEntry[]): readonly Compared[] {
  return entries.map(({ logId, kind, version, proof }) => ({
    what: `entry ${kind} ${version}${proof === null ? "" : ` at ${proof.logIndex}`}`,
    expected: "this signature, payload and certificate",
    expectedFrom: "bundle",
    actual: `log ${logId.toString("hex")}`,
    actualFrom: "log",
  }));
}

/** When it was signed, as others say. */
export function comparedTimes({ leaf, entries, tokens }: Parts): readonly Compared[] {
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
export function comparedDemand({ logs, times }: Demand): readonly Compared[] {
  const wanted = (what: string, count: number): Compared => ({
    what,
    expected: `at least ${count}`,
    expectedFrom: "rule",
    actual: null,
    actualFrom: "roots",
  });
  return [wanted("independent logs", logs), wanted("independent parties that say when", times)];
}

/** Everything that a certificate had to say, and says. */
export function comparedIdentity({ identity, claims }: Leaf, trust: IdentityTrust): readonly Compared[] {
  const said = (what: string, expected: string | null, actual: string | null): Compared => ({
    what,
    expected,
    expectedFrom: "trust",
    actual,
    actualFrom: "certificate",
  });
  return [
    said("issuer", trust.issuer, claims.issuer),
    said("signer", shownMatch(trust.identity), identity),
    ...trust.builderCommits.map((commit) => said("commit of the signing workflow", commit, claims.buildSignerCommit)),
    said("source repository", trust.source?.repository ?? null, claims.sourceRepository),
    said("source ref", trust.source?.ref ?? null, claims.sourceRef),
    ...Object.entries(trust.fields).map(([name, value]) =>
      said(name, value, claims[name as keyof typeof trust.fields] ?? null),
    ),
  ];
}
