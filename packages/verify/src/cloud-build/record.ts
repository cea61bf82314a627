import { isJsonObject, type Json, type StatedStatement } from "@touchmark/core";
import { refused } from "../certificate/refused.ts";

/** What stands around one signed envelope where Google shows it. Nobody signed it: it may only agree. */
export interface CloudBuildRecord {
  /** `BUILD`. */
  readonly kind: string | null;
  /** `https://HOST/REPO@sha256:…` */
  readonly resourceUri: string | null;
  /** `sha256:…` of the image that was asked about. */
  readonly imageDigest: string | null;
  /** The same, behind its name. */
  readonly imageName: string | null;
  /** The statement as people read it: `build.intotoStatement` or `build.inTotoSlsaProvenanceV1`. */
  readonly shown: Json | null;
}

/**
 * What is shown beside a signed statement must be what is signed: people read the one, and programs the other.
 *
 * @param signed - the payload as JSON.
 * @throws TouchmarkError `EVIDENCE_MISMATCH`.
 */
export function checkRecord(record: CloudBuildRecord, signed: Json, { subject }: StatedStatement): void {
  if (record.kind !== "BUILD") throw mismatch("the record is not one of a build", "BUILD", record.kind);
  const digests = subject.map(({ digest }) => `sha256:${digest["sha256"] ?? ""}`);
  const places = [
    ["resourceUri", behindAt(record.resourceUri)],
    ["image_summary.digest", record.imageDigest],
    ["image_summary.fully_qualified_digest", behindAt(record.imageName)],
  ] as const;
  for (const [place, digest] of places) {
    if (digest !== null && digests.includes(digest)) continue;
    throw mismatch(`${place} is about another image than what is signed`, digests.slice(0, 3).join(", "), digest);
  }
  if (record.shown === null) {
    throw mismatch(
      "the statement that people read is missing",
      "build.intotoStatement or inTotoSlsaProvenanceV1",
      null,
    );
  }
  if (!isSame(parts(record.shown), parts(signed))) {
    throw mismatch("the statement that people read differs from the one that is signed", "the signed one", "another");
  }
}

/** Of v0.1 the text for people calls the predicate `slsaProvenance`; what is signed has it under both names, or under one. */
function parts(statement: Json): Json {
  if (statement === null || typeof statement !== "object" || Array.isArray(statement)) return statement;
  const { predicate, slsaProvenance, ...head } = statement as { readonly [key: string]: Json };
  return [head, predicate ?? slsaProvenance ?? null, slsaProvenance ?? predicate ?? null];
}

/** As deep as JSON is read. The order of an object's members says nothing. */
function isSame(left: Json | undefined, right: Json | undefined): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((one, at) => isSame(one, right[at]));
  if (!isJsonObject(left) || !isJsonObject(right)) return Object.is(left, right);
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]))
  );
}

function behindAt(text: string | null): string | null {
  return text === null ? null : text.slice(text.lastIndexOf("@") + 1);
}

function mismatch(message: string, expected: string, actual: string | null) {
  return refused("EVIDENCE_MISMATCH", message, { expected, actual: actual ?? "nothing" });
}
