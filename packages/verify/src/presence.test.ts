import { describe, expect, it } from "vitest";
import { digest, evidence, file, image, subject, tree } from "../test/judge-cases.ts";
import { sha256, sha512, testKey } from "../test/signed-bundles.ts";
import type { Artifact } from "./artifact.ts";
import { judge } from "./judge.ts";
import { MAX_LISTED_ABSENT, MAX_NAMESAKES } from "./limits.ts";

const key = testKey();

async function absentOf(artifacts: readonly Artifact[], subjects: readonly unknown[]) {
  const item = evidence("release.intoto.jsonl", key, key, { subject: subjects });
  const { absent } = await judge(artifacts, [item], { anyName: false });
  return absent;
}

const digests = (content: string) => ({ sha256: sha256(content), sha512: sha512(content) });

describe("a subject is there", () => {
  it("by a file given alone, when the file is that one and not its namesake", async () => {
    const subjects = [subject("linux/tool", "a"), subject("mac/tool", "b")];
    expect((await absentOf([file("tool", "b", { place: "alone" })], subjects)).names).toEqual(["linux/tool"]);
  });

  it("by an image of its repository, and not by the same image of another", async () => {
    const subjects = [subject("ghcr.io/octo/app", "a"), subject("ghcr.io/octo/copy", "a")];
    expect((await absentOf([image("a")], subjects)).names).toEqual(["ghcr.io/octo/copy"]);
    expect((await absentOf([image("a", { repository: null })], subjects)).count).toBe(0);
  });

  it("by one of its digests alone, where it has several", async () => {
    const subjects = [{ name: "tool", digest: { ...digests("a"), narSha256: sha256("nar") } }];
    expect((await absentOf([digest(sha256("a"))], subjects)).count).toBe(0);
    expect((await absentOf([digest(sha512("a"), "sha512")], subjects)).count).toBe(0);
    expect((await absentOf([digest(sha256("b"))], subjects)).count).toBe(1);
  });

  it("by an image that could not be read whole, also where another of its digests is unequal", async () => {
    const subjects = [{ name: "ghcr.io/octo/app", digest: { sha256: sha256("a"), sha512: sha512("b") } }];
    const obstacle = { status: "unknown", findings: [] } as never;
    expect((await absentOf([image("a", { obstacle, repository: null })], subjects)).count).toBe(0);
    expect((await absentOf([image("a", { repository: null })], subjects)).count).toBe(1);
  });
});

describe("a subject is not absent but wrong", () => {
  it("where a file or a tree has its name and other bytes", async () => {
    expect((await absentOf([file("tool", "b")], [subject("tool", "a")])).count).toBe(0);
    const folder = { name: "app", digest: { narSha256: sha256("a") } };
    expect((await absentOf([tree("app", "b")], [folder])).count).toBe(0);
  });

  it("where a file given alone could be it, of a hundred", async () => {
    const subjects = Array.from({ length: MAX_NAMESAKES + 1 }, (_, at) => subject(`${at}/tool`, `${at}`));
    const alone = file("tool", "x", { place: "alone" });
    expect((await absentOf([alone], subjects.slice(0, 2))).names).toEqual([]);
    expect((await absentOf([alone], subjects)).names).toEqual([`${MAX_NAMESAKES}/tool`]);
  });

  it("and absent where its digests say nothing", async () => {
    const weak = { name: "tool", digest: { sha1: "ab".repeat(20) } };
    expect((await absentOf([file("tool", "b")], [weak])).names).toEqual(["tool"]);
  });
});

it("an image is named with its digest, where that says which one it is", async () => {
  const stated = { ...subject("ghcr.io/octo/app", "a"), uri: "pkg:oci/app" };
  expect((await absentOf([], [stated])).names).toEqual([`ghcr.io/octo/app@sha256:${sha256("a")}`]);
  expect((await absentOf([], [{ ...stated, digest: { sha1: "ab".repeat(20) } }])).names).toEqual(["ghcr.io/octo/app"]);
});

it("a hundred are named in order, and all are counted", async () => {
  const names = Array.from({ length: MAX_LISTED_ABSENT + 1 }, (_, at) => `f${String(at).padStart(3, "0")}`);
  const absent = await absentOf(
    [],
    names.toReversed().map((name) => subject(name, name)),
  );
  expect(absent).toEqual({ count: MAX_LISTED_ABSENT + 1, names: names.slice(0, MAX_LISTED_ABSENT) });
});
