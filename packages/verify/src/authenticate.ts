import { createHash, type KeyObject, verify } from "node:crypto";
import {
  type Bundle,
  type Code,
  type Finding,
  finding,
  findingOf,
  INTOTO_PAYLOAD_TYPE,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  type Provenance,
  parseJson,
  preAuthEncoding,
  readProvenance,
  type StatedStatement,
} from "@touchmark/core";
import { checkBuilderId } from "./builder-id.ts";
import { checkAgreement } from "./certificate/agreement.ts";
import { certainty } from "./certificate/certainty.ts";
import { checkIdentity } from "./certificate/check-identity.ts";
import type { Leaf } from "./certificate/leaf.ts";
import type { CloudBuildRecord } from "./cloud-build/record.ts";
import type { CloudBuildSigner } from "./cloud-build/trusted.ts";
import { shownMatch } from "./match.ts";
import { SEAL } from "./seal.ts";
import type { Signer } from "./signer.ts";
import { checkStatedSource } from "./source-expectation.ts";
import type { SourcesByPolicy } from "./sources-by-policy.ts";
import { checkStanding, hasWindow } from "./standing.ts";
import { bestFirst } from "./standing-of.ts";
import { statementOf } from "./statement-of.ts";
import type { ShowSigning } from "./trace/compared-signing.ts";
import type { ShowStatements } from "./trace/compared-statement.ts";
import { type Trace, traced, tracedFinding } from "./trace/trace.ts";
import { isCloudBuildTrust, isIdentityTrust, isKeyTrust, type KeyTrust, type Trust } from "./trust.ts";
import type { IdentityTrust } from "./trust-identity.ts";
import { Verified } from "./verified.ts";

/** What a check of a signer and of a statement notes. */
export type Tracing = Trace<ShowSigning & ShowStatements>;

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
 * @param record - what stood around an envelope that Google Cloud Build made: then nobody else can have signed it, and Google
 * Cloud Build nothing else.
 * @param sourcesByPolicy - what a policy expects, which will compare the source of what is verified where trust leaves it to one; see
 * `needsSource`. Null without a policy.
 * @param trace - null: nobody wants to know what was checked.
 */
export function authenticate(
  bundle: Bundle,
  trust: readonly Trust[],
  record: CloudBuildRecord | null = null,
  sourcesByPolicy: SourcesByPolicy | null = null,
  trace: Tracing | null = null,
): Authentication {
  if (record !== null) return byCloudBuild(bundle, trust, record, sourcesByPolicy, trace);
  switch (bundle.signer.kind) {
    case "key":
      return byKey(bundle, bundle.signer.hint, trust, trace);
    case "certificate":
      return byCertificate(bundle, trust, sourcesByPolicy, trace);
  }
}

/** The first trusted identity that the certificate fits; of the refusals, the one that got furthest. */
function byCertificate(
  bundle: Bundle,
  trust: readonly Trust[],
  sourcesByPolicy: SourcesByPolicy | null,
  trace: Tracing | null,
): Authentication {
  let reason: Finding | null = null;
  for (const one of bestFirst(trust.filter(isIdentityTrust))) {
    trace?.attempt(shownAttempt(one));
    try {
      const { leaf, times } = one.roots.verifyBundle(bundle, one.withoutLog, trace);
      traced(
        trace,
        "identity",
        () => checkIdentity(leaf, one, sourcesByPolicy),
        (show) => show.comparedIdentity(leaf, one),
      );
      const result = read(bundle, signerOf(leaf, times, one), trace, (statement, provenance) => {
        if (provenance !== null) {
          traced(
            trace,
            "agreement",
            () => checkAgreement(statement, provenance, leaf),
            (show) => show.comparedAgreement(statement, provenance, leaf),
          );
          traced(
            trace,
            "builder",
            () => checkBuilderId(provenance, leaf.identity, one),
            (show) => show.comparedBuilder(provenance, one),
          );
        }
        const checkEntry = () => checkStanding(one.standing, { provenance, identity: leaf.identity, times });
        traced(one.standing === null ? null : trace, "standing", checkEntry, (show) => show.comparedStanding(one));
      });
      // The same signer may be trusted once more, for another builder or another time.
      const [refusal] = result.kind === "refused" ? result.findings : [];
      if (refusal === undefined || !isOfTrust(refusal)) return result;
      if (reason === null || progress(refusal) > progress(reason)) reason = refusal;
    } catch (error) {
      if (!isTouchmarkError(error)) throw error;
      if (reason === null || progress(error) > progress(reason)) reason = findingOf(error);
    }
  }
  if (reason?.code === "IDENTITY_MISMATCH") reason = { ...reason, expected: shownTrust(trust.filter(isIdentityTrust)) };
  if (reason === null) tracedFinding(trace, "signature", notTrusted(trust, "a certificate"));
  return refused(reason ?? notTrusted(trust, "a certificate"));
}

