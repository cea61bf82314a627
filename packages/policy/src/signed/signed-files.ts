import { createHash } from "node:crypto";
import { issueText, STATEMENT_V1, type StatedStatement, type Statement, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { isOver } from "../document/day.ts";
import { day } from "../document/fields.ts";
import { MAX_TEXT } from "../limits.ts";
import { MAX_SIGNED_FILES, MAX_SIGNED_TEXT } from "./limits.ts";

/** A path below the folder of the file that is signed, with forward slashes. */
export const signedPath = z
  .string()
  .max(MAX_TEXT)
  .regex(/^(?!\/)(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\\\p{C}]+$/u, "must be a path below its folder");

/** What every predicate of signed files has, beside the name of the file that they are about. */
export const signedFields = {
  revision: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  expires: day,
  files: z
    .record(signedPath, z.string())
    .refine((files) => Object.keys(files).length <= MAX_SIGNED_FILES, `at most ${MAX_SIGNED_FILES} files`)
    .refine((files) => sizeOf(files) <= MAX_SIGNED_TEXT, `at most ${MAX_SIGNED_TEXT} characters`),
};

/** A file as it is signed: with every file that it needs, so that nothing beside it decides. */
export interface SignedFiles {
  /** Each that a key signs has a higher one than the one before. */
  readonly revision: number;
  /** The last day on which they may be used, in UTC: `2027-06-01`. */
  readonly expires: string;
  /** By path below the folder of the file that is signed. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the signed files are about. */
export interface SignedKind<Signed extends SignedFiles> {
  /** In messages: `policy`. */
  readonly noun: string;
  /** What signs them: `touchmark policy sign`. */
  readonly command: string;
  readonly predicateType: string;
  readonly predicate: z.ZodType<Signed>;
  /** Which of the files it is all about. */
  readonly nameOf: (signed: Signed) => string;
  /** For what is none. */
  readonly code: "POLICY_INVALID" | "TRUST_INVALID";
}

/**
 * What is signed.
 *
 * @throws TouchmarkError the kind's code for what {@link readSignedFiles} would refuse, but for its day.
 */
export function signedStatement<Signed extends SignedFiles>(kind: SignedKind<Signed>, given: Signed): Statement {
  const checkedFiles = checked(kind, given, `the ${kind.noun}`);
  const name = kind.nameOf(checkedFiles);
  const signed: SignedFiles = checkedFiles;
  const digest = {
    sha256: createHash("sha256")
      .update(signed.files[name] ?? "")
      .digest("hex"),
  };
  return {
    _type: STATEMENT_V1,
    subject: [{ name, digest }],
    predicateType: kind.predicateType,
    predicate: { ...signed },
  };
}

/**
 * Reads what was signed; by whom, the caller knows.
 *
 * @param label - what the file is called.
 * @param now - milliseconds since 1970.
 * @throws TouchmarkError the kind's code for a statement about something else; `POLICY_EXPIRED`.
 */
export function readSignedFiles<Signed extends SignedFiles>(
  kind: SignedKind<Signed>,
  statement: StatedStatement,
  label: string,
  now: number,
): Signed {
  if (statement.predicateType !== kind.predicateType) {
    throw invalid(kind, label, `a statement of the type ${JSON.stringify(statement.predicateType)}`);
  }
  const signed = checked(kind, statement.predicate, label);
  if (isOver(signed.expires, now)) {
    throw new TouchmarkError("POLICY_EXPIRED", `${label} may not be used any more`, {
      expected: `a ${kind.noun} for today; this one was signed until ${signed.expires}`,
      actual: new Date(now).toISOString(),
    });
  }
  return signed;
}

function checked<Signed extends SignedFiles>(kind: SignedKind<Signed>, data: unknown, label: string): Signed {
  const parsed = kind.predicate.safeParse(data);
  if (!parsed.success) throw invalid(kind, label, issueText(parsed.error));
  const name = kind.nameOf(parsed.data);
  if (Object.hasOwn(parsed.data.files, name)) return parsed.data;
  throw invalid(kind, label, `no file ${JSON.stringify(name)} among those that were signed`);
}

function sizeOf(files: Readonly<Record<string, string>>): number {
  return Object.values(files).reduce((sum, text) => sum + text.length, 0);
}

function invalid(
  { code, noun, command }: Pick<SignedKind<SignedFiles>, "code" | "noun" | "command">,
  label: string,
  actual: string,
): TouchmarkError {
  return new TouchmarkError(code, `${label} is no signed ${noun}`, { expected: `what ${command} writes`, actual });
}
