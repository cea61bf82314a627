import type { StatedSubject } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { file, tarball, tree } from "../test/judge-cases.ts";
import { sha256 } from "../test/signed-bundles.ts";
import { aboutName, fulfilledFiles, needsPackageName } from "./match-name.ts";
import { type Entry, indexSubjects } from "./subject-index.ts";

const of = (name: string, content: string): StatedSubject => ({ name, digest: { sha256: sha256(content) } });
const index = (...statements: readonly (readonly StatedSubject[])[]) =>
  indexSubjects(statements.map((subjects, at) => ({ source: `s${at}`, subjects })));
const shown = (entries: Iterable<Entry<string>>) =>
  [...entries].map(({ source, subject }) => `${source}:${subject.name}`);
const PAD = "pkg:npm/pad@1.0.0";

describe("the subjects that stand for a name", () => {
  it("of a file in a folder are by its path and its base name, each once", () => {
    const found = index([of("x/tool", "a")], [of("y/tool", "b"), of("x/tool", "c")], [of("tool", "d")]);
    expect(shown(aboutName(file("x/tool", "e"), found, null))).toEqual(["s0:x/tool", "s1:x/tool", "s2:tool"]);
  });

  it("of a package are by its name and by that of its file", () => {
    const found = index([of(PAD, "a"), of("pkg:npm/other@1.0.0", "b")]);
    expect(shown(aboutName(file("x.tgz", "c"), found, PAD))).toEqual([`s0:${PAD}`]);
    expect(shown(aboutName(file("other-1.0.0.tgz", "c"), found, PAD))).toEqual([`s0:${PAD}`, "s0:pkg:npm/other@1.0.0"]);
    expect(shown(aboutName(file("x.tgz", "c"), found, null))).toEqual([]);
  });

  it("of a tree are by its name alone", () => {
    expect(shown(aboutName(tree("tool", "a"), index([of("x/tool", "a"), of("tool", "b"), of(PAD, "c")]), PAD))).toEqual(
      ["s0:tool"],
    );
  });
});

describe("a package", () => {
  const strict = { anyName: false, packageName: PAD };
  const artifact = tarball("download.tgz", "a", PAD);

  it("is contradicted by its file's name in its own statement, and in no other", () => {
    const other = of("download.tgz", "b");
    expect(shown(fulfilledFiles(artifact, index([of(PAD, "a")], [other]), strict))).toEqual([`s0:${PAD}`]);
    expect(shown(fulfilledFiles(artifact, index([of(PAD, "a"), other]), strict))).toEqual([]);
    expect(shown(fulfilledFiles(artifact, index([of(PAD, "a"), other], [of(PAD, "a")]), strict))).toEqual([
      `s1:${PAD}`,
    ]);
  });

  it("is opened where a package has its bytes", () => {
    expect(needsPackageName(artifact, index([of(PAD, "a")]))).toBe(true);
    expect(needsPackageName(artifact, index([of(PAD, "b"), of("download.tgz", "a")]))).toBe(false);
  });
});
