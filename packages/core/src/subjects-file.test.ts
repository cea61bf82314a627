import { createHash } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { encodeJson, stableText } from "./canonical-json.ts";
import { MAX_DESCRIPTORS, MAX_SUBJECTS } from "./limits.ts";
import type { Subject } from "./subject.ts";
import {
  type Collected,
  checkCounts,
  checkOutputs,
  encodeSubjectsFile,
  parseSubjectsFile,
  subjectsFileOf,
  uniqueSorted,
} from "./subjects-file.ts";
import { SUBJECTS_FILE_TYPE } from "./subjects-schema.ts";

// Large inputs, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

const [A, B] = ["a".repeat(64), "b".repeat(64)];
const COMMIT = "c".repeat(40);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const tool: Subject = { name: "tool", digest: { sha256: A } };
const collected: Collected = {
  adapter: "files",
  artifact: "cli",
  part: null,
  origin: null,
  checkouts: [],
  output: { subjects: [tool], resolvedDependencies: [], byproducts: [] },
};
const of = (output: Partial<Collected["output"]>) =>
  subjectsFileOf({ ...collected, output: { ...collected.output, ...output } }, sha256);
const refused = (code: string, actual?: string) =>
  expect.objectContaining(actual === undefined ? { code } : { code, actual });

describe("making", () => {
  test("sorts, folds and marks what was collected", () => {
    const file = subjectsFileOf(
      {
        ...collected,
        part: "linux",
        origin: { repository: "https://h/r", commit: COMMIT, runId: "1" },
        checkouts: [
          { repository: null, commit: COMMIT, dirty: true },
          { repository: "https://h/r", commit: COMMIT, dirty: false },
          { repository: null, commit: COMMIT, dirty: true },
        ],
        output: {
          subjects: [tool, { name: "a", digest: { sha256: B } }, tool],
          resolvedDependencies: [{ uri: "u2" }, { uri: "u1" }, { uri: "u2" }],
          byproducts: [{ uri: "log" }],
        },
      },
      sha256,
    );
    const brought = {
      subjects: [{ name: "a", digest: { sha256: B } }, tool],
      resolvedDependencies: [
        { uri: "u1", reportedBy: "files" },
        { uri: "u2", reportedBy: "files" },
      ],
      byproducts: [{ uri: "log", reportedBy: "files" }],
    };
    expect(file).toEqual({
      type: SUBJECTS_FILE_TYPE,
      parts: [
        {
          artifact: "cli",
          part: "linux",
          origin: { repository: "https://h/r", commit: COMMIT, runId: "1" },
          checkouts: [
            { repository: "https://h/r", commit: COMMIT, dirty: false },
            { repository: null, commit: COMMIT, dirty: true },
          ],
          outputs: { sha256: sha256(encodeJson(brought)) },
        },
      ],
      ...brought,
    });
  });

  test.each([
    ["a field that an adapter made up", { subjects: [{ ...tool, path: "/home/ci/tool" } as Subject] }],
    ["a digest that is none", { subjects: [{ name: "tool", digest: { sha256: "ABC" } }] }],
    ["a descriptor of nothing", { byproducts: [{ name: "log" }] }],
    ["a number that lost digits", { subjects: [{ ...tool, annotations: { size: 2 ** 60 } }] }],
    ["only a weak digest", { subjects: [{ name: "tool", digest: { md5: "a".repeat(32) } }] }],
  ])("%s is refused", (_what, output) => {
    expect(() => of(output)).toThrow(refused("INPUT_INVALID"));
  });

  test("a conflict, a bad name, too many", () => {
    expect(() => of({ subjects: [tool, { ...tool, digest: { sha256: B } }] })).toThrow(refused("SUBJECT_CONFLICT"));
    expect(() => of({ subjects: [{ ...tool, name: "/tool" }] })).toThrow(refused("NAME_REFUSED"));
    const many = Array.from({ length: MAX_SUBJECTS + 1 }, () => tool);
    expect(() => of({ subjects: many })).toThrow(refused("LIMIT_EXCEEDED", "100001"));
  });
});

