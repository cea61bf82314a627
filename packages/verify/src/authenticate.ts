import { verify } from "node:crypto";
import {
  type Bundle,
  INTOTO_PAYLOAD_TYPE,
  isTouchmarkError,
  type Provenance,
  parseStatement,
  preAuthEncoding,
  readProvenance,
} from "@touchmark/core";
import { type Finding, finding, findingOf } from "./finding.ts";
import type { KeyTrust, Trust } from "./trust.ts";
import { SEAL, Verified } from "./verified.ts";

/** What became of one bundle. */
export type Authentication =
  | { readonly kind: "verified"; readonly verified: Verified<Provenance | null> }
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/**
 * Checks who signed a bundle, and only then reads what it says.
 *
 * Never throws for anything in the bundle: it is somebody else's file, and one bad bundle must not hide a good one.
 *
 * @param trust - whom the user believes; the bundle has no say in it.
 */
export function authenticate(bundle: Bundle, trust: readonly Trust[]): Authentication {
  switch (bundle.signer.kind) {
    case "key": {
      const signer = signingKey(bundle, bundle.signer.hint, trust);
      return "code" in signer ? refused(signer) : read(bundle, signer);
    }
    case "certificate":
      return refused(
        finding("SIGNER_UNSUPPORTED", "the bundle was signed with a certificate", {
          expected: "a bundle signed with one of the trusted keys",
          actual: `a chain of ${bundle.signer.chain.length}`,
        }),
      );
  }
}

/** The trusted key that made the signature, or why there is none. */
function signingKey(bundle: Bundle, hint: string | null, trust: readonly Trust[]): KeyTrust | Finding {
  const encoded = preAuthEncoding(bundle.payloadType, bundle.payload);
  const key = trust.find((candidate) => holds(candidate, encoded, bundle.signature));
  if (key !== undefined) return key;
  // The hint is whatever the sender wrote: it chooses the words of a refusal and nothing else.
  const hinted = trust.find((candidate) => hint !== null && namesKey(hint, candidate));
  if (hinted !== undefined) {
    return finding("SIGNATURE_INVALID", `the signature does not belong to this payload and ${hinted.label}`, {
      expected: `a signature by sha256:${hinted.digest}`,
      actual: "one that does not verify",
    });
  }
  return finding("SIGNER_UNTRUSTED", "no trusted key made the signature", {
    expected: trust.map((item) => `${item.label} (sha256:${item.digest})`).join(", "),
    actual: hint === null ? "a key without a hint" : `a key with the hint ${JSON.stringify(hint.slice(0, 120))}`,
  });
}

function holds(trust: KeyTrust, encoded: Uint8Array, signature: Uint8Array): boolean {
  switch (trust.algorithm) {
    case "ed25519":
      return verify(null, encoded, trust.key, signature); // RFC 8032 PureEdDSA
    case "ecdsa-p256":
    case "ecdsa-p384":
      // SHA-256 for both curves: what cosign writes and reads for a self-managed key (docs/signing.md).
      return verify("sha256", encoded, { key: trust.key, dsaEncoding: "der" }, signature);
  }
}

/** cosign and sigstore-js write the hint as base64 of the SHA-256 of the SPKI; others write it as hex. */
function namesKey(hint: string, trust: KeyTrust): boolean {
  const base64 = Buffer.from(trust.digest, "hex").toString("base64");
  return [trust.digest, `sha256:${trust.digest}`, base64].includes(hint);
}

function read(bundle: Bundle, signer: Trust): Authentication {
  if (!isIntotoPayload(bundle.payloadType)) {
    return refused(
      finding("STATEMENT_MALFORMED", "the signed payload is not an in-toto statement", {
        expected: INTOTO_PAYLOAD_TYPE,
        actual: JSON.stringify(bundle.payloadType),
      }),
    );
  }
  try {
    const statement = parseStatement(bundle.payload);
    return { kind: "verified", verified: new Verified(SEAL, statement, readProvenance(statement), signer) };
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return refused(findingOf(error));
  }
}

/**
 * `application/vnd.in-toto+json`, or with the predicate's name in it: `application/vnd.in-toto.provenance+json`.
 * Source: https://github.com/in-toto/attestation/blob/main/spec/v1/envelope.md
 */
export function isIntotoPayload(payloadType: string): boolean {
  return /^application\/vnd\.in-toto(?:\.[A-Za-z0-9][A-Za-z0-9._-]*)?\+json$/.test(payloadType);
}

function refused(...findings: readonly Finding[]): Authentication {
  return { kind: "refused", findings };
}
