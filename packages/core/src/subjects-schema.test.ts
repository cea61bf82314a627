import { expect, test } from "vitest";
import { SUBJECTS_FILE_TYPE, SubjectsFile } from "./subjects-schema.ts";

const A = "a".repeat(64);
const COMMIT = "c".repeat(40);
const origin = { repository: "https://h/r", commit: COMMIT, runId: "1" };
const checkout = { repository: "https://h/r", commit: COMMIT, dirty: false };
const part = { artifact: "cli", part: "linux", origin, checkouts: [checkout], outputs: { sha256: A } };
const reported = { reportedBy: "files", uri: "https://u" };
const file = {
  type: SUBJECTS_FILE_TYPE,
  parts: [part],
  subjects: [{ name: "tool", digest: { sha256: A } }],
  resolvedDependencies: [reported],
  byproducts: [{ ...reported, name: "n", digest: { sha256: A }, content: "", mediaType: "m", annotations: { a: 1 } }],
};

test("a whole file", () => {
  expect(SubjectsFile.parse(file)).toEqual(file);
  const alone = { ...part, part: null, origin: null, checkouts: [{ ...checkout, repository: null }] };
  expect(SubjectsFile.parse({ ...file, parts: [alone] }).parts).toEqual([alone]);
});

const withPart = (change: object) => ({ ...file, parts: [{ ...part, ...change }] });
const withReported = (change: object) => ({ ...file, resolvedDependencies: [{ ...reported, ...change }] });

test.each([
  ["an unknown member", { ...file, more: 1 }, []],
  ["a missing member", { ...file, byproducts: undefined }, ["byproducts"]],
  ["another type", { ...file, type: "https://touchmark.dev/subjects/v2" }, ["type"]],
  ["an unknown member of a part", withPart({ time: "now" }), ["parts", 0]],
  ["an artifact without name", withPart({ artifact: "" }), ["parts", 0, "artifact"]],
  ["an artifact with a control character", withPart({ artifact: "a\u001b" }), ["parts", 0, "artifact"]],
  ["an empty part", withPart({ part: "" }), ["parts", 0, "part"]],
  ["an origin with more", withPart({ origin: { ...origin, attempt: 1 } }), ["parts", 0, "origin"]],
  ["an origin with a short commit", withPart({ origin: { ...origin, commit: "c" } }), ["parts", 0, "origin", "commit"]],
  [
    "an origin with a control character",
    withPart({ origin: { ...origin, runId: "1\n" } }),
    ["parts", 0, "origin", "runId"],
  ],
  ["a checkout with more", withPart({ checkouts: [{ ...checkout, path: "/x" }] }), ["parts", 0, "checkouts", 0]],
  [
    "a checkout whose dirt is text",
    withPart({ checkouts: [{ ...checkout, dirty: "no" }] }),
    ["parts", 0, "checkouts", 0, "dirty"],
  ],
  ["65 checkouts", withPart({ checkouts: Array.from({ length: 65 }, () => checkout) }), ["parts", 0, "checkouts"]],
  ["another outputs digest", withPart({ outputs: { sha256: A, md5: "a".repeat(32) } }), ["parts", 0, "outputs"]],
  ["a weak outputs digest", withPart({ outputs: { md5: "a".repeat(32) } }), ["parts", 0, "outputs", "sha256"]],
  ["a subject with more", { ...file, subjects: [{ ...file.subjects[0], path: "/x" }] }, ["subjects", 0]],
  ["an unknown member of a descriptor", withReported({ digests: {} }), ["resolvedDependencies", 0]],
  ["a descriptor of nobody", withReported({ reportedBy: undefined }), ["resolvedDependencies", 0, "reportedBy"]],
  ["a descriptor of nothing", withReported({ uri: undefined, name: "n" }), ["resolvedDependencies", 0]],
  ["null instead of absent", withReported({ name: null }), ["resolvedDependencies", 0, "name"]],
  ["a digest in another spelling", withReported({ digest: { SHA256: A } }), ["resolvedDependencies", 0, "digest"]],
  ["a list that is none", { ...file, byproducts: { length: 0 } }, ["byproducts"]],
])("%s is refused", (_what, value, path) => {
  expect(SubjectsFile.safeParse(value).error?.issues[0]?.path).toEqual(path);
});
