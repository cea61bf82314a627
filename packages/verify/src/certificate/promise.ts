import { verify } from "node:crypto";
import { hashOfCurve } from "../hash-of-curve.ts";
import type { RootMaterial } from "../roots/material.ts";
import type { LogEntry } from "./log-entry.ts";
import { refused } from "./refused.ts";

/** Entries that Sigstore's verifier does not take, and cosign wrote until 2023: promise and proof are checked here. */
export function isOfOldKind({ kind, version }: LogEntry): boolean {
  return kind === "intoto" && version === "0.0.1";
}

/**
 * Checks an entry of an old kind: the log promised to take it, at its time, by a key that was the log's then.
 *
 * @throws TouchmarkError `LOG_ENTRY_INVALID`.
 * @see https://github.com/sigstore/rekor/blob/main/types.md and openapi.yaml, `signedEntryTimestamp`: over JSON by RFC 8785
 */
export function checkPromise(entry: LogEntry, { forLibrary }: RootMaterial): void {
  const { integratedTime } = entry;
  const { inclusionPromise, logIndex } = entry.forLibrary;
  if (inclusionPromise === undefined || integratedTime === null) throw doesNotHold("none, or no time");
  const time = integratedTime * 1000;
  const logs = forLibrary.tlogs.filter(
    ({ logID, validFor: { start, end } }) =>
      logID.equals(entry.logId) && start.getTime() <= time && time <= end.getTime(),
  );
  const promised = promisedBytes(entry, integratedTime, Number(logIndex));
  const holds = logs.some(
    ({ publicKey: key }) =>
      hashOfCurve(key) === "sha256" &&
      verify("sha256", promised, { key, dsaEncoding: "der" }, inclusionPromise.signedEntryTimestamp),
  );
  if (!holds) throw doesNotHold(logs.length === 0 ? "a log whose key was not in use then" : "another signature");
}

/** The names in their order, nothing between: what RFC 8785 makes of texts and whole numbers. */
function promisedBytes({ body, logId }: LogEntry, integratedTime: number, logIndex: number): Uint8Array {
  const logID = logId.toString("hex");
  return Buffer.from(JSON.stringify({ body: body.toString("base64"), integratedTime, logID, logIndex }));
}

function doesNotHold(actual: string) {
  return refused("LOG_ENTRY_INVALID", "the promise of a log does not hold", {
    expected: "the log's signature over the entry and its time",
    actual,
  });
}
