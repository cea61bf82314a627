import type { DigestSet, StatedSubject } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { purlOf } from "../test/judge-cases.ts";
import { sha256, sha512 } from "../test/signed-bundles.ts";
import { digestKeys, type Entry, indexSubjects, treeDigestKeys } from "./subject-index.ts";

const of = (name: string | undefined, digest: string | DigestSet, uri?: string): StatedSubject => ({
  ...(name === undefined ? {} : { name }),
  ...(uri === undefined ? {} : { uri }),
  digest: typeof digest === "string" ? { sha256: sha256(digest) } : digest,
});
const index = (...statements: readonly (readonly StatedSubject[])[]) =>
  indexSubjects(statements.map((subjects, at) => ({ source: `s${at}`, subjects })));
/** `s0:name`, so that a table can say what is found. */
const shown = (entries: readonly Entry<string>[]) =>
  entries.map(({ source, subject }) => `${source}:${subject.name ?? "-"}`);
const a = `sha256:${sha256("a")}`;

describe("the digests of a subject", () => {
  it("are those that prove bytes, and for a tree its own", () => {
    const all = { md5: "ab".repeat(16), sha256: sha256("a"), sha512: sha512("a"), narSha256: sha256("n") };
    expect(digestKeys(of("x", all))).toEqual([a, `sha512:${sha512("a")}`]);
    expect(treeDigestKeys(of("x", all))).toEqual([a, `sha512:${sha512("a")}`, `narSha256:${sha256("n")}`]);
    expect(treeDigestKeys(of("x", { md5: "ab".repeat(16) }))).toEqual([]);
  });
});

describe("a subject is the only one of its base name", () => {
  const only = (...subjects: readonly StatedSubject[]) =>
    index(subjects).entries.map(({ onlyOfItsBaseName }) => onlyOfItsBaseName);

  it.each<[string, readonly StatedSubject[], readonly boolean[]]>([
    ["where no other file has it", [of("x/tool", "a"), of("lib", "b")], [true, true]],
    ["where the same name stands twice", [of("x/tool", "a"), of("x/tool", "b")], [true, true]],
    [
      "and not where another file has it",
      [of("x/tool", "a"), of("tool", "b"), of("x/tool", "c")],
      [false, false, false],
    ],
    [
      "whatever is no file",
      [of("x/tool", "a"), of("pkg:npm/tool", "b"), of("ghcr.io/octo/tool", "c", "pkg:oci/tool"), of(undefined, "d")],
      [true, false, false, false],
    ],
  ])("%s", (_, subjects, expected) => {
    expect(only(...subjects)).toEqual(expected);
  });

  it("in its own statement", () => {
    const { entries } = index([of("x/tool", "a")], [of("y/tool", "b")]);
    expect(entries).toMatchObject([
      { source: "s0", onlyOfItsBaseName: true },
      { source: "s1", onlyOfItsBaseName: true },
    ]);
  });
});

describe("subjects are found", () => {
  const npm = "pkg:npm/pad@1.0.0";
  const image = of("ghcr.io/octo/app", "a", "pkg:oci/app");
  const found = index(
    [of("x/tool", "a"), of("y/tool", "a"), of("lib", "b"), of(npm, "a"), image, of(undefined, "a")],
    [of("z/tool", "a"), of("z/lib", { narSha256: sha256("a") }), of(purlOf("q"), "q"), of("pkg:cargo/pad@1.0.0", "a")],
  );

  it.each<[string, readonly Entry<string>[], readonly string[]]>([
    ["by name", found.byName("x/tool"), ["s0:x/tool"]],
    ["by name, and not by a part of it", found.byName("tool"), []],
    [
      "by digest",
      found.byDigest(a),
      ["s0:x/tool", "s0:y/tool", `s0:${npm}`, "s0:ghcr.io/octo/app", "s0:-", "s1:z/tool", "s1:pkg:cargo/pad@1.0.0"],
    ],
    ["by digest of a tree", found.byDigest(`narSha256:${sha256("a")}`), ["s1:z/lib"]],
    [
      "by digest, once of each statement and each package",
      found.byDigestOnce(a),
      ["s0:x/tool", `s0:${npm}`, "s1:z/tool", "s1:pkg:cargo/pad@1.0.0"],
    ],
    ["by digest, as packages", found.packagesByDigest(a), [`s0:${npm}`, "s1:pkg:cargo/pad@1.0.0"]],
    ["by the purl of a package, in any spelling", found.byPackage("pkg:npm/p%61d@1.0.0"), [`s0:${npm}`]],
    ["by a purl that is no package", found.byPackage("pkg:npm/pad"), []],
    ["by base name and digest", found.byBaseName("tool", a), ["s0:x/tool", "s0:y/tool", "s1:z/tool"]],
    ["by base name and digest, of which there is one", found.byOnlyBaseName("tool", a), ["s1:z/tool"]],
    ["by base name and digest, and not by another digest", found.byOnlyBaseName("tool", `sha256:${sha256("b")}`), []],
    ["by base name and digest, and not by that of a tree", found.byBaseName("lib", `narSha256:${sha256("a")}`), []],
    ["by base name", found.ofBaseName("lib"), ["s0:lib", "s1:z/lib"]],
    ["by base name, of which there is one", found.ofOnlyBaseName("tool"), ["s1:z/tool"]],
    ["by base name, and not a package", found.ofBaseName("pad@1.0.0"), []],
    ["by base name, and not an image", found.ofBaseName("app"), []],
    ["by repository", found.ofRepository("ghcr.io/octo/app"), ["s0:ghcr.io/octo/app", `s1:${purlOf("q")}`]],
    ["by repository, and not by another one", found.ofRepository("ghcr.io/octo"), []],
    ["by the name of a packed file", found.byPackedName("pad-1.0.0.tgz"), [`s0:${npm}`]],
    ["by nothing that every object has", found.byName("constructor"), []],
  ])("%s", (_, entries, expected) => {
    expect(shown(entries)).toEqual(expected);
  });

  it("once of each statement, where all of their digests are equal", () => {
    const both = { sha256: sha256("a"), sha512: sha512("a") };
    expect(shown(index([of("x", "a"), of("y", both), of("z", both)]).byDigestOnce(a))).toEqual(["s0:x", "s0:y"]);
  });

  it("by look-ups that are built once", () => {
    expect(found.byName("x/tool")).toBe(found.byName("x/tool"));
    expect(found.byName("x/tool")).not.toBe(index([of("x/tool", "a")]).byName("x/tool"));
  });
});
