import type { Origin } from "./build.ts";
import { stableText } from "./canonical-json.ts";
import { TouchmarkError } from "./errors.ts";
import { compareText } from "./subject.ts";
import { checkCounts, normalized, uniqueSorted } from "./subjects-file.ts";
import { type Part, SUBJECTS_FILE_TYPE, type SubjectsFile } from "./subjects-schema.ts";

/** The neutral element: combining it with a file gives that file. */
export const EMPTY_SUBJECTS_FILE: SubjectsFile = {
  type: SUBJECTS_FILE_TYPE,
  parts: [],
  subjects: [],
  resolvedDependencies: [],
  byproducts: [],
};

/**
 * Folds subjects files into one. Associative, commutative, idempotent; a conflict absorbs: whatever contains it throws.
 * Which error is thrown and what it says does not depend on the order of the files.
 *
 * @throws TouchmarkError `ORIGIN_MISMATCH` when the parts come from different runs; `SUBJECT_CONFLICT` when one name has
 * two digest sets; `LIMIT_EXCEEDED` above 100,000 subjects, or 200,000 dependencies or byproducts.
 */
export function combine(files: readonly SubjectsFile[]): SubjectsFile {
  const parts = files.flatMap((file) => file.parts);
  checkOrigins(parts);
  const combined = normalized({
    type: SUBJECTS_FILE_TYPE,
    parts,
    subjects: files.flatMap((file) => file.subjects),
    resolvedDependencies: files.flatMap((file) => file.resolvedDependencies),
    byproducts: files.flatMap((file) => file.byproducts),
  });
  checkCounts(combined);
  return combined;
}

function checkOrigins(parts: readonly Part[]): void {
  const distinct = uniqueSorted(parts.map((part) => part.origin));
  if (distinct.length < 2) return;
  const origins = distinct.map(originText).sort(compareText);
  throw new TouchmarkError("ORIGIN_MISMATCH", "the parts do not come from the same run", {
    expected: origins[0] ?? null,
    actual: origins.slice(1, 4).join("; "),
  });
}

function originText(origin: Origin | null): string {
  return origin === null ? "no run (a local build)" : `${origin.repository} ${origin.commit} run ${origin.runId}`;
}

/** One part that the configuration expects. */
export interface ExpectedPart {
  readonly artifact: string;
  readonly part: string | null;
}

/**
 * Compares the parts that arrived with those that the configuration expects.
 *
 * @throws TouchmarkError `PART_CONFLICT` when two different files claim one part; `PART_MISSING`; `PART_UNKNOWN`.
 */
export function checkParts(file: SubjectsFile, expected: readonly ExpectedPart[]): void {
  const wanted = new Map(expected.map((part) => [partKey(part), partName(part)]));
  const arrived = new Map<string, Part>();
  for (const part of uniqueSorted(file.parts)) {
    const key = partKey(part);
    const earlier = arrived.get(key);
    if (earlier !== undefined) {
      throw new TouchmarkError("PART_CONFLICT", `two different subjects files claim to be ${partName(part)}`, {
        expected: "one file for each part",
        actual: `sha256 ${earlier.outputs["sha256"]} and ${part.outputs["sha256"]}`,
      });
    }
    arrived.set(key, part);
  }
  const missing = [...wanted].filter(([key]) => !arrived.has(key)).map(([, name]) => name);
  missing.sort(compareText);
  if (missing[0] !== undefined) {
    throw new TouchmarkError("PART_MISSING", `${missing[0]} did not arrive`, {
      expected: `${wanted.size} parts`,
      actual: `${wanted.size - missing.length}; missing: ${missing.slice(0, 10).join(", ")}`,
    });
  }
  const unknown = [...arrived].filter(([key]) => !wanted.has(key)).map(([, part]) => partName(part));
  unknown.sort(compareText);
  if (unknown[0] !== undefined) {
    throw new TouchmarkError("PART_UNKNOWN", `${unknown[0]} is not expected`, {
      expected: [...wanted.values()].sort(compareText).slice(0, 10).join(", "),
      actual: unknown.slice(0, 10).join(", "),
    });
  }
}

function partName(part: ExpectedPart): string {
  return part.part === null ? part.artifact : `${part.artifact}/${part.part}`;
}

/** Not the name that people read: the artifact `a/b` is not part `b` of `a`. */
function partKey(part: ExpectedPart): string {
  return stableText([part.artifact, part.part]);
}
