import { describe, expect, test } from "vitest";
import { ResourceDescriptor } from "./resource-descriptor.ts";
import { canCover, compareSubjects, compareText, mergeSubjects, plainSubject, Subject, subjectKey } from "./subject.ts";

const [A, B] = ["a".repeat(64), "b".repeat(64)];
const tool: Subject = { name: "tool", digest: { sha256: A } };
const image: Subject = { name: "ghcr.io/octo/app", digest: { sha256: A }, uri: "pkg:oci/app@sha256%3Aa" };

function conflict(expected: string, actual: string) {
  return expect.objectContaining({ code: "SUBJECT_CONFLICT", expected, actual });
}

describe("the schema", () => {
  test("every field", () => {
    const full = { ...tool, uri: "https://u", mediaType: "text/plain", annotations: { any: [null] }, declared: true };
    expect(Subject.parse(full)).toEqual(full);
    expect(Subject.parse({ ...tool, digest: { narSha256: A } })).toHaveProperty("digest");
  });

  test.each([
    ["an unknown field", { ...tool, path: "/home/x" }],
    ["declared: false", { ...tool, declared: false }],
    ["no name", { digest: { sha256: A } }],
    ["no digest", { name: "tool" }],
    ["an empty digest set", { ...tool, digest: {} }],
    ["only digests that cover nothing", { ...tool, digest: { md5: "a".repeat(32), dirHash: "h1:x" } }],
    ["an algorithm under another name beside it", { ...tool, digest: { sha256: A, SHA256: B } }],
    ["annotations that are a list", { ...tool, annotations: [] }],
    ["a long uri", { ...tool, uri: "u".repeat(8193) }],
  ])("%s is refused", (_what, value) => {
    expect(Subject.safeParse(value).success).toBe(false);
  });
});

describe("the plain subject", () => {
  test("is what the schemas read, and a copy", () => {
    for (const value of [tool, { digest: { sha256: A }, name: "dist/x y" }]) {
      expect(plainSubject(value)).toEqual(Subject.parse(value));
      expect(plainSubject(value)).toEqual(ResourceDescriptor.parse(value));
      expect(plainSubject(value)).not.toBe(value);
    }
  });

  test.each([
    ["more than a name and a digest", { ...tool, uri: "https://u" }],
    ["a member that is undefined", { ...tool, uri: undefined }],
    ["another member than the name", { digest: tool.digest, names: "tool" }],
    ["an inherited name", Object.assign(Object.create({ name: "tool" }), { digest: tool.digest, path: "/home/x" })],
    ["an empty name", { ...tool, name: "" }],
    ["a name that is no text", { ...tool, name: 1 }],
    ["a name that is too long", { ...tool, name: "n".repeat(4097) }],
    ["two digests", { ...tool, digest: { sha256: A, sha512: "a".repeat(128) } }],
    ["another digest", { ...tool, digest: { sha512: "a".repeat(128) } }],
    ["upper case", { ...tool, digest: { sha256: A.toUpperCase() } }],
    ["a short digest", { ...tool, digest: { sha256: "a" } }],
    ["a digest that is a list", { ...tool, digest: { sha256: [A] } }],
    ["a list", [tool.name, tool.digest]],
    ["null", null],
  ])("%s is left to the schemas", (_what, value) => {
    expect(plainSubject(value)).toBeUndefined();
  });
});

test.each([
  [{ sha256: A }, true],
  [{ blake2s: A }, true],
  [{ narSha256: A }, true],
  [{ md5: "x", sha1: "x", gitCommit: "x", dirHash: "x", sha224: "x" }, false],
  [{}, false],
])("%j can cover an artifact: %j", (digest, expected) => {
  expect(canCover(digest)).toBe(expected);
});