describe("reading", () => {
  const text = new TextDecoder().decode(encodeSubjectsFile(of({})));
  const read = (written: string) => parseSubjectsFile(new TextEncoder().encode(written), "x.subjects.json");
  const change = (edit: (file: Record<string, unknown[]>) => void) => {
    const file = JSON.parse(text) as Record<string, unknown[]>;
    edit(file);
    return JSON.stringify(file);
  };

  test("what was written, and the same file in another order and with white space", () => {
    expect(text.endsWith("}\n")).toBe(true);
    expect(read(text)).toEqual(of({}));
    const loose = change((file) => file["subjects"]?.push({ digest: { sha256: A }, name: "tool" }));
    expect(read(JSON.stringify(JSON.parse(loose), null, 2))).toEqual(of({}));
  });

  test("a file of nobody holds nothing", () => {
    expect(read(change((file) => Object.assign(file, { parts: [], subjects: [] }))).subjects).toEqual([]);
    for (const key of ["subjects", "resolvedDependencies", "byproducts"]) {
      const entry = key === "subjects" ? tool : { uri: "u", reportedBy: "files" };
      const orphan = change((file) => Object.assign(file, { parts: [], subjects: [], [key]: [entry] }));
      expect(() => read(orphan)).toThrow(refused("INPUT_INVALID", "1 entries and no part"));
    }
  });

  test.each([
    ["INPUT_INVALID", "{"],
    ["INPUT_INVALID", "[]"],
    ["INPUT_INVALID", text.replace("{", '{"type":1,')],
    ["INPUT_INVALID", change((file) => file["subjects"]?.push({ name: "b", digest: { sha256: A }, x: 1 }))],
    [
      "INPUT_INVALID",
      change((file) => file["byproducts"]?.push({ uri: "u", reportedBy: "f", annotations: { n: 2 ** 60 } })),
    ],
    ["NAME_REFUSED", change((file) => file["subjects"]?.push({ name: "a/../b", digest: { sha256: A } }))],
    ["NAME_REFUSED", change((file) => file["subjects"]?.push({ name: "pkg:npm/../b", digest: { sha256: A } }))],
    ["SUBJECT_CONFLICT", change((file) => file["subjects"]?.push({ name: "tool", digest: { sha256: B } }))],
    [
      "RESERVED_ANNOTATION",
      change((file) => file["subjects"]?.push({ ...tool, annotations: { "https://touchmark.dev/declared": false } })),
    ],
  ])("%s, naming the file", (code, written) => {
    expect(() => read(written)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/^x\.subjects\.json/) }),
    );
  });

  test("a list of wrong subjects is answered by its first, one that is too long before its items", {
    timeout: 60_000,
  }, () => {
    const wrong = (count: number) => change((file) => Object.assign(file, { subjects: Array(count).fill({}) }));
    expect(() => read(wrong(MAX_SUBJECTS))).toThrow(
      refused("INPUT_INVALID", "subjects.0.name: Invalid input: expected string, received undefined"),
    );
    expect(() => read(wrong(MAX_SUBJECTS + 1))).toThrow(
      refused("INPUT_INVALID", "subjects: 100001 entries, expected 0 to 100000"),
    );
  });

  test("above 64 MiB nothing is read, and nothing is written", () => {
    const bytes = new Uint8Array(64 * 1024 * 1024 + 1);
    expect(() => parseSubjectsFile(bytes, "x")).toThrow(refused("INPUT_TOO_LARGE"));
    const content = "A".repeat(65_536);
    const byproducts = Array.from({ length: 1025 }, () => ({ uri: "u", content, reportedBy: "files" }));
    const start = of({});
    expect(() => encodeSubjectsFile({ ...start, byproducts })).toThrow(refused("LIMIT_EXCEEDED"));
  });
});

describe("what holds for any outputs", () => {
  const none = { subjects: [], resolvedDependencies: [], byproducts: [] };

  test.each([
    ["subjects", { ...none, subjects: Array(MAX_SUBJECTS + 1).fill(tool) }],
    ["dependencies", { ...none, resolvedDependencies: Array(MAX_DESCRIPTORS + 1).fill({ uri: "u" }) }],
    ["byproducts", { ...none, byproducts: Array(MAX_DESCRIPTORS + 1).fill({ uri: "u" }) }],
  ])("too many %s", (what, outputs) => {
    expect(() => checkCounts(outputs)).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED", message: `there are too many ${what}` }),
    );
  });

  test("as many as allowed", () => {
    const subjects = Array(MAX_SUBJECTS).fill(tool);
    expect(() => checkCounts({ ...none, subjects, byproducts: Array(MAX_DESCRIPTORS).fill({}) })).not.toThrow();
  });

  test("a reserved annotation is found wherever it stands; the first by text is named", () => {
    const bad = (name: string, key: string) => ({
      name,
      uri: "u",
      reportedBy: "f",
      annotations: { fine: 1, [key]: 1 },
    });
    const ours = "https://touchmark.dev/reported-by";
    const outputs = {
      ...none,
      byproducts: [bad("z", ours)],
      resolvedDependencies: [bad("m", "HTTPS://TOUCHMARK.DEV/x")],
    };
    const first = '"m" carries "HTTPS://TOUCHMARK.DEV/x"';
    expect(() => checkOutputs(outputs)).toThrow(refused("RESERVED_ANNOTATION", first));
    const subject = { name: "a", digest: { sha256: A }, annotations: { [ours]: "x" } };
    expect(() => checkOutputs({ ...outputs, subjects: [tool, subject] })).toThrow(
      refused("RESERVED_ANNOTATION", `"a" carries "${ours}"`),
    );
    const nameless = { uri: "https://u", reportedBy: "f", annotations: { [ours]: 1 } };
    expect(() => checkOutputs({ ...none, byproducts: [nameless] })).toThrow(
      refused("RESERVED_ANNOTATION", `"https://u" carries "${ours}"`),
    );
  });

  test("of several uncoverable subjects the first by name is named", () => {
    const weak = (name: string) => ({ name, digest: { sha1: "a".repeat(40) } });
    expect(() => checkOutputs({ ...none, subjects: [weak("z"), tool, weak("b")] })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: '"b" has no digest that can cover it' }),
    );
  });
});

test("uniqueSorted sorts by canonical text and keeps one of equal values", () => {
  expect(uniqueSorted([{ b: 1, a: 2 }, { a: 1 }, { a: 2, b: 1 }])).toEqual([{ a: 1 }, { a: 2, b: 1 }]);
  expect(uniqueSorted([10, 9, 10]).map(stableText)).toEqual(["10", "9"]);
});
