import * as z from "zod/mini";
import { boundedArray } from "./bounded-array.ts";
import { encodeJson } from "./canonical-json.ts";
import { TouchmarkError } from "./errors.ts";
import { issueText } from "./issue-text.ts";
import { parseJson } from "./json.ts";
import { MAX_EVIDENCE_BYTES, MAX_SUBJECTS } from "./limits.ts";
import { ResourceDescriptor } from "./resource-descriptor.ts";
import { AnyObject, boundedText, nullishAs } from "./schema-parts.ts";
import { plainSubject, type Subject } from "./subject.ts";

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const STATEMENT_V1 = "https://in-toto.io/Statement/v1";
/** https://github.com/in-toto/attestation/blob/main/spec/v0.1.0/README.md : read, never written. */
export const STATEMENT_V01 = "https://in-toto.io/Statement/v0.1";
/** The DSSE payload type of an in-toto statement. */
export const INTOTO_PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** An in-toto statement as Touchmark writes it. */
export interface Statement {
  readonly _type: typeof STATEMENT_V1;
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

/** A subject of somebody's statement: the name may be missing or unusual, the digest may not. */
export interface StatedSubject extends ResourceDescriptor {
  readonly digest: Readonly<Record<string, string>>;
}

/** An in-toto statement as it was found; v0.1 and v1. */
export interface StatedStatement {
  readonly _type: typeof STATEMENT_V1 | typeof STATEMENT_V01;
  readonly subject: readonly StatedSubject[];
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>> | null;
}

const StatedSubjects = (min: number) =>
  boundedArray(
    ResourceDescriptor.check(
      z.refine((subject) => subject.digest !== undefined, { message: "a subject needs a digest" }),
    ) as z.ZodMiniType<StatedSubject>,
    MAX_SUBJECTS,
    min,
    plainSubject,
  );

const StatedStatement = z.object({
  _type: z.enum([STATEMENT_V1, STATEMENT_V01]),
  subject: StatedSubjects(1),
  predicateType: boundedText(2048, 1),
  predicate: nullishAs(AnyObject, null),
});

const AttachedStatement = z.lazy(() => z.extend(StatedStatement, { subject: StatedSubjects(0) }));

/** The only serialisation of a statement in the program: sign these bytes, carry these bytes. */
export function encodeStatement(statement: Statement): Uint8Array {
  return encodeJson(statement);
}

/**
 * Reads an in-toto statement from verified bytes.
 *
 * @throws TouchmarkError `STATEMENT_MALFORMED` for anything that is not a statement v0.1 or v1 with digests.
 */
export function parseStatement(payload: Uint8Array): StatedStatement {
  return read(StatedStatement, payload, "with at least one subject and its digests");
}

/**
 * Reads an in-toto statement that nobody signed, and that says by its place what it is about: it may have no subject.
 * BuildKit gives none to an image that is built without a name.
 *
 * @throws TouchmarkError `STATEMENT_MALFORMED`.
 */
export function parseAttachedStatement(payload: Uint8Array): StatedStatement {
  return read(AttachedStatement, payload, "whose subjects have digests");
}

function read(schema: z.ZodMiniType<StatedStatement>, payload: Uint8Array, expected: string): StatedStatement {
  let json: unknown;
  try {
    json = parseJson(payload, { what: "the statement", maxBytes: MAX_EVIDENCE_BYTES });
  } catch (cause) {
    throw new TouchmarkError("STATEMENT_MALFORMED", (cause as Error).message, {
      expected: cause instanceof TouchmarkError ? cause.expected : null,
      actual: cause instanceof TouchmarkError ? cause.actual : null,
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new TouchmarkError("STATEMENT_MALFORMED", "the payload is not an in-toto statement", {
      expected: `an in-toto statement v0.1 or v1 ${expected}`,
      actual: issueText(parsed.error),
      cause: parsed.error,
    });
  }
  return parsed.data;
}
