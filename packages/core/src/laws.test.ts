import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { BuildClaim } from "./build.ts";
import { checkParts, combine, EMPTY_SUBJECTS_FILE } from "./combine.ts";
import { isTouchmarkError } from "./errors.ts";
import { generate, splitStatement } from "./generate.ts";
import { encodeStatement, parseStatement } from "./statement.ts";
import { mergeSubjects, type Subject } from "./subject.ts";
import { encodeSubjectsFile, normalized, parseSubjectsFile, subjectsFileOf } from "./subjects-file.ts";
import type { Part, Reported, SubjectsFile } from "./subjects-schema.ts";

// Large inputs, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const runs = { numRuns: 400 };

// Few names, digests and origins, so that equal ones and conflicts are common.
const hex = fc.constantFrom("a".repeat(64), "b".repeat(64));
const digest = fc.oneof(
  { weight: 6, arbitrary: fc.record({ sha256: hex }) },
  { weight: 1, arbitrary: fc.record({ sha256: hex, sha512: fc.constant("c".repeat(128)) }) },
  { weight: 1, arbitrary: fc.record({ narSha256: hex, dirHash: fc.constant("h1:x") }) },
);
const annotations = fc.option(
  fc.dictionary(
    fc.constantFrom("10", "9", "note"),
    fc.constantFrom<unknown>(1, -0.5, "é\n", null, [true], { z: 1, a: 2 }),
  ),
  { nil: undefined },
);
const subject: fc.Arbitrary<Subject> = fc
  .record(
    {
      name: fc.constantFrom("a", "b", "c/d", "ü", "pkg:npm/%40o/p@1", "host:1/app", "host:1/app", "..x", "../x"),
      digest,
      uri: fc.constantFrom("https://u", "pkg:oci/app?tag=1"),
      mediaType: fc.constantFrom("text/plain", "text/html"),
      annotations,
      declared: fc.constant(true as const),
    },
    { requiredKeys: ["name", "digest"] },
  )
  // Bad names and a name that is an image and a file are errors of their own; they stay, and stay rare.
  .map((one) => (one.name.startsWith("host") ? { ...one, uri: "pkg:oci/app" } : one));
const reported: fc.Arbitrary<Reported> = fc.record(
  {
    uri: fc.constantFrom("git+https://h/r@refs/tags/v1", "git+https://h/other", "pkg:npm/x@1"),
    digest: fc.record({ gitCommit: fc.constantFrom("c".repeat(40), "d".repeat(40)) }),
    annotations,
    reportedBy: fc.constantFrom("files", "npm-pack"),
  },
  { requiredKeys: ["uri", "reportedBy"] },
);
const checkout = fc.record({
  repository: fc.constantFrom("https://h/r", "git@h:r.git", "https://h/other", null),
  commit: fc.oneof(
    { weight: 5, arbitrary: fc.constant("c".repeat(40)) },
    { weight: 1, arbitrary: fc.constant("d".repeat(40)) },
  ),
  dirty: fc.boolean(),
});
const origin = fc.oneof(
  { weight: 8, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.record({
      repository: fc.constant("https://h/r"),
      commit: fc.constant("c".repeat(40)),
      runId: fc.constantFrom("1", "2"),
    }),
  },
);
const part: fc.Arbitrary<Part> = fc.record({
  artifact: fc.constantFrom("cli", "docs", "cli/linux"),
  part: fc.constantFrom("linux", null),
  origin,
  checkouts: fc.array(checkout, { maxLength: 2 }),
  outputs: fc.record({ sha256: hex }),
});
const file: fc.Arbitrary<SubjectsFile> = fc.record({
  type: fc.constant(EMPTY_SUBJECTS_FILE.type),
  parts: fc.array(part, { minLength: 1, maxLength: 2 }),
  subjects: fc.array(subject, { maxLength: 3 }),
  resolvedDependencies: fc.array(reported, { maxLength: 3 }),
  byproducts: fc.array(reported, { maxLength: 2 }),
});
const files = fc.array(file, { maxLength: 4 });
const shuffled = <T>(values: readonly T[]) => fc.shuffledSubarray([...values], { minLength: values.length });