function isOfTrust({ code }: Finding): boolean {
  return AFTER_STATEMENT.includes(code);
}

/** The first trust under which everything holds. */
function byCloudBuild(
  bundle: Bundle,
  trust: readonly Trust[],
  record: CloudBuildRecord,
  sourcesByPolicy: SourcesByPolicy | null,
  trace: Tracing | null,
): Authentication {
  let reason: Authentication | null = null;
  for (const one of bestFirst(trust.filter(isCloudBuildTrust))) {
    const { cloudBuildSigner, checkBuild, checkRecord } = one.checks;
    let signer: CloudBuildSigner;
    trace?.attempt(shownAttempt(one));
    try {
      signer = traced(trace, "signature", () => cloudBuildSigner(bundle, one));
    } catch (error) {
      if (!isTouchmarkError(error)) throw error;
      reason ??= refused(findingOf(error));
      continue;
    }
    const result = read(bundle, signer, trace, (statement, provenance) => {
      traced(trace, "agreement", () => checkBuild(statement, provenance, signer.key, one.source, sourcesByPolicy));
      const checkEntry = () => checkStanding(one.standing, { provenance, identity: null, times: [] });
      traced(one.standing === null ? null : trace, "standing", checkEntry, (show) => show.comparedStanding(one));
      const payload = () => parseJson(bundle.payload, { what: "the payload", maxBytes: MAX_EVIDENCE_BYTES });
      traced(trace, "record", () => checkRecord(record, payload(), statement));
    });
    if (result.kind === "verified") return result;
    reason = result;
  }
  if (reason !== null) return reason;
  const nobody = notTrusted(trust, "Google Cloud Build, which --cloud-build trusts");
  tracedFinding(trace, "signature", nobody);
  return refused(nobody);
}

/**
 * How far the checks got before they refused: the later, the nearer to somebody who is trusted. Whatever roots the
 * identities are trusted by: a tampered bundle is not unknown because other roots are too old for it.
 */
function progress(reason: { readonly code: Code; readonly message: string }): number {
  const step = AFTER_CERTIFICATE.indexOf(reason.code);
  return step === -1 ? certainty(reason) : 10 + step;
}

/** What the trust wants of the statement and of its time, once all else held. */
const AFTER_STATEMENT: readonly Code[] = ["BUILDER_UNSET", "BUILDER_MISMATCH", "TIME_MISMATCH", "TIME_UNPROVEN"];

const AFTER_CERTIFICATE: readonly Code[] = [
  "IDENTITY_MISMATCH",
  "BUILDER_REF_UNKNOWN",
  "SOURCE_UNSET",
  "SOURCE_MISMATCH",
  "CERTIFICATE_MISMATCH",
  ...AFTER_STATEMENT,
];

function signerOf(leaf: Leaf, times: readonly Date[], trust: IdentityTrust): Signer {
  const [first] = times;
  if (first === undefined) throw new TypeError("a signature was verified without a time");
  return {
    kind: "identity",
    trust,
    identity: leaf.identity,
    issuer: leaf.claims.issuer,
    claims: leaf.claims,
    keyDigest: createHash("sha256").update(leaf.certificate.publicKey).digest("hex"),
    signedAt: first.toISOString(),
    times,
  };
}

function notTrusted(trust: readonly Trust[], actual: string): Finding {
  return finding("SIGNER_UNTRUSTED", "nobody whom you trust made the signature", {
    expected: shownTrust(trust),
    actual,
  });
}

/** Everybody who would have been believed. */
function shownTrust(trust: readonly Trust[]): string {
  return trust.map(shownOne).join(", ");
}

function shownOne(trust: Trust): string {
  switch (trust.kind) {
    case "key":
      return `${trust.label} (sha256:${trust.digest})`;
    case "identity":
      return `${shownMatch(trust.identity)} (${trust.issuer})`;
    case "cloud-build":
      return "Google Cloud Build, for its own provenance";
  }
}

/** With the place of its entry, where a trust file has one. */
function shownAttempt(trust: Trust): string {
  const { standing } = trust;
  return standing === null ? shownOne(trust) : `${shownOne(trust)}, ${standing.entry}, ${standing.place}`;
}

