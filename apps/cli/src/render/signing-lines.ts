import type { CertificateDescription, LogEntryDescription, SigningDescription, Unreadable } from "@touchmark/verify";
import { column } from "./column.ts";
import { safe } from "./terminal.ts";

/** Who signed a bundle and when, as it says itself. Each part says that nobody checked it. */
export function signingLines({ certificate, logEntries, timestamps }: SigningDescription): readonly string[] {
  return [
    ...(certificate === null ? [] : certificateLines(certificate)),
    ...logEntries.map((entry) => `  log entry     ${isUnreadable(entry) ? unread(entry) : logEntryText(entry)}`),
    ...timestamps.map((one) => `  timestamp     ${isUnreadable(one) ? unread(one) : `${one.time}  (not checked)`}`),
  ];
}

function certificateLines(certificate: CertificateDescription | Unreadable): readonly string[] {
  if (isUnreadable(certificate)) return [`  certificate   ${unread(certificate)}`];
  const { identity, claims, notBefore, notAfter, key } = certificate;
  const { sourceRepository, sourceRef, buildConfig, buildConfigCommit } = claims;
  const fields: readonly (readonly [string, string | null])[] = [
    ["signer", identity],
    ["issuer", claims.issuer],
    ["its commit", claims.buildSignerCommit],
    ["source", sourceRepository === null ? null : `${sourceRepository}${sourceRef === null ? "" : `@${sourceRef}`}`],
    ["commit", claims.sourceCommit],
    ["repository id", claims.sourceRepositoryId],
    ["owner id", claims.sourceOwnerId],
    ["started", buildConfig === identity ? null : buildConfig],
    ["at commit", buildConfig === identity ? null : buildConfigCommit],
    ["trigger", claims.trigger],
    ["runner", claims.runnerEnvironment],
    ["environment", claims.environment],
    ["run", claims.runInvocation],
    ["valid", `${notBefore} to ${notAfter}`],
    ["key", key],
  ];
  const said = fields.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const pad = column(said.map(([name]) => name));
  return ["  certificate   (not checked)", ...said.map(([name, value]) => `    ${pad(name)}  ${safe(value)}`)];
}

function logEntryText({ index, log, logId, kind, integratedTime, promise, proof }: LogEntryDescription): string {
  const confirmed = [...(promise ? ["promise"] : []), ...(proof ? ["proof"] : [])];
  return [
    `${index} of ${safe(log ?? `the log with the key ${logId}`)}`,
    ...(integratedTime === null ? [] : [integratedTime]),
    safe(kind),
    `with ${confirmed.join(" and ")}  (not checked)`,
  ].join(", ");
}

function isUnreadable(part: object): part is Unreadable {
  return "unreadable" in part;
}

function unread({ unreadable }: Unreadable): string {
  return `cannot be read: ${safe(unreadable)}`;
}