const claim: BuildClaim = {
  buildType: "https://t",
  externalParameters: { "10": 1, "9": 2 },
  internalParameters: {},
  source: { uri: "git+https://h/r@refs/tags/v1", digest: { gitCommit: "c".repeat(40) } },
  builder: { id: "https://b", version: {} },
  invocationId: null,
  startedOn: null,
  finishedOn: null,
};

/** The result, or all that an error says. */
function outcome<T>(compute: () => T): { readonly ok: T } | { readonly error: object } {
  try {
    return { ok: compute() };
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    const { code, message, expected, actual } = error;
    return { error: { code, message, expected, actual } };
  }
}

const fails = (result: object) => "error" in result;

/** Counts how often a law met each outcome, so that none holds for want of cases. */
function tally() {
  const counts = { ok: 0, error: 0 };
  return {
    note: <T extends object>(result: T): T => {
      counts[fails(result) ? "error" : "ok"] += 1;
      return result;
    },
    expectBoth: () => expect(Math.min(counts.ok, counts.error)).toBeGreaterThan(10),
  };
}

describe("combine", () => {
  test("is commutative, and its errors do not depend on the order", () => {
    const met = tally();
    const pair = files.chain((list) => fc.tuple(fc.constant(list), shuffled(list)));
    fc.assert(
      fc.property(pair, ([list, other]) => {
        expect(outcome(() => combine(other))).toEqual(met.note(outcome(() => combine(list))));
      }),
      runs,
    );
    met.expectBoth();
  });

  test("does not depend on the order inside the files either", () => {
    const arranged = (one: SubjectsFile) =>
      fc
        .tuple(
          shuffled(one.parts),
          shuffled(one.subjects),
          shuffled(one.resolvedDependencies),
          shuffled(one.byproducts),
        )
        .map(([parts, subjects, resolvedDependencies, byproducts]) => ({
          ...one,
          parts,
          subjects,
          resolvedDependencies,
          byproducts,
        }));
    const pair = files.chain((list) => fc.tuple(fc.constant(list), fc.tuple(...list.map(arranged))));
    fc.assert(
      fc.property(pair, ([list, other]) => {
        expect(outcome(() => combine(other))).toEqual(outcome(() => combine(list)));
      }),
      runs,
    );
  });

  test("is associative: any grouping gives the same, or fails", () => {
    const met = tally();
    fc.assert(
      fc.property(file, file, file, (a, b, c) => {
        const whole = met.note(outcome(() => combine([a, b, c])));
        const left = outcome(() => combine([combine([a, b]), c]));
        const right = outcome(() => combine([a, combine([b, c])]));
        if (fails(whole)) expect([fails(left), fails(right)]).toEqual([true, true]);
        else expect([left, right]).toEqual([whole, whole]);
      }),
      runs,
    );
    met.expectBoth();
  });

  test("is idempotent", () => {
    fc.assert(
      fc.property(files, (list) => {
        const once = outcome(() => combine(list));
        expect(outcome(() => combine([...list, ...list]))).toEqual(once);
        if ("ok" in once) expect(combine([once.ok])).toEqual(once.ok);
      }),
      runs,
    );
  });

  test("has the empty file as its identity", () => {
    fc.assert(
      fc.property(file, (one) => {
        const alone = outcome(() => normalized(one));
        fc.pre(new Set(one.parts.map((item) => JSON.stringify(item.origin))).size === 1);
        expect(outcome(() => combine([one, EMPTY_SUBJECTS_FILE]))).toEqual(alone);
        expect(outcome(() => combine([EMPTY_SUBJECTS_FILE, one]))).toEqual(alone);
      }),
      runs,
    );
  });

  test("is absorbed by a conflict: what contains one fails, and more files never heal it", () => {
    const met = tally();
    fc.assert(
      fc.property(files, files, (list, more) => {
        if (fails(met.note(outcome(() => combine(list))))) {
          expect(fails(outcome(() => combine([...more, ...list])))).toBe(true);
        }
      }),
      runs,
    );
    met.expectBoth();
  });

  test("loses nothing: every name of every file is there", () => {
    fc.assert(
      fc.property(files, (list) => {
        const combined = outcome(() => combine(list));
        if (!("ok" in combined)) return;
        const names = new Set(
          list.flatMap((one) => one.subjects.map(({ name, digest }) => name + JSON.stringify(digest))),
        );
        expect(new Set(combined.ok.subjects.map(({ name, digest }) => name + JSON.stringify(digest)))).toEqual(names);
      }),
      runs,
    );
  });
});

