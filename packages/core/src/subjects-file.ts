import { isReservedAnnotation, RESERVED_ANNOTATION_PREFIX } from "./annotations.ts";
import type { BuildOutput, Checkout, Origin } from "./build.ts";
import { encodeJson, stableText } from "./canonical-json.ts";
import { isTouchmarkError, TouchmarkError } from "./errors.ts";
import { issueText } from "./issue-text.ts";
import { parseJson } from "./json.ts";
import { MAX_DESCRIPTORS, MAX_EVIDENCE_BYTES, MAX_SUBJECTS } from "./limits.ts";
import type { ResourceDescriptor } from "./resource-descriptor.ts";
import { canCover, compareText, mergeSubjects } from "./subject.ts";
import { type Reported, SUBJECTS_FILE_TYPE, SubjectsFile } from "./subjects-schema.ts";

/** Who collected, for {@link subjectsFileOf}. */
export interface Collected {
  readonly adapter: string;
  readonly artifact: string;
  readonly part: string | null;
  readonly origin: Origin | null;
  readonly checkouts: readonly Checkout[];
  readonly output: BuildOutput;
}

/**
 * Makes the subjects file of one collected part. What the adapter gave is held to the same schema as a file that
 * arrives, so that no field that it made up is carried on.
 *
 * @param sha256 - hex SHA-256 of the bytes.
 * @throws TouchmarkError `INPUT_INVALID`, `SUBJECT_CONFLICT`, `NAME_REFUSED`, `RESERVED_ANNOTATION`, `LIMIT_EXCEEDED`.
 */
export function subjectsFileOf(collected: Collected, sha256: (bytes: Uint8Array) => string): SubjectsFile {
  const { adapter, artifact, part, origin, checkouts, output } = collected;
  const mark = (descriptor: ResourceDescriptor): Reported => ({ ...descriptor, reportedBy: adapter });
  const brought = {
    subjects: output.subjects,
    resolvedDependencies: output.resolvedDependencies.map(mark),
    byproducts: output.byproducts.map(mark),
  };
  checkOutputs(brought);
  const sorted = normalized({ type: SUBJECTS_FILE_TYPE, parts: [], ...brought });
  const { subjects, resolvedDependencies, byproducts } = sorted;
  const outputs = { sha256: sha256(encodeJson({ subjects, resolvedDependencies, byproducts })) };
  const parts = [{ artifact, part, origin, checkouts: uniqueSorted(checkouts), outputs }];
  return fromSchema({ ...sorted, parts }, `what ${adapter} collected`);
}

/**
 * The bytes of a subjects file: canonical JSON and a line end.
 *
 * @throws TouchmarkError `LIMIT_EXCEEDED` above 64 MiB, which nobody would read.
 */
export function encodeSubjectsFile(file: SubjectsFile): Uint8Array {
  const bytes = new TextEncoder().encode(`${stableText(file)}\n`);
  if (bytes.byteLength <= MAX_EVIDENCE_BYTES) return bytes;
  throw tooMany("bytes", MAX_EVIDENCE_BYTES, bytes.byteLength);
}

/**
 * Reads a subjects file that another job wrote. Closed schema, limits before parsing, names checked, annotations in our
 * namespace refused. A file without parts holds nothing: what it held would belong to no run.
 *
 * @throws TouchmarkError `INPUT_TOO_LARGE`, `INPUT_INVALID`, `NAME_REFUSED`, `SUBJECT_CONFLICT`, `RESERVED_ANNOTATION`.
 */
export function parseSubjectsFile(bytes: Uint8Array, what: string): SubjectsFile {
  const json = parseJson(bytes, { what, maxBytes: MAX_EVIDENCE_BYTES });
  const parsed = fromSchema(json, what);
  try {
    checkAttributed(parsed);
    checkOutputs(parsed);
    return normalized(parsed);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw new TouchmarkError(error.code, `${what}: ${error.message}`, {
      expected: error.expected,
      actual: error.actual,
      cause: error,
    });
  }
}

