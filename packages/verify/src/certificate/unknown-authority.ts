import type { Code } from "@touchmark/core";
import type { RootMaterial } from "../roots/material.ts";
import { X509SCTExtension } from "../sigstore-library.ts";
import type { Leaf } from "./leaf.ts";
import type { LogEntry } from "./log-entry.ts";
import { reading, refused } from "./refused.ts";
import type { TimestampToken } from "./timestamp-token.ts";

/**
 * Looks whether the root has every authority that the evidence names. Authorities change their keys: evidence that is
 * newer than the root and names another key may be good, and only newer roots can tell.
 *
 * The age is the certificate's own word. Whoever lies about it turns "no" into "cannot be said", and never into "yes".
 *
 * @throws TouchmarkError `ROOTS_STALE`; for evidence that the root should have known, the code of what is wrong.
 */
export function checkKnown(
  evidence: {
    readonly leaf: Leaf;
    readonly entries: readonly LogEntry[];
    readonly tokens: readonly TimestampToken[];
  },
  root: RootMaterial,
  olderThan: Date,
): void {
  const { leaf, entries, tokens } = evidence;
  const unknown = (code: Code, what: string, actual: string) => {
    const detail = { expected: `${what} that the trusted roots name`, actual };
    if (leaf.notBefore <= olderThan) return refused(code, `the evidence is by ${what} that nobody trusts`, detail);
    return refused(
      "ROOTS_STALE",
      `the evidence is newer than the trusted roots, and by ${what} that they do not know`,
      {
        expected: `roots from ${leaf.notBefore.toISOString()} or later`,
        actual: `roots of ${olderThan.toISOString()}; ${actual}`,
      },
    );
  };
  if (!isIssuerKnown(leaf, root)) {
    throw unknown("CERTIFICATE_INVALID", "a certificate authority", "another one");
  }
  for (const logId of certificateLogIds(leaf)) {
    if (root.certificateLogIds.some((known) => known.equals(logId))) continue;
    throw unknown("CERTIFICATE_INVALID", "a certificate log", logId.toString("hex"));
  }
  for (const { logId } of entries) {
    if (root.logs.some((known) => known.logId.equals(logId))) continue;
    throw unknown("LOG_ENTRY_INVALID", "a transparency log", logId.toString("hex"));
  }
  for (const { signer } of tokens) {
    const isKnown = root.timestampSigners.some(
      (known) => known.serialNumber.equals(signer.serialNumber) && known.issuer.equals(signer.issuer),
    );
    if (!isKnown) throw unknown("TIMESTAMP_INVALID", "a timestamp authority", signer.serialNumber.toString("hex"));
  }
}

/** By name, and by key where both say which: an authority that got a new key keeps its name. */
function isIssuerKnown({ certificate }: Leaf, { issuers }: RootMaterial): boolean {
  const keyId = reading("CERTIFICATE_INVALID", "the certificate", () => certificate.extAuthorityKeyID?.keyIdentifier);
  return issuers.some(
    (issuer) =>
      issuer.subject.equals(certificate.issuer) &&
      (keyId === undefined || issuer.keyId === null || issuer.keyId.equals(keyId)),
  );
}

function certificateLogIds({ certificate }: Leaf): readonly Buffer[] {
  return reading("CERTIFICATE_INVALID", "the certificate's log receipts", () => {
    const extension = certificate.extSCT;
    if (!(extension instanceof X509SCTExtension)) return [];
    return extension.signedCertificateTimestamps.map(({ logID }) => Buffer.from(logID));
  });
}