test("checkParts says the same in any order", () => {
  const met = tally();
  const expected = fc.array(
    fc.record({ artifact: fc.constantFrom("cli", "docs", "cli/linux"), part: fc.constantFrom("linux", null) }),
    { maxLength: 4 },
  );
  const law = fc
    .tuple(fc.array(part, { maxLength: 3 }), expected)
    .chain(([parts, list]) => fc.tuple(fc.constant(parts), fc.constant(list), shuffled(parts), shuffled(list)));
  fc.assert(
    fc.property(law, ([parts, list, otherParts, otherList]) => {
      const first = met.note(outcome(() => checkParts({ ...EMPTY_SUBJECTS_FILE, parts }, list)));
      expect(outcome(() => checkParts({ ...EMPTY_SUBJECTS_FILE, parts: otherParts }, otherList))).toEqual(first);
    }),
    { numRuns: 2000 },
  );
  met.expectBoth();
});

describe("mergeSubjects", () => {
  const list = fc.array(subject, { maxLength: 5 });

  test("any order, any repetition, any grouping", () => {
    const met = tally();
    const pair = list.chain((subjects) => fc.tuple(fc.constant(subjects), shuffled([...subjects, ...subjects])));
    fc.assert(
      fc.property(pair, fc.nat(5), ([subjects, others], cut) => {
        const merged = met.note(outcome(() => mergeSubjects(subjects)));
        expect(outcome(() => mergeSubjects(others))).toEqual(merged);
        const grouped = outcome(() =>
          mergeSubjects([...mergeSubjects(subjects.slice(0, cut)), ...mergeSubjects(subjects.slice(cut))]),
        );
        if ("ok" in merged) expect(grouped).toEqual(merged);
        else expect(fails(grouped)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    met.expectBoth();
  });

  test("no name has two digest sets, unless it is an image; none comes from nowhere", () => {
    fc.assert(
      fc.property(list, (subjects) => {
        const merged = outcome(() => mergeSubjects(subjects));
        if (!("ok" in merged)) return;
        const others = merged.ok.filter((one) => !one.uri?.startsWith("pkg:oci/")).map((one) => one.name);
        expect(new Set(others).size).toBe(others.length);
        for (const { declared, ...rest } of merged.ok) {
          const same = subjects.filter((one) => one.name === rest.name && sorted(one.digest) === sorted(rest.digest));
          expect(same.map(({ declared: _, ...description }) => description)).toContainEqual(rest);
          expect(declared === true).toBe(same.every((one) => one.declared === true));
        }
      }),
      runs,
    );
  });
});

/** Equal for equal digest sets, whatever order or prototype they have. */
function sorted(digest: Subject["digest"]): string {
  return JSON.stringify(Object.entries(digest).sort());
}

describe("parse after encode", () => {
  test("a subjects file", () => {
    const met = tally();
    fc.assert(
      fc.property(file, (one) => {
        const bytes = encodeSubjectsFile(one);
        const parsed = met.note(outcome(() => parseSubjectsFile(bytes, "x")));
        if ("error" in parsed) expect(fails(outcome(() => normalized(one)))).toBe(true);
        else {
          expect(parsed.ok).toEqual(normalized(one));
          expect(parseSubjectsFile(encodeSubjectsFile(parsed.ok), "x")).toEqual(parsed.ok);
        }
      }),
      runs,
    );
    met.expectBoth();
  });

  test("what was collected", () => {
    fc.assert(
      fc.property(fc.array(subject, { maxLength: 3 }), fc.array(checkout, { maxLength: 2 }), (subjects, checkouts) => {
        const output = { subjects, resolvedDependencies: [], byproducts: [] };
        const made = outcome(() =>
          subjectsFileOf({ adapter: "files", artifact: "a", part: null, origin: null, checkouts, output }, sha256),
        );
        if ("ok" in made) expect(parseSubjectsFile(encodeSubjectsFile(made.ok), "x")).toEqual(made.ok);
      }),
      runs,
    );
  });

  test("a statement, whole and split", () => {
    const met = tally();
    fc.assert(
      fc.property(file, fc.integer({ min: 1, max: 3 }), (one, limit) => {
        const made = met.note(outcome(() => generate(claim, one)));
        if (!("ok" in made)) return;
        for (const statement of [made.ok, ...splitStatement(made.ok, limit)]) {
          const bytes = encodeStatement(statement);
          // Through JSON.parse, which is not ours, as well: only there are undefined members gone.
          const parsed = JSON.parse(new TextDecoder().decode(bytes));
          expect(parsed.predicate).toEqual(JSON.parse(JSON.stringify(statement.predicate)));
          expect(parseStatement(bytes)).toEqual({ ...parsed, subject: parsed.subject.map(withoutEmptyAnnotations) });
        }
      }),
      runs,
    );
    met.expectBoth();
  });
});

test("generate gives the same bytes, or the same error, for any order of its input", () => {
  const met = tally();
  const law = file.chain((one) =>
    fc.tuple(
      fc.constant(one),
      shuffled(one.parts),
      shuffled([...one.subjects, ...one.subjects]),
      shuffled([...one.resolvedDependencies, ...one.resolvedDependencies]),
      shuffled(one.byproducts),
    ),
  );
  fc.assert(
    fc.property(law, fc.boolean(), ([one, parts, subjects, resolvedDependencies, byproducts], known) => {
      const from = known ? claim : { ...claim, source: null };
      const text = (input: SubjectsFile) =>
        outcome(() => new TextDecoder().decode(encodeStatement(generate(from, input))));
      const other = { ...one, parts, subjects, resolvedDependencies, byproducts };
      expect(text(other)).toEqual(met.note(text(one)));
    }),
    { numRuns: 1000 },
  );
  met.expectBoth();
});

// What grows with the square of the number would take hours here.
test("100,000 subjects and as many dependencies are combined, stated, encoded and read", { timeout: 120_000 }, () => {
  const names = Array.from({ length: 100_000 }, (_, at) => `dist/${at % 97}/file-${at}.tar.gz`);
  const one: SubjectsFile = {
    ...EMPTY_SUBJECTS_FILE,
    parts: [{ artifact: "a", part: null, origin: null, checkouts: [], outputs: { sha256: "a".repeat(64) } }],
    subjects: names.map((name, at) => ({ name, digest: { sha256: at.toString(16).padStart(64, "0") } })),
    resolvedDependencies: names.map((name) => ({ uri: `https://h/${name}`, reportedBy: "files" })),
  };
  const bytes = encodeSubjectsFile(combine([one, one]));
  const statement = encodeStatement(generate(claim, parseSubjectsFile(bytes, "x")));
  expect(parseStatement(statement).subject).toHaveLength(names.length);
});

function withoutEmptyAnnotations({ annotations, ...rest }: Subject): object {
  return annotations === undefined || Object.keys(annotations).length === 0 ? rest : { ...rest, annotations };
}