function fromSchema(value: unknown, what: string): SubjectsFile {
  const parsed = SubjectsFile.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("INPUT_INVALID", `${what} is not a subjects file`, {
    expected: `a subjects file of type ${SUBJECTS_FILE_TYPE}`,
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}

function checkAttributed(file: SubjectsFile): void {
  const entries = file.subjects.length + file.resolvedDependencies.length + file.byproducts.length;
  if (file.parts.length > 0 || entries === 0) return;
  throw new TouchmarkError("INPUT_INVALID", "subjects or descriptors come without a part", {
    expected: "at least one part that says where they come from",
    actual: `${entries} entries and no part`,
  });
}

/** The same file with everything sorted and equal entries once. */
export function normalized(file: SubjectsFile): SubjectsFile {
  return {
    type: SUBJECTS_FILE_TYPE,
    parts: uniqueSorted(file.parts.map((part) => ({ ...part, checkouts: uniqueSorted(part.checkouts) }))),
    subjects: mergeSubjects(file.subjects),
    resolvedDependencies: uniqueSorted(file.resolvedDependencies),
    byproducts: uniqueSorted(file.byproducts),
  };
}

/**
 * What holds for every list of outputs, wherever it comes from; the error does not depend on the lists' order.
 *
 * @throws TouchmarkError `LIMIT_EXCEEDED`, `INPUT_INVALID`, `RESERVED_ANNOTATION`.
 */
export function checkOutputs(outputs: Pick<SubjectsFile, "subjects" | "resolvedDependencies" | "byproducts">): void {
  checkCounts(outputs);
  const { subjects, resolvedDependencies, byproducts } = outputs;
  const uncovered = firstOf(subjects.filter((subject) => !canCover(subject.digest)).map((subject) => subject.name));
  if (uncovered !== undefined) {
    throw new TouchmarkError("INPUT_INVALID", `"${uncovered}" has no digest that can cover it`, {
      expected: "sha256, another digest of 256 bits or more, or narSha256",
      actual: "others, or none",
    });
  }
  const first = firstOf([subjects, resolvedDependencies, byproducts].flatMap(reservedAnnotations));
  if (first === undefined) return;
  throw new TouchmarkError("RESERVED_ANNOTATION", first, {
    expected: `no annotation of ${RESERVED_ANNOTATION_PREFIX}; only the generator writes those`,
    actual: first,
  });
}

function reservedAnnotations(entries: readonly ResourceDescriptor[]): readonly string[] {
  const found: string[] = [];
  for (const { annotations, name, uri } of entries) {
    if (annotations === undefined) continue; // as with nearly all of a long list
    for (const key of Object.keys(annotations).filter(isReservedAnnotation)) {
      found.push(`"${name ?? uri ?? "a descriptor"}" carries ${JSON.stringify(key)}`);
    }
  }
  return found;
}

/** @throws TouchmarkError `LIMIT_EXCEEDED` for lists that no reader of ours would take. */
export function checkCounts(outputs: Pick<SubjectsFile, "subjects" | "resolvedDependencies" | "byproducts">): void {
  const { subjects, resolvedDependencies, byproducts } = outputs;
  if (subjects.length > MAX_SUBJECTS) throw tooMany("subjects", MAX_SUBJECTS, subjects.length);
  if (resolvedDependencies.length > MAX_DESCRIPTORS) {
    throw tooMany("dependencies", MAX_DESCRIPTORS, resolvedDependencies.length);
  }
  if (byproducts.length > MAX_DESCRIPTORS) throw tooMany("byproducts", MAX_DESCRIPTORS, byproducts.length);
}

function tooMany(what: string, max: number, actual: number): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", `there are too many ${what}`, {
    expected: `at most ${max}`,
    actual: String(actual),
  });
}

function firstOf(texts: readonly string[]): string | undefined {
  return [...texts].sort(compareText)[0];
}

/** Sorted by their JSON text, equal ones once. */
export function uniqueSorted<T>(values: readonly T[]): readonly T[] {
  const byText = new Map(values.map((value) => [stableText(value), value]));
  return [...byText].sort(([left], [right]) => compareText(left, right)).map(([, value]) => value);
}
