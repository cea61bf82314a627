import { describe, expect, test, vi } from "vitest";
import { checkParts, combine, EMPTY_SUBJECTS_FILE } from "./combine.ts";
import { MAX_DESCRIPTORS, MAX_SUBJECTS } from "./limits.ts";
import { type Part, SUBJECTS_FILE_TYPE, type SubjectsFile } from "./subjects-schema.ts";

// Large inputs, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

const [A, B] = ["a".repeat(64), "b".repeat(64)];
const origin = { repository: "https://h/r", commit: "c".repeat(40), runId: "1" };

function part(artifact: string, name: string | null = null, change: Partial<Part> = {}): Part {
  return { artifact, part: name, origin: null, checkouts: [], outputs: { sha256: A }, ...change };
}

function file(change: Partial<SubjectsFile> = {}): SubjectsFile {
  return { ...EMPTY_SUBJECTS_FILE, parts: [part("cli")], ...change };
}

describe("combining", () => {
  test("everything of every file, sorted, equal entries once", () => {
    const one = file({
      subjects: [{ name: "b", digest: { sha256: B } }],
      byproducts: [{ uri: "log", reportedBy: "files" }],
      resolvedDependencies: [{ uri: "u", reportedBy: "npm-pack" }],
    });
    const other = file({
      parts: [part("a"), part("cli")],
      subjects: [
        { name: "b", digest: { sha256: B } },
        { name: "a", digest: { sha256: A } },
      ],
      resolvedDependencies: [{ uri: "u", reportedBy: "files" }],
    });
    expect(combine([one, other])).toEqual({
      type: SUBJECTS_FILE_TYPE,
      parts: [part("a"), part("cli")],
      subjects: [
        { name: "a", digest: { sha256: A } },
        { name: "b", digest: { sha256: B } },
      ],
      resolvedDependencies: [
        { uri: "u", reportedBy: "files" },
        { uri: "u", reportedBy: "npm-pack" },
      ],
      byproducts: [{ uri: "log", reportedBy: "files" }],
    });
  });

  test("nothing gives nothing", () => {
    expect(combine([])).toEqual(EMPTY_SUBJECTS_FILE);
  });

  test.each([
    ["another run", { ...origin, runId: "2" }],
    ["another commit", { ...origin, commit: "d".repeat(40) }],
    ["another repository", { ...origin, repository: "https://h/s" }],
    ["no run", null],
    [
      "a run that reads like the first",
      { ...origin, repository: `${origin.repository} ${origin.commit} run 1`, runId: "" },
    ],
  ])("parts of %s do not fit", (_what, other) => {
    const files = [
      file({ parts: [part("a", null, { origin })] }),
      file({ parts: [part("b", null, { origin: other })] }),
    ];
    expect(() => combine(files)).toThrow(expect.objectContaining({ code: "ORIGIN_MISMATCH" }));
  });

  test("parts of one run fit, also with its members in another order", () => {
    const { runId, commit, repository } = origin;
    const files = [
      file({ parts: [part("a", null, { origin })] }),
      file({ parts: [part("b", null, { origin: { runId, commit, repository } })] }),
    ];
    expect(combine(files).parts).toHaveLength(2);
  });

  test("the limits hold for the sum", () => {
    const subjects = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => ({ name: `f${from + at}`, digest: { sha256: A } }));
    const half = file({ subjects: subjects(0, MAX_SUBJECTS / 2) });
    expect(
      combine([half, half, file({ subjects: subjects(MAX_SUBJECTS / 2, MAX_SUBJECTS / 2) })]).subjects,
    ).toHaveLength(MAX_SUBJECTS);
    expect(() => combine([half, file({ subjects: subjects(MAX_SUBJECTS / 2, MAX_SUBJECTS / 2 + 1) })])).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED", actual: "100001" }),
    );
    const logs = Array.from({ length: MAX_DESCRIPTORS }, (_, at) => ({ uri: `u${at}`, reportedBy: "files" }));
    expect(() =>
      combine([file({ byproducts: logs }), file({ byproducts: [{ uri: "x", reportedBy: "files" }] })]),
    ).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED", actual: "200001" }));
  });
});

describe("expected parts", () => {
  const expected = [
    { artifact: "cli", part: "linux" },
    { artifact: "docs", part: null },
  ];

  test("all there, none else, also when one came twice", () => {
    const arrived = file({ parts: [part("docs"), part("cli", "linux"), part("docs")] });
    expect(() => checkParts(arrived, expected)).not.toThrow();
    expect(() => checkParts(EMPTY_SUBJECTS_FILE, [])).not.toThrow();
  });

  test.each([
    ["PART_MISSING", [part("docs")], "cli/linux did not arrive", "1; missing: cli/linux"],
    ["PART_MISSING", [], "cli/linux did not arrive", "0; missing: cli/linux, docs"],
    ["PART_MISSING", [part("docs"), part("cli/linux")], "cli/linux did not arrive", "1; missing: cli/linux"],
    [
      "PART_UNKNOWN",
      [part("docs"), part("cli", "linux"), part("z"), part("cli", "mac")],
      "cli/mac is not expected",
      "cli/mac, z",
    ],
    [
      "PART_CONFLICT",
      [part("docs", null, { outputs: { sha256: B } }), part("cli", "linux"), part("docs")],
      "two different subjects files claim to be docs",
      `sha256 ${A} and ${B}`,
    ],
  ])("%s", (code, parts, message, actual) => {
    const error = expect.objectContaining({ code, message, actual });
    expect(() => checkParts(file({ parts }), expected)).toThrow(error);
    expect(() => checkParts(file({ parts: [...parts].reverse() }), [...expected].reverse())).toThrow(error);
  });
});
