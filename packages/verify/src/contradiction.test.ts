import type { DigestSet, StatedSubject } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { file, tree } from "../test/judge-cases.ts";
import { sha256, sha512 } from "../test/signed-bundles.ts";
import type { FileArtifact, TreeArtifact } from "./artifact.ts";
import { contradiction } from "./contradiction.ts";
import type { ProvenanceEvidence } from "./evidence.ts";
import { MAX_NAMESAKES } from "./limits.ts";
import { indexSubjects } from "./subject-index.ts";

const source = { name: "release" } as ProvenanceEvidence;
const of = (name: string | undefined, digest: string | DigestSet, uri?: string): StatedSubject => ({
  ...(name === undefined ? {} : { name }),
  ...(uri === undefined ? {} : { uri }),
  digest: typeof digest === "string" ? { sha256: sha256(digest) } : digest,
});

/** What one statement with these subjects says against an artifact. */
function said(
  artifact: FileArtifact | TreeArtifact,
  subjects: readonly StatedSubject[],
  packageName: string | null = null,
) {
  const verdict = contradiction(artifact, indexSubjects([{ source, subjects }]), packageName);
  return verdict === null ? null : { status: verdict.status, ...verdict.findings[0] };
}

const mixed = { sha256: sha256("a"), sha512: sha512("evil") };

it("nothing is said against what nobody names", () => {
  expect(said(file("tool", "a"), [of("other", "b"), of("x/lib", "c")])).toBeNull();
  expect(said(tree("app", "a"), [of("x/app", { narSha256: sha256("b") })])).toBeNull();
});

describe("a known name with other digests", () => {
  const tampered = (expected: string, actual: string, more = "") => ({
    status: "tampered",
    code: "SUBJECT_MISMATCH",
    message: `tool is not what release states${more}`,
    expected,
    actual,
  });
  const [a, b] = [`sha256:${sha256("a")}`, `sha256:${sha256("b")}`];

  it.each<[string, readonly StatedSubject[], string]>([
    ["whose bytes nobody knows", [of("tool", "a")], ""],
    ["and the bytes of another subject", [of("tool", "a"), of("debug", "b")], '; its bytes are those of "debug"'],
    [
      "and the bytes of a subject without a name",
      [of("tool", "a"), of(undefined, "b")],
      "; its bytes are those of a subject without a name",
    ],
  ])("%s", (_, subjects, more) => {
    expect(said(file("tool", "b"), subjects)).toEqual(tampered(a, b, more));
  });

  it("is shown by the first digest that differs, and not as another subject's", () => {
    expect(said(file("tool", "a"), [of("tool", mixed)])).toEqual(
      tampered(`sha512:${sha512("evil")}`, `sha512:${sha512("a")}`),
    );
    const folder = { narSha256: sha256("b"), sha256: sha256("x") };
    expect(said(tree("tool", "b"), [of("tool", folder)])).toEqual(tampered(`sha256:${sha256("x")}`, "sha256:unknown"));
    expect(said(tree("tool", "b"), [of("tool", { narSha256: sha256("a") })])).toEqual(
      tampered(`narSha256:${sha256("a")}`, `narSha256:${sha256("b")}`),
    );
  });

  it("counts before one whose digests say nothing", () => {
    expect(said(file("tool", "b"), [of("tool", { sha1: "ab".repeat(20) }), of("tool", "a")])).toEqual(tampered(a, b));
  });

  it("is that of the package inside, too", () => {
    const purl = "pkg:npm/pad@1.0.0";
    expect(said(file("tool", "b"), [of(purl, "a")], purl)).toEqual(tampered(a, b));
    expect(said(file("tool", "b"), [of(purl, "a")])).toBeNull();
  });

  it("is compared with a hundred of its namesakes", () => {
    const alone = file("tool", "x", { place: "alone" });
    const namesakes = Array.from({ length: MAX_NAMESAKES + 1 }, (_, at) => of(`${at}/tool`, `${at}`));
    const shown = ["0", "1", "2"].map((content) => `sha256:${sha256(content)}`).join(", ");
    expect(said(alone, namesakes)).toMatchObject({ expected: `${shown} and 97 more` });
    const weak = namesakes.slice(0, MAX_NAMESAKES).map(({ name }) => of(name, { sha1: "ab".repeat(20) }));
    expect(said(alone, [...weak, of("last/tool", "a")])).toMatchObject({ code: "DIGEST_UNACCEPTABLE" });
    expect(said(alone, [...weak.slice(1), of("last/tool", "a")])).toMatchObject({ code: "SUBJECT_MISMATCH" });
  });
});