describe("keys", () => {
  test("a file's and a package's is the name", () => {
    expect(subjectKey(tool)).toBe("tool");
    expect(subjectKey({ ...tool, name: "pkg:npm/x@1", uri: "https://registry.example/x" })).toBe("pkg:npm/x@1");
  });

  test("an image's has its digest as well, behind a character that no name holds", () => {
    expect(subjectKey(image)).toBe(`ghcr.io/octo/app\0sha256:${A}`);
    expect(subjectKey({ ...image, digest: { sha512: "c".repeat(128) } })).toContain("\0sha512:ccc");
  });

  test("no file is taken for an image", () => {
    const file: Subject = { name: `${image.name}@${A}`, digest: { sha256: A } };
    expect(mergeSubjects([image, file])).toHaveLength(2);
  });
});

test("subjects sort by name, digests, URI, in code unit order", () => {
  const sorted: readonly Subject[] = [
    { name: "B", digest: { sha256: B } },
    { name: "a", digest: { sha256: A } },
    { name: "a", digest: { sha256: B } },
    { name: "a", digest: { sha256: B }, uri: "u" },
    { name: "ä", digest: { sha256: A } },
  ];
  expect([...sorted].reverse().sort(compareSubjects)).toEqual(sorted);
  expect(compareSubjects(tool, { ...tool, declared: true })).toBe(0);
  expect([compareText("a", "b"), compareText("b", "a"), compareText("a", "a")]).toEqual([-1, 1, 0]);
});

describe("merging", () => {
  test("equal subjects become one; any description wins over none", () => {
    const described: Subject = { ...tool, mediaType: "application/gzip" };
    expect(mergeSubjects([tool, described, tool])).toEqual([described]);
    expect(mergeSubjects([described, tool])).toEqual([described]);
  });

  test("of two descriptions the one whose text sorts first", () => {
    const [one, other]: Subject[] = [
      { ...tool, mediaType: "text/a" },
      { ...tool, mediaType: "text/b" },
    ];
    expect(mergeSubjects([other as Subject, one as Subject])).toEqual([one]);
  });

  test("hashed once is hashed", () => {
    const declared: Subject = { ...tool, declared: true };
    expect(mergeSubjects([declared, declared])).toEqual([declared]);
    expect(mergeSubjects([declared, tool])).toEqual([tool]);
    expect(mergeSubjects([tool, declared])).toEqual([tool]);
  });

  test("one repository holds many manifests", () => {
    expect(mergeSubjects([{ ...image, digest: { sha256: B } }, image])).toHaveLength(2);
  });

  test("the input is not changed", () => {
    const input = Object.freeze([Object.freeze({ ...image }), Object.freeze({ ...tool })]);
    expect(mergeSubjects(input).map((subject) => subject.name)).toEqual(["ghcr.io/octo/app", "tool"]);
  });

  test.each([
    ["other bytes", [tool, { ...tool, digest: { sha256: B } }], `sha256:${A}`, `sha256:${B}`],
    [
      "another algorithm: sets are never united",
      [tool, { ...tool, digest: { sha256: A, sha512: "c".repeat(128) } }],
      `sha256:${A}`,
      `sha256:${A},sha512:${"c".repeat(128)}`,
    ],
    [
      "one manifest with two sets",
      [image, { ...image, digest: { sha256: A, sha512: "c".repeat(128) } }],
      `sha256:${A}`,
      `sha256:${A},sha512:${"c".repeat(128)}`,
    ],
  ])("%s is a conflict", (_what, subjects, expected, actual) => {
    expect(() => mergeSubjects(subjects as Subject[])).toThrow(conflict(expected, actual));
    expect(() => mergeSubjects([...(subjects as Subject[])].reverse())).toThrow(conflict(expected, actual));
  });

  test("a second digest of a file does not come in as an image of the same name", () => {
    const disguised: Subject = { ...tool, digest: { sha256: B }, uri: "pkg:oci/tool" };
    for (const subjects of [
      [tool, disguised],
      [disguised, tool],
      [tool, { ...disguised, digest: { sha256: A } }],
    ]) {
      expect(() => mergeSubjects(subjects)).toThrow(
        expect.objectContaining({ code: "SUBJECT_CONFLICT", message: '"tool" is an image and something else' }),
      );
    }
  });

  test("a bad name is refused", () => {
    expect(() => mergeSubjects([tool, { ...tool, name: "../tool" }])).toThrow(
      expect.objectContaining({ code: "NAME_REFUSED" }),
    );
  });
});
