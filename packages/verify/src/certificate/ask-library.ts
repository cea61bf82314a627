import type { Code } from "@touchmark/core";
import { type SignedEntity, type TrustMaterial, VerificationError, Verifier } from "../sigstore-library.ts";
import type { Demand } from "./demand.ts";
import type { LogEntry } from "./log-entry.ts";
import { isOfOldKind } from "./promise.ts";
import { reading, refused } from "./refused.ts";
import type { SignedContent } from "./signed-content.ts";
import type { TimestampToken } from "./timestamp-token.ts";
import { saysWhen } from "./verified-times.ts";

/** What Sigstore's verifier is asked about. */
export interface Question {
  readonly key: SignedEntity["key"];
  readonly entries: readonly LogEntry[];
  readonly tokens: readonly TimestampToken[];
  readonly content: SignedContent;
}

/**
 * Sigstore's verifier decides what cryptography decides. It either returns or throws, and nothing it throws passes. Entries of
 * an old kind it does not take: they were checked before, so that it is asked about the rest, and told their time.
 */
export function askLibrary({ key, entries, tokens, content }: Question, trust: TrustMaterial, demand: Demand): void {
  const signature = Buffer.from(content.signature);
  const readable = entries.filter((entry) => !isOfOldKind(entry));
  const entity: SignedEntity = {
    signature: {
      signature,
      compareSignature: (other) => signature.equals(other),
      compareDigest: (digest) => content.payloadDigest !== null && digest.equals(content.payloadDigest),
      compareSignedDigest: (digest) => isSignedDigest(digest, content),
      verifySignature: (key) => content.isSignedBy(key),
    },
    key,
    tlogEntries: readable.map(({ forLibrary }) => forLibrary),
    timestamps: [
      ...entries
        .filter(saysWhen)
        .map(({ forLibrary }) => ({ $case: "transparency-log" as const, tlogEntry: forLibrary })),
      ...tokens.map(({ token }) => ({ $case: "timestamp-authority" as const, timestamp: token })),
    ],
  };
  const verifier = new Verifier(trust, {
    ctlogThreshold: trust.ctlogs.length > 0 ? 1 : 0,
    tlogThreshold: demand.logs - (entries.length - readable.length),
    timestampThreshold: demand.times,
  });
  reading("CERTIFICATE_INVALID", "the evidence", () => {
    try {
      verifier.verify(entity);
    } catch (cause) {
      if (!(cause instanceof VerificationError)) throw cause;
      const code = CODES[cause.code] ?? "LOG_ENTRY_INVALID";
      throw refused(code, WORDS[code] ?? "a log entry does not hold", { expected: null, actual: cause.message, cause });
    }
  });
}

const WORDS: Readonly<Partial<Record<Code, string>>> = {
  CERTIFICATE_INVALID: "nobody trusted issued the certificate for this time",
  SIGNATURE_INVALID: "the signature does not belong to this content and its certificate",
  TIMESTAMP_INVALID: "no trusted authority says when this was signed",
};

function isSignedDigest(digest: Buffer, content: SignedContent): boolean {
  const hash = ({ 32: "sha256", 48: "sha384", 64: "sha512" } as const)[digest.byteLength];
  const own = hash === undefined ? null : content.digest(hash);
  return own !== null && digest.equals(own);
}

const CODES: Readonly<Record<string, Code>> = {
  CERTIFICATE_ERROR: "CERTIFICATE_INVALID",
  PUBLIC_KEY_ERROR: "CERTIFICATE_INVALID",
  SIGNATURE_ERROR: "SIGNATURE_INVALID",
  TIMESTAMP_ERROR: "TIMESTAMP_INVALID",
};
