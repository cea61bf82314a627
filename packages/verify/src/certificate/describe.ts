import { createHash } from "node:crypto";
import { type BundleMaterial, isTouchmarkError } from "@touchmark/core";
import { knownLogUrl } from "../roots/known-log.ts";
import type { CertificateClaims } from "./claims.ts";
import { readLeaf } from "./leaf.ts";
import { readLogEntry } from "./log-entry.ts";
import { readTimestamps } from "./timestamp-token.ts";
import { bundleVersion } from "./verify-signed.ts";

/** How a bundle says that it was signed. Nobody checked any of it: it may be shown, and must not decide anything. */
export interface SigningDescription {
  readonly unverified: true;
  /** Null where a key signed. */
  readonly certificate: CertificateDescription | Unreadable | null;
  readonly logEntries: readonly (LogEntryDescription | Unreadable)[];
  readonly timestamps: readonly (TimestampDescription | Unreadable)[];
}

/** A part that the verifier would refuse to read. */
export interface Unreadable {
  readonly unreadable: string;
}

export interface CertificateDescription {
  readonly identity: string;
  readonly claims: CertificateClaims;
  /** RFC 3339, UTC; both moments included. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** `sha256:HEX` of its SubjectPublicKeyInfo in DER. */
  readonly key: string;
}

export interface LogEntryDescription {
  readonly index: string;
  /** The log's own name, as the checkpoint has it; null without one. */
  readonly log: string | null;
  /** SHA-256 that names the log's key, hex. */
  readonly logId: string;
  /** Where the entry can be looked at, of logs that are known; null of others. */
  readonly url: string | null;
  /** `hashedrekord 0.0.1`. */
  readonly kind: string;
  /** RFC 3339, UTC; null where the entry has none. */
  readonly integratedTime: string | null;
  readonly promise: boolean;
  readonly proof: boolean;
}

export interface TimestampDescription {
  /** RFC 3339, UTC. */
  readonly time: string;
}

/** What `describeSigning` gives, from here on with what reads certificates. */
export function describeMaterial(mediaType: string, material: BundleMaterial): SigningDescription {
  const { signer } = material;
  const [leaf] = signer.kind === "certificate" ? signer.chain : [];
  return {
    unverified: true,
    certificate: leaf === undefined ? null : attempt(() => certificateOf(leaf)),
    logEntries: material.tlogEntries.map((entry) =>
      attempt((): LogEntryDescription => {
        const { kind, version, integratedTime, hasPromise, proof, logId, forLibrary } = readLogEntry(
          entry,
          bundleVersion(mediaType),
        );
        const id = logId.toString("hex");
        return {
          index: String(forLibrary.logIndex),
          log: proof === null ? null : (proof.checkpoint.split("\n", 1)[0] ?? null),
          logId: id,
          url: knownLogUrl(id, String(forLibrary.logIndex)),
          kind: `${kind} ${version}`,
          integratedTime: integratedTime === null ? null : new Date(integratedTime * 1000).toISOString(),
          promise: hasPromise,
          proof: proof !== null,
        };
      }),
    ),
    timestamps: material.timestamps.map((timestamp) =>
      attempt(() => {
        const [token] = readTimestamps([timestamp]);
        if (token === undefined) throw new TypeError("one timestamp gave none");
        return { time: token.time.toISOString() };
      }),
    ),
  };
}

function certificateOf(der: Uint8Array): CertificateDescription {
  const { certificate, identity, claims, notBefore, notAfter } = readLeaf(der);
  return {
    identity,
    claims,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    key: `sha256:${createHash("sha256").update(certificate.publicKey).digest("hex")}`,
  };
}

/** Who looks at evidence wants to see the rest of it too. */
function attempt<T>(read: () => T): T | Unreadable {
  try {
    return read();
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    const actual = error.actual === null ? "" : ` (${error.actual})`;
    return { unreadable: `${error.code}: ${error.message}${actual}` };
  }
}