describe("a known name with digests that say nothing", () => {
  const weak = { md5: "ab".repeat(16), sha1: "ab".repeat(20) };

  it("covers neither a file nor a tree", () => {
    expect(said(file("tool", "a"), [of("tool", weak)])).toEqual({
      status: "not-covered",
      code: "DIGEST_UNACCEPTABLE",
      message: "release gives no digest of tool that proves its bytes",
      expected: "sha256, sha384, sha512 or a digest as strong",
      actual: "md5, sha1",
    });
    expect(said(tree("app", "a"), [of("app", { sha256: sha256("a") })])).toEqual({
      status: "not-covered",
      code: "DIGEST_UNACCEPTABLE",
      message: "release gives no digest of app that proves what is in it",
      expected: "narSha256",
      actual: "sha256",
    });
  });

  it("says less than another subject with the same bytes", () => {
    expect(said(file("tool", "a"), [of("tool", weak), of("debug", "a")])).toMatchObject({
      code: "SUBJECT_MISMATCH",
      expected: 'the name "debug"',
    });
  });
});

describe("known digests under another name", () => {
  const another = { status: "tampered", code: "SUBJECT_MISMATCH" };

  it.each<[string, FileArtifact | TreeArtifact, readonly StatedSubject[], object]>([
    [
      "are another subject's",
      file("installer", "a"),
      [of("debug", "a")],
      {
        message: "installer has the bytes of another subject of release",
        expected: 'the name "debug"',
        actual: '"installer"',
      },
    ],
    [
      "are another subject's, whatever it says of a tree",
      file("installer", "a"),
      [of("debug", { sha256: sha256("a"), narSha256: sha256("n") })],
      { message: "installer has the bytes of another subject of release" },
    ],
    [
      "are one of several subjects' with its base name",
      file("tool", "a"),
      [of("linux/tool", "a"), of("mac/tool", "b")],
      {
        message: "tool could be one of several subjects of release with this base name",
        expected: 'the name "linux/tool"',
      },
    ],
    [
      "are one of several subjects' with another base name",
      file("installer", "a"),
      [of("linux/tool", "a"), of("mac/tool", "b")],
      { message: "installer has the bytes of another subject of release" },
    ],
    [
      "are another tree's, whatever its last segment",
      tree("tool", "a"),
      [of("linux/tool", { narSha256: sha256("a") })],
      { message: "tool has the bytes of another subject of release" },
    ],
    [
      "are a package's",
      file("tool", "a"),
      [of("pkg:npm/pad@1.0.0", "a")],
      { message: "tool has the bytes of another subject of release", expected: 'the name "pkg:npm/pad@1.0.0"' },
    ],
    [
      "are a subject's of which another digest differs",
      file("tool", "a"),
      [of("other", mixed)],
      {
        message: "tool is not what release states",
        expected: `sha512:${sha512("evil")}`,
        actual: `sha512:${sha512("a")}`,
      },
    ],
  ])("%s", (_, artifact, subjects, shown) => {
    expect(said(artifact, subjects)).toMatchObject({ ...another, ...shown });
  });

  it.each<[string, StatedSubject, string]>([
    ["has no name", of(undefined, "a"), "a subject with a name"],
    ["is an image", of("app", "a", "pkg:oci/app"), '"app"'],
    ["is a package of another kind", of("pkg:gem/pad@1.0.0", "a"), '"pkg:gem/pad@1.0.0"'],
  ])("cover nothing where the subject %s", (_, stated, expected) => {
    expect(said(file("app", "a"), [stated])).toEqual({
      status: "not-covered",
      code: "NOT_COVERED",
      message: "release states these bytes, but under a name that a file cannot have",
      expected,
      actual: '"app"',
    });
  });
});
