import { decodeBase64, isTouchmarkError, type Json } from "@touchmark/core";
import { type CloudBuildKeys, cloudBuildKey, isSignedByWorker } from "@touchmark/verify";
import type { Envelope } from "./envelope.ts";
import { STATEMENTS, seen } from "./gcb-shape.ts";
import { objectOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";
import { readJson } from "./statement.ts";

/** A statement of Google Cloud Build that one of its keys signed. */
export interface GcbStatement {
  readonly version: "v01" | "v1";
  /** As Go's reader sees it. */
  readonly statement: Readonly<Record<string, Json>>;
}

const STATEMENT_TYPES = ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"];
const PREDICATE = { v01: "https://slsa.dev/provenance/v0.1", v1: "https://slsa.dev/provenance/v1" };

/**
 * The first signature that holds, by a key that is known, over a statement of the version that the key signs.
 *
 * @throws Refusal `ErrorNoValidSignature` with what was wrong with each.
 */
export function verifyGcbEnvelope(envelope: Envelope, keys: CloudBuildKeys): GcbStatement {
  const problems: string[] = [];
  for (const { keyId } of envelope.signatures) {
    const named = cloudBuildKey(keyId);
    if (named === null) continue;
    const key = keys.get(named.name);
    if (key === undefined) {
      problems.push(`cannot read key materials of '${named.name}'`);
      continue;
    }
    const holds = envelope.signatures
      .filter((one) => one.keyId === keyId || (named.over === "pae" && one.keyId === ""))
      .map(({ signature }) => decoded(signature))
      .some((signature) => signature !== null && isSignedByWorker(named, key, envelope, signature));
    if (!holds) {
      problems.push(`cannot verify with public key '${named.name}'`);
      continue;
    }
    try {
      return readGcbStatement(envelope.payload, named.version === "v1" ? "v1" : "v01");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(error.message);
    }
  }
  throw new Refusal("ErrorNoValidSignature", problems.join("; ") || "no signature by a known key");
}

function readGcbStatement(payload: Uint8Array, version: "v01" | "v1"): GcbStatement {
  const statement = objectOf(seen(readJson(payload), STATEMENTS[version])) ?? {};
  const { _type: type, predicateType } = statement;
  if (typeof type !== "string" || !STATEMENT_TYPES.includes(type) || predicateType !== PREDICATE[version]) {
    throw new Refusal(
      "ErrorInvalidDssePayload",
      `expected a statement of ${PREDICATE[version]}, got ${String(predicateType)}`,
    );
  }
  return { version, statement };
}

function decoded(text: string): Uint8Array | null {
  try {
    return decodeBase64(text, "a signature");
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return null;
  }
}
