import { TouchmarkError } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digest, file, image, purlOf, REPOSITORY, subject, tarball, tree } from "../../test/judge-cases.ts";
import { listed } from "../../test/release-cases.ts";
import { sha256, testKey } from "../../test/signed-bundles.ts";
import type { Artifact } from "../artifact.ts";
import { compareRelease } from "./compare-release.ts";
import { releaseLists } from "./release-lists.ts";

const key = testKey();
const evidenceFile = (name: string, content: string) => file(name, content, { looksLikeEvidence: true });
const treeSubject = { name: "out", digest: { narSha256: sha256("nar") } };
const imageSubject = { name: REPOSITORY, digest: { sha256: sha256("index") }, uri: purlOf("index") };

async function compared(
  subjects: readonly unknown[],
  artifacts: readonly Artifact[],
  { beside = [] as readonly Artifact[], anyName = false } = {},
) {
  const [list] = releaseLists([listed(key, subjects)]).lists;
  if (list === undefined) throw new TouchmarkError("INTERNAL", "no list");
  const { absent, unlisted } = await compareRelease(list, artifacts, beside, { anyName });
  return { absent: absent.names, unlisted: [...unlisted].map(([{ name }, { code }]) => `${name} ${code}`) };
}

const same = { absent: [], unlisted: [] };

describe("compareRelease", () => {
  it.each<[string, readonly unknown[], readonly Artifact[]]>([
    ["a file at its path", [subject("linux/tool", "a")], [file("linux/tool", "a")]],
    ["a file by its base name", [subject("linux/tool", "a")], [file("tool", "a")]],
    ["an image", [imageSubject], [image("index")]],
    ["a digest", [subject("tool", "a")], [digest(sha256("a"))]],
    ["a tree", [treeSubject], [tree("out", "nar")]],
    ["a package", [subject("pkg:npm/pad@1.0.0", "a")], [tarball("x.tgz", "a", "pkg:npm/pad@1.0.0")]],
    [
      "evidence",
      [subject("tool", "a"), subject("e.sigstore.json", "e")],
      [file("tool", "a"), evidenceFile("e.sigstore.json", "e")],
    ],
  ])("finds %s", async (_name, subjects, artifacts) => {
    expect(await compared(subjects, artifacts)).toEqual(same);
  });

  it("names what is missing, and what nobody listed", async () => {
    const subjects = [subject("a", "a"), subject("b", "b")];
    expect(await compared(subjects, [file("a", "a"), file("c", "c")])).toEqual({
      absent: ["b"],
      unlisted: ["c RELEASE_UNLISTED"],
    });
  });

  it("takes other bytes for missing and for unlisted", async () => {
    expect(await compared([subject("a", "a")], [file("a", "other")])).toEqual({
      absent: ["a"],
      unlisted: ["a RELEASE_UNLISTED"],
    });
  });

  it("takes another name for missing and for unlisted, unless any will do", async () => {
    const subjects = [subject("a", "a")];
    const differs = { absent: ["a"], unlisted: ["b RELEASE_UNLISTED"] };
    expect(await compared(subjects, [file("b", "a")])).toEqual(differs);
    expect(await compared(subjects, [file("b", "a")], { anyName: true })).toEqual(same);
  });

  it("lets anybody add evidence, and nobody take or change what is listed", async () => {
    const subjects = [subject("a", "a"), subject("e.sigstore.json", "e")];
    const more = evidenceFile("more.sigstore.json", "m");
    expect(
      await compared(subjects, [file("a", "a"), more], { beside: [evidenceFile("e.sigstore.json", "e")] }),
    ).toEqual(same);
    const lost = { absent: ["e.sigstore.json"], unlisted: [] };
    expect(await compared(subjects, [file("a", "a"), more])).toEqual(lost);
    expect(await compared(subjects, [file("a", "a"), evidenceFile("e.sigstore.json", "other")])).toEqual(lost);
  });

  it("wants a file that only looks like evidence listed", async () => {
    expect(await compared([subject("a", "a")], [file("a", "a"), file("x.sigstore.json", "x")])).toMatchObject({
      unlisted: ["x.sigstore.json RELEASE_UNLISTED"],
    });
  });

  it("says what the list has under the same name", async () => {
    const [list] = releaseLists([listed(key, [subject("a", "a")])]).lists;
    const { unlisted } = await compareRelease(list ?? expect.fail(), [file("a", "b")], [], { anyName: false });
    const others = await compareRelease(list ?? expect.fail(), [file("b", "b"), tree("out", "nar")], [], {
      anyName: false,
    });
    expect([...others.unlisted.values()]).toMatchObject([
      { expected: "an artifact that r.release.sigstore.json lists", actual: `sha256:${sha256("b")}` },
      { expected: "an artifact that r.release.sigstore.json lists" },
    ]);
    expect([...unlisted.values()]).toMatchObject([
      { expected: `sha256:${sha256("a")}, as r.release.sigstore.json lists it`, actual: `sha256:${sha256("b")}` },
    ]);
  });

  it("says so of a tree, and of an image nothing: its name is where it lies", async () => {
    const [list] = releaseLists([listed(key, [treeSubject, imageSubject])]).lists;
    const { unlisted } = await compareRelease(list ?? expect.fail(), [tree("out", "other"), image("other")], [], {
      anyName: false,
    });
    expect([...unlisted.values()].map(({ expected }) => expected)).toEqual([
      `narSha256:${sha256("nar")}, as r.release.sigstore.json lists it`,
      "an artifact that r.release.sigstore.json lists",
    ]);
  });

  it("never finds a subject that nothing here can be compared with", async () => {
    const commit = { name: "pkg:github/octo/widgets@v1", digest: { sha1: "ab".repeat(20) } };
    expect(await compared([subject("a", "a"), commit], [file("a", "a")])).toMatchObject({ absent: [commit.name] });
  });

  it("finds the same in any order, and each file taken away is missing", async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(names, fc.nat(), async (all, at) => {
        const subjects = all.map((name) => subject(name, name));
        const files = all.map((name) => file(name, name));
        expect(await compared(subjects.toReversed(), files)).toEqual(same);
        const gone = all[at % all.length] ?? "";
        expect(
          await compared(
            subjects,
            files.filter(({ name }) => name !== gone),
          ),
        ).toEqual({
          absent: [gone],
          unlisted: [],
        });
        const unlisted = [`${gone} RELEASE_UNLISTED`];
        const fewer = subjects.filter(({ name }) => name !== gone);
        if (fewer.length > 0) expect(await compared(fewer, files)).toEqual({ absent: [], unlisted });
      }),
    );
  });
});
