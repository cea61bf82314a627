import { fulcioLeaf, newTestKey } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { sigstore } from "../../test/certificate-cases.ts";
import type { RootMaterial } from "../roots/material.ts";
import { type Leaf, readLeaf } from "./leaf.ts";
import type { LogEntry } from "./log-entry.ts";
import type { TimestampToken } from "./timestamp-token.ts";
import { checkKnown } from "./unknown-authority.ts";

const BEGIN = new Date("2026-01-15T12:00:00Z");
const LATER = new Date("2026-06-01T00:00:00Z");
const name = (text: string) => Buffer.from(text);

/** A leaf by an authority, with a promise of each log; `keyId` is what it says of its issuer's key. */
const leafBy = (issuer: string, keyId: string | null): Leaf =>
  ({
    notBefore: BEGIN,
    certificate: {
      issuer: name(issuer),
      extAuthorityKeyID: keyId === null ? undefined : { keyIdentifier: name(keyId) },
      extSCT: undefined,
    },
  }) as unknown as Leaf;
const entry = (logId: string) => ({ logId: name(logId) }) as unknown as LogEntry;
const token = (issuer: string, serialNumber: string) =>
  ({ signer: { issuer: name(issuer), serialNumber: name(serialNumber) } }) as unknown as TimestampToken;

const root = {
  issuers: [
    { subject: name("ca"), keyId: name("1") },
    { subject: name("old ca"), keyId: null },
  ],
  certificateLogIds: [],
  logs: [{ logId: name("log a") }, { logId: name("log b") }],
  timestampSigners: [
    { issuer: name("tsa"), serialNumber: name("7") },
    { issuer: name("other tsa"), serialNumber: name("8") },
  ],
} as unknown as RootMaterial;

function known(
  leaf: Leaf,
  entries: readonly LogEntry[] = [],
  tokens: readonly TimestampToken[] = [],
  olderThan = LATER,
) {
  return () => checkKnown({ leaf, entries, tokens }, root, olderThan);
}
/** Unknown though the roots are newer than the certificate. */
const untrusted = (code: string, what: string, actual: string) =>
  expect.objectContaining({
    code,
    message: `the evidence is by ${what} that nobody trusts`,
    expected: `${what} that the trusted roots name`,
    actual,
  });
const byAuthority = untrusted("CERTIFICATE_INVALID", "a certificate authority", "another one");
const byCertificateLog = (log: string) => untrusted("CERTIFICATE_INVALID", "a certificate log", log);
const byLog = (log: string) => untrusted("LOG_ENTRY_INVALID", "a transparency log", name(log).toString("hex"));
const byClock = (serial: string) =>
  untrusted("TIMESTAMP_INVALID", "a timestamp authority", name(serial).toString("hex"));
const good = leafBy("ca", "1");

describe("an authority is known", () => {
  it("by its name and its key", () => {
    expect(known(good)).not.toThrow();
    expect(known(leafBy("ca", "2"))).toThrow(byAuthority);
    expect(known(leafBy("nobody", "1"))).toThrow(byAuthority);
  });

  it("by its name where one side does not say which key", () => {
    expect(known(leafBy("ca", null))).not.toThrow();
    expect(known(leafBy("old ca", "9"))).not.toThrow();
    expect(known(leafBy("old ca", null))).not.toThrow();
  });

  it("where it is one of several", () => {
    expect(known(good, [entry("log b"), entry("log a")], [token("other tsa", "8"), token("tsa", "7")])).not.toThrow();
    expect(known(good, [entry("log a"), entry("log c")])).toThrow(byLog("log c"));
    expect(known(good, [], [token("tsa", "7"), token("tsa", "9")])).toThrow(byClock("9"));
  });

  it("as a timestamp authority by name and number together", () => {
    expect(known(good, [], [token("tsa", "8")])).toThrow(byClock("8"));
    expect(known(good, [], [token("nobody", "7")])).toThrow(byClock("7"));
  });

  it("as a certificate log where it is one of several, and each of the leaf's must be", () => {
    const [first, second] = [newTestKey(), newTestKey()];
    const { der } = fulcioLeaf(sigstore.fulcio, newTestKey(), BEGIN, { ctLogs: [first, second] });
    const leaf = readLeaf(der);
    const logs = leaf.certificate.extSCT?.signedCertificateTimestamps.map(({ logID }) => logID) ?? [];
    const check = (certificateLogIds: readonly Buffer[]) => () =>
      checkKnown(
        { leaf, entries: [], tokens: [] },
        { ...root, issuers: [{ subject: leaf.certificate.issuer, keyId: null }], certificateLogIds },
        LATER,
      );
    expect(logs).toHaveLength(2);
    expect(check([name("another"), ...logs])).not.toThrow();
    expect(check(logs.slice(1))).toThrow(byCertificateLog(logs[0]?.toString("hex") ?? ""));
  });
});

describe("roots are too old to tell", () => {
  it("about what began after them, and not at the same moment", () => {
    expect(known(good, [entry("log c")], [], new Date(BEGIN.getTime() - 1))).toThrow(
      expect.objectContaining({
        code: "ROOTS_STALE",
        expected: "roots from 2026-01-15T12:00:00.000Z or later",
        actual: `roots of 2026-01-15T11:59:59.999Z; ${name("log c").toString("hex")}`,
      }),
    );
    expect(known(good, [entry("log c")], [], BEGIN)).toThrow(byLog("log c"));
  });
});