/** The first trust in the key that made the signature under which everything holds, or why there is none. */
function byKey(bundle: Bundle, hint: string | null, trust: readonly Trust[], trace: Tracing | null): Authentication {
  const encoded = preAuthEncoding(bundle.payloadType, bundle.payload);
  const keys = bestFirst(trust.filter(isKeyTrust));
  let reason: Authentication | null = null;
  for (const key of keys) {
    if (!holds(key, encoded, bundle.signature)) continue;
    trace?.attempt(shownAttempt(key));
    tracedFinding(trace, "signature", null, (show) => [show.comparedKey(key, hint)]);
    const result = read(bundle, key, trace, (_statement, provenance) => {
      const { source } = key;
      if (provenance !== null) {
        if (source !== null) {
          traced(
            trace,
            "agreement",
            () => checkStatedSource(provenance, source),
            (show) => [show.comparedSource(provenance, source)],
          );
        }
        traced(
          trace,
          "builder",
          () => checkBuilderId(provenance, null, key),
          (show) => show.comparedBuilder(provenance, key),
        );
      }
      const checkEntry = () => checkStanding(key.standing, { provenance, identity: null, times: timesOf(bundle, key) });
      traced(key.standing === null ? null : trace, "standing", checkEntry, (show) => show.comparedStanding(key));
    });
    // The same key may be trusted once more, for another builder, another source or another time.
    if (result.kind === "verified") return result;
    reason ??= result;
  }
  if (reason !== null) return reason;
  const nobody = notByKey(hint, trust, keys);
  trace?.attempt(shownTrust(keys));
  tracedFinding(trace, "signature", nobody, (show) => keys.map((key) => show.comparedKey(key, hint)));
  return refused(nobody);
}

/** Nobody looks at what a bundle brings beside a key's signature, unless the time matters. */
function timesOf(bundle: Bundle, { standing, roots, key }: KeyTrust): readonly Date[] {
  if (standing === null || !hasWindow(standing) || roots === null) return [];
  return bundle.tlogEntries.length + bundle.timestamps.length === 0 ? [] : roots.timesByKey(bundle, key);
}

function notByKey(hint: string | null, trust: readonly Trust[], keys: readonly KeyTrust[]): Finding {
  // The hint is whatever the sender wrote: it chooses the words of a refusal and nothing else.
  const hinted = keys.find((candidate) => namesKey(hint, candidate));
  if (hinted !== undefined) {
    return finding("SIGNATURE_INVALID", `the signature does not belong to this payload and ${hinted.label}`, {
      expected: `a signature by sha256:${hinted.digest}`,
      actual: "one that does not verify",
    });
  }
  return notTrusted(
    trust,
    hint === null ? "a key without a hint" : `a key with the hint ${JSON.stringify(hint.slice(0, 120))}`,
  );
}

function holds(trust: KeyTrust, encoded: Uint8Array, signature: Uint8Array): boolean {
  switch (trust.algorithm) {
    case "ed25519":
      return verify(null, encoded, trust.key, signature); // RFC 8032 PureEdDSA
    case "ecdsa-p256":
      return holdsEcdsa(trust.key, encoded, signature, 64);
    case "ecdsa-p384":
      return holdsEcdsa(trust.key, encoded, signature, 96);
  }
}

/**
 * SHA-256 for both curves: what cosign writes and reads for a self-managed key (docs/signing.md). In DER, or, as some
 * verifiers write it, the two numbers one after the other (IEEE P1363).
 *
 * @param size - of the two numbers. Unit: bytes.
 */
function holdsEcdsa(key: KeyObject, encoded: Uint8Array, signature: Uint8Array, size: number): boolean {
  if (verify("sha256", encoded, { key, dsaEncoding: "der" }, signature)) return true;
  return signature.byteLength === size && verify("sha256", encoded, { key, dsaEncoding: "ieee-p1363" }, signature);
}

/** cosign and sigstore-js write the hint as base64 of the SHA-256 of the SPKI; others write it as hex. */
function namesKey(hint: string | null, trust: KeyTrust): boolean {
  const base64 = Buffer.from(trust.digest, "hex").toString("base64");
  return hint === trust.digest || hint === `sha256:${trust.digest}` || hint === base64;
}

/** @param check - what else must hold of the statement by this signer. @throws TouchmarkError for nothing in the bundle. */
function read(
  bundle: Bundle,
  signer: Signer,
  trace: Tracing | null,
  check: (statement: StatedStatement, provenance: Provenance | null) => void = () => undefined,
): Authentication {
  if (!isIntotoPayload(bundle.payloadType)) {
    const malformed = finding("STATEMENT_MALFORMED", "the signed payload is not an in-toto statement", {
      expected: INTOTO_PAYLOAD_TYPE,
      actual: JSON.stringify(bundle.payloadType),
    });
    tracedFinding(trace, "statement", malformed);
    return refused(malformed);
  }
  try {
    const [statement, provenance] = traced(
      trace,
      "statement",
      () => {
        const stated = statementOf(bundle);
        return [stated, readProvenance(stated)] as const;
      },
      (show, result) => (result === null ? [] : show.comparedStatement(result[0])),
    );
    check(statement, provenance);
    return { kind: "verified", verified: new Verified(SEAL, statement, provenance, signer) };
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
