import type { KeyObject } from "node:crypto";
import { decodeBase64, isTouchmarkError, type Json, preAuthEncoding } from "@touchmark/core";
import { isSignedBy } from "@touchmark/verify";
import { type Envelope, readEnvelope } from "./envelope.ts";
import { objectOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";
import { fingerprint } from "./signature.ts";
import { readJson, readStatement, type StatementHead } from "./statement.ts";

/** What the user expects of a verification summary. */
export interface VsaExpectations {
  /** `ALGORITHM:VALUE`, each of some subject. */
  readonly digests: readonly string[];
  readonly verifierId: string;
  readonly resourceUri: string;
  /** `SLSA_BUILD_LEVEL_2` means at least 2; others must be there as they are. */
  readonly levels: readonly string[];
  readonly key: KeyObject;
  /** Empty: the key's own fingerprint. */
  readonly keyId: string;
}

const VSA_V1 = "https://slsa.dev/verification_summary/v1";
const STATEMENT_TYPES = ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"];

/**
 * Judges a verification summary: signature, subjects, verifier, resource, result, levels.
 *
 * @throws Refusal
 */
export function judgeVsa(attestation: Uint8Array, expected: VsaExpectations): { readonly statement: Uint8Array } {
  const envelope = readEnvelope(readJson(attestation));
  checkSignature(envelope, expected);
  const statement = readStatement(envelope);
  if (!STATEMENT_TYPES.includes(statement.type)) {
    throw new Refusal("ErrorInvalidDssePayload", `invalid statement type: "${statement.type}"`);
  }
  if (statement.predicateType !== VSA_V1) {
    throw new Refusal(
      "ErrorInvalidDssePayload",
      `expected predicate type "${VSA_V1}", got "${statement.predicateType}"`,
    );
  }
  checkSubjects(statement, expected.digests);
  const predicate = objectOf(statement.predicate) ?? {};
  checkEqual(
    textOf(objectOf(predicate["verifier"])?.["id"]),
    expected.verifierId,
    "ErrorMismatchVerifierID",
    "verifier ID",
  );
  checkEqual(textOf(predicate["resourceUri"]), expected.resourceUri, "ErrorMismatchResourceURI", "resource URI");
  const result = textOf(predicate["verificationResult"]);
  if (result !== "PASSED") {
    throw new Refusal("ErrorInvalidVerificationResult", `verification result is not Passed: ${result}`);
  }
  checkLevels(levelsOf(predicate["verifiedLevels"]), expected.levels);
  return { statement: envelope.payload };
}

function checkSignature({ payloadType, payload, signatures }: Envelope, { key, keyId }: VsaExpectations): void {
  const encoded = preAuthEncoding(payloadType, payload);
  const id = keyId === "" ? fingerprint(key) : keyId;
  const isOurs = (stated: string) => stated === "" || id === null || stated === id;
  const holds = signatures
    .map((one) => ({ ...one, bytes: signatureBytes(one.signature) }))
    .some(({ keyId: stated, bytes }) => isOurs(stated) && isSignedBy(key, encoded, bytes));
  if (holds) return;
  throw new Refusal("ErrorNoValidSignature", "verifying envelope: no signature by the key, under its id");
}

function signatureBytes(text: string): Uint8Array {
  try {
    return decodeBase64(text, "a signature");
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw new Refusal("ErrorNoValidSignature", error.message);
  }
}

function checkSubjects({ subjects }: StatementHead, digests: readonly string[]): void {
  if (digests.length === 0) throw new Refusal("ErrorEmptyRequiredField", "no subject digests provided");
  const known = new Set(
    subjects.flatMap(({ digest }) => [...digest].map(([algorithm, value]) => `${algorithm}:${value}`)),
  );
  if (known.size === 0) throw new Refusal("ErrorInvalidDssePayload", "no subject digests found in the VSA");
  for (const digest of digests) {
    if (!digest.includes(":")) {
      throw new Refusal(
        "ErrorInvalidDssePayload",
        `expected digest ${digest} is not in the format <digest type>:<digest value>`,
      );
    }
    if (!known.has(digest)) throw new Refusal("ErrorMissingSubjectDigest", `expected digest not found: ${digest}`);
  }
}

function checkEqual(
  got: string,
  wanted: string,
  reason: "ErrorMismatchVerifierID" | "ErrorMismatchResourceURI",
  what: string,
): void {
  if (got === "") throw new Refusal("ErrorEmptyRequiredField", `no ${what} in the VSA`);
  if (got !== wanted) throw new Refusal(reason, `${what} mismatch: wanted ${wanted}, got ${got}`);
}

function levelsOf(json: Json | undefined): readonly string[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) throw new Refusal("ErrorInvalidDssePayload", "verifiedLevels is not a list");
  return json.map((one: Json) => textOf(one));
}

function checkLevels(got: readonly string[], wanted: readonly string[]): void {
  const wantedTracks = tracksOf(wanted);
  const gotTracks = tracksOf(got);
  for (const [track, minimum] of wantedTracks) {
    const level = gotTracks.get(track);
    if (level === undefined)
      throw new Refusal("ErrorMismatchVerifiedLevels", `expected SLSA level not found: ${track}`);
    if (level < minimum) {
      throw new Refusal(
        "ErrorMismatchVerifiedLevels",
        `expected SLSA level ${track} to be at least ${minimum}, got ${level}`,
      );
    }
  }
  const missing = wanted.find((level) => !isTrack(level) && !got.includes(level));
  if (missing !== undefined)
    throw new Refusal("ErrorMismatchVerifiedLevels", `expected verified level not found: ${missing}`);
}

function isTrack(level: string): boolean {
  return level.startsWith("SLSA_");
}

/** Track → highest level; of as many digits as a number holds exactly. @throws Refusal `ErrorInvalidSLSALevel` for anything else that begins with `SLSA_`. */
function tracksOf(levels: readonly string[]): ReadonlyMap<string, number> {
  const tracks = new Map<string, number>();
  for (const level of levels.filter(isTrack)) {
    const [, track, number] = /^SLSA_([^_]*)_LEVEL_([+-]?\d{1,15})$/.exec(level) ?? [];
    if (track === undefined || number === undefined) {
      throw new Refusal("ErrorInvalidSLSALevel", `invalid SLSA level: ${level}`);
    }
    tracks.set(track, Math.max(tracks.get(track) ?? Number(number), Number(number)));
  }
  return tracks;
}

function textOf(json: Json | undefined): string {
  if (json === undefined || json === null) return "";
  if (typeof json === "string") return json;
  throw new Refusal("ErrorInvalidDssePayload", "a member of the predicate is not a text");
}
