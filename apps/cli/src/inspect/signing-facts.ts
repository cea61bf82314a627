import type { InspectedPiece } from "../reports/inspect.ts";
import { type Fact, fact } from "./fact.ts";

type Signing = InspectedPiece["signing"];

const UNCHECKED = "(not checked)";

/** Who signed a piece and when, as it says itself. Each part says that nobody checked it. */
export function signingFacts({ certificate, logEntries, timestamps }: Signing): readonly Fact[] {
  return [
    ...(certificate === null ? [] : certificateFacts(certificate)),
    ...logEntries.flatMap((entry) =>
      "unreadable" in entry
        ? fact("log entry", unread(entry))
        : fact("log entry", logEntryText(entry), fact("look at", entry.url)),
    ),
    ...timestamps.flatMap((one) => fact("timestamp", "unreadable" in one ? unread(one) : `${one.time}  ${UNCHECKED}`)),
  ];
}

function certificateFacts(certificate: NonNullable<Signing["certificate"]>): readonly Fact[] {
  if ("unreadable" in certificate) return fact("certificate", unread(certificate));
  const { identity, claims, notBefore, notAfter, key } = certificate;
  const claim = (name: string) => claims[name] ?? null;
  const ref = claim("sourceRef");
  const isOwn = claim("buildConfig") === identity;
  return fact("certificate", UNCHECKED, [
    ...fact("signer", identity),
    ...fact("issuer", claim("issuer")),
    ...fact("its commit", claim("buildSignerCommit")),
    ...fact("source", claim("sourceRepository")?.concat(ref === null ? "" : `@${ref}`) ?? null),
    ...fact("commit", claim("sourceCommit")),
    ...fact("repository id", claim("sourceRepositoryId")),
    ...fact("owner id", claim("sourceOwnerId")),
    ...fact("started", isOwn ? null : claim("buildConfig")),
    ...fact("at commit", isOwn ? null : claim("buildConfigCommit")),
    ...fact("trigger", claim("trigger")),
    ...fact("runner", claim("runnerEnvironment")),
    ...fact("environment", claim("environment")),
    ...fact("run", claim("runInvocation")),
    ...fact("valid", `${notBefore} to ${notAfter}`),
    ...fact("key", key),
  ]);
}

type LogEntry = Exclude<Signing["logEntries"][number], { readonly unreadable: string }>;

function logEntryText({ index, log, logId, kind, integratedTime, promise, proof }: LogEntry): string {
  const confirmed = [...(promise ? ["promise"] : []), ...(proof ? ["proof"] : [])];
  return [
    `${index} of ${log ?? `the log with the key ${logId}`}`,
    ...(integratedTime === null ? [] : [integratedTime]),
    kind,
    `with ${confirmed.join(" and ")}  ${UNCHECKED}`,
  ].join(", ");
}

function unread({ unreadable }: { readonly unreadable: string }): string {
  return `cannot be read: ${unreadable}`;
}
