import { finding } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { digest, evidence, file, image, purlOf, REPOSITORY, subject } from "../test/judge-cases.ts";
import { sha256, sha512, type TestStatement, testKey } from "../test/signed-bundles.ts";
import type { Artifact, ImageArtifact } from "./artifact.ts";
import { type JudgeOptions, judge } from "./judge.ts";

const key = testKey();
const stranger = testKey();
const STRICT = { anyName: false };
const INDEX = "the index";
const AMD64 = "the manifest for amd64";
const named = (content: string, name = REPOSITORY) => ({
  ...subject(name, content),
  uri: `pkg:oci/x?repository_url=${name}`,
});

function judged(artifacts: readonly Artifact[], subjects: readonly unknown[], options: JudgeOptions = STRICT) {
  return judge(artifacts, [evidence("release.intoto.jsonl", key, key, { subject: subjects })], options);
}

async function verdictOn(artifact: Artifact, subjects: readonly unknown[], options: JudgeOptions = STRICT) {
  return (await judged([artifact], subjects, options)).verdicts[0];
}

const SATISFIED = { exception: null, anyName: false, statement: () => [], whole: () => [] };
const VERIFIED = { status: "verified", findings: [] };

describe("an image", () => {
  it.each([
    ["a repository", REPOSITORY, REPOSITORY],
    ["a repository as cosign writes Docker's", "docker.io/library/busybox", "index.docker.io/library/busybox"],
    ["a purl", REPOSITORY, purlOf(INDEX)],
    ["a purl in another spelling", REPOSITORY, `pkg:oci/app@sha256:${sha256(INDEX)}?repository_url=ghcr.io/octo/app`],
    ["a purl with a platform, of which the target says nothing", REPOSITORY, purlOf(INDEX, "linux/amd64")],
    ["any name, where the target has no repository", null, "quay.io/octo/other"],
    ["no name, where the target has no repository", null, undefined],
  ])("is found by digest and %s", async (_what, repository, name) => {
    expect(await verdictOn(image(INDEX, { repository }), [subject(name, INDEX)])).toMatchObject(VERIFIED);
  });

  it.each([
    ["another repository", "ghcr.io/octo/debug"],
    ["a repository that begins like it", "ghcr.io/octo/app-evil"],
    ["another registry", "ghcr.io:443/octo/app"],
    ["a purl of another repository", purlOf(INDEX, null, "ghcr.io/octo/debug")],
    ["a purl without one", `pkg:oci/app@sha256:${sha256(INDEX)}`],
  ])("under %s is another one's", async (_what, name) => {
    expect(await verdictOn(image(INDEX), [subject(name, INDEX)])).toMatchObject({
      status: "tampered",
      findings: [{ code: "SUBJECT_MISMATCH", expected: `the name "${name}"`, actual: `"${REPOSITORY}"` }],
    });
    expect(await verdictOn(image(INDEX), [subject(name, INDEX)], { anyName: true })).toMatchObject(VERIFIED);
  });

  it.each(["app", undefined, "octo/app", `${REPOSITORY}:1`])("is not covered under the name %s", async (name) => {
    expect(await verdictOn(image(INDEX), [subject(name, INDEX)])).toMatchObject({
      status: "not-covered",
      findings: [{ code: "NOT_COVERED" }],
    });
  });

  it("is not what a purl names that contradicts its digests", async () => {
    const name = purlOf(AMD64);
    expect(await verdictOn(image(INDEX), [subject(name, INDEX)])).toMatchObject({
      status: "tampered",
      findings: [{ code: "SUBJECT_MISMATCH" }],
    });
    expect(await verdictOn(image(INDEX, { repository: null }), [subject(name, INDEX)])).toMatchObject({
      status: "tampered",
    });
  });

  it("is not covered by a statement about another image of its repository, which is named", async () => {
    expect(await verdictOn(image(INDEX), [named(AMD64)])).toMatchObject({
      status: "not-covered",
      findings: [{ code: "NOT_COVERED", expected: `sha256:${sha256(AMD64)}`, actual: `sha256:${sha256(INDEX)}` }],
    });
  });

  it("needs every acceptable digest of the subject to be its own", async () => {
    const both = (second: string) => [{ name: REPOSITORY, digest: { sha256: sha256(INDEX), sha512: sha512(second) } }];
    expect(await verdictOn(image(INDEX), both(INDEX))).toMatchObject(VERIFIED);
    expect(await verdictOn(image(INDEX), both(AMD64))).toMatchObject({
      status: "tampered",
      findings: [{ code: "SUBJECT_MISMATCH", expected: `sha512:${sha512(AMD64)}` }],
    });
  });

  it("is not covered by an SBOM", async () => {
    const sbom: TestStatement = { subject: [named(INDEX)], predicateType: "https://spdx.dev/Document" };
    const { verdicts } = await judge([image(INDEX)], [evidence("sbom", key, key, sbom)], STRICT);
    expect(verdicts).toMatchObject([{ status: "not-covered", findings: [{ code: "NOT_PROVENANCE" }] }]);
  });

  it("is untrusted where a stranger states it, and not covered where a stranger states its repository only", async () => {
    const by = (content: string) => [evidence("x", stranger, key, { subject: [named(content)] })];
    expect((await judge([image(INDEX)], by(INDEX), STRICT)).verdicts).toMatchObject([
      { status: "untrusted", findings: [{ code: "SIGNER_UNTRUSTED" }] },
    ]);
    expect((await judge([image(INDEX)], by(AMD64), STRICT)).verdicts).toMatchObject([
      { status: "not-covered", findings: [{ code: "NOT_COVERED" }] },
    ]);
  });
});

describe("an image whose repository a list claims", () => {
  const claimed = image(INDEX, { layout: "kit/images/1", isClaimed: true });
  const ANY = { anyName: true };

  it.each([REPOSITORY, purlOf(INDEX), "https://ghcr.io/octo/app:v1"])("holds where %s is stated", async (name) => {
    expect(await verdictOn(claimed, [subject(name, INDEX)])).toMatchObject(VERIFIED);
  });

  it.each([
    "ghcr.io/octo/debug",
    "ghcr.io/octo/app-evil",
    "ghcr.io:443/octo/app",
    "ghcr.io/octo",
    purlOf(INDEX, null, "ghcr.io/octo/debug"),
  ])("is another one's where %s is stated, whatever else is allowed", async (name) => {
    for (const options of [STRICT, ANY]) {
      expect(await verdictOn(claimed, [subject(name, INDEX)], options)).toMatchObject({
        status: "tampered",
        findings: [{ code: "SUBJECT_MISMATCH", message: expect.stringContaining("kit/images/1, listed as ghcr.io/") }],
      });
    }
  });

  it.each([
    "app",
    "octo/app",
    "_",
    undefined,
    `${REPOSITORY}:1`,
    `${REPOSITORY}/`,
    "ghcr.io/octo/\u0430pp",
    "GHCR.IO/octo/App",
    `pkg:oci/app@sha256:${sha256(INDEX)}`,
    `pkg:docker/octo/app@1?platform=linux%2Famd64`,
  ])("has no proven name where %s is stated, whatever else is allowed", async (name) => {
    for (const options of [STRICT, ANY]) {
      expect(await verdictOn(claimed, [subject(name, INDEX)], options)).toMatchObject({
        status: "not-covered",
        findings: [{ code: "IMAGE_NAME_UNPROVEN", expected: `the name "${REPOSITORY}"` }],
      });
    }
  });

  it("holds by none of an expectation that lets names differ", async () => {
    const expectations = { namesPackages: false, of: () => ({ ...SATISFIED, anyName: true }) };
    const options = { anyName: false, expectations };
    expect(await verdictOn(image(INDEX), [subject("app", INDEX)], options)).toMatchObject(VERIFIED);
    expect(await verdictOn(claimed, [subject("app", INDEX)], options)).toMatchObject({ status: "not-covered" });
  });

  it("stands for the subject of its own name alone", async () => {
    const subjects = [named(INDEX), named(INDEX, "ghcr.io/octo/copy")];
    expect((await judged([claimed], subjects, ANY)).absent.names).toEqual([
      `ghcr.io/octo/copy@sha256:${sha256(INDEX)}`,
    ]);
  });
});

describe("a platform of an index", () => {
  const amd64 = image(AMD64, { platform: "linux/amd64" });

  it("is covered by a statement about itself", async () => {
    expect(await verdictOn(amd64, [subject(purlOf(AMD64, "linux/amd64"), AMD64)])).toMatchObject(VERIFIED);
    expect(await verdictOn(amd64, [named(AMD64)])).toMatchObject(VERIFIED);
  });

  it("is not covered by a statement about the index, nor the other way round", async () => {
    const subjects = [named(INDEX)];
    expect((await judged([image(INDEX), amd64], subjects)).verdicts).toMatchObject([
      { status: "verified" },
      { status: "not-covered", findings: [{ code: "NOT_COVERED" }] },
    ]);
    expect((await judged([image(INDEX), amd64], [subject(purlOf(AMD64), AMD64)])).verdicts).toMatchObject([
      { status: "not-covered", findings: [{ code: "NOT_COVERED" }] },
      { status: "verified" },
    ]);
  });

  it.each([REPOSITORY, null])("is not another platform's, in %s", async (repository) => {
    const subjects = [subject(purlOf(AMD64, "linux/arm64"), AMD64)];
    expect(await verdictOn({ ...amd64, repository }, subjects)).toMatchObject({
      status: "tampered",
      findings: [{ code: "SUBJECT_MISMATCH", expected: "linux/arm64", actual: "linux/amd64" }],
    });
  });
});

describe("what stands in the way of an image", () => {
  const wrong = finding("DIGEST_MISMATCH", "a layer has another digest");
  const obstacle = { status: "tampered", findings: [wrong] } as const;

  it("decides, whatever is stated", async () => {
    expect(await verdictOn(image(INDEX, { obstacle }), [named(INDEX)])).toEqual({ ...obstacle, statements: [] });
  });

  it("does not make its subject absent, also where one digest only is known", async () => {
    const unread = { digests: { sha256: sha256(INDEX) }, obstacle: { status: "unknown", findings: [wrong] } } as const;
    const both = { ...named(INDEX), digest: { sha256: sha256(INDEX), blake2s: "ab".repeat(32) } };
    expect((await judged([image(INDEX, unread)], [named(INDEX)])).absent.count).toBe(0);
    expect((await judged([image(INDEX, unread)], [both])).verdicts).toMatchObject([{ status: "unknown" }]);
  });
});

describe("evidence that could not be seen", () => {
  const outside = finding("REGISTRY_UNAVAILABLE", "503");
  const flood = finding("LIMIT_EXCEEDED", "1,001 referrers");
  const missing = (gaps: ImageArtifact["gaps"], subjects: readonly unknown[] = []) =>
    verdictOn(image(INDEX, { gaps }), [subject("else", "x"), ...subjects]);

  it("leaves the verdict open where the place could not be asked", async () => {
    expect(await missing([flood, outside])).toMatchObject({
      status: "unknown",
      findings: [{ code: "NOT_COVERED" }, flood, outside],
    });
  });

  it("fails where there was too much of it", async () => {
    expect(await missing([flood])).toMatchObject({ status: "not-covered", findings: [{ code: "NOT_COVERED" }, flood] });
  });

  it("changes nothing where one statement covers, and nothing where the image is another one's", async () => {
    expect(await missing([outside], [named(INDEX)])).toMatchObject(VERIFIED);
    expect(await missing([outside], [named(INDEX, "ghcr.io/octo/debug")])).toMatchObject({ status: "tampered" });
  });
});

describe("images beside files", () => {
  it("do not make a file's base name ambiguous", async () => {
    const subjects = [named("x"), subject("dist/app", "a")];
    expect(await verdictOn(file("app", "a"), subjects)).toMatchObject(VERIFIED);
    expect(await verdictOn(file("app", "b", { place: "alone" }), subjects)).toMatchObject({
      status: "tampered",
      findings: [{ expected: `sha256:${sha256("a")}` }],
    });
  });

  it("cover no file", async () => {
    for (const name of [REPOSITORY, "app"]) {
      expect(await verdictOn(file(name, "x"), [named("x")])).toMatchObject({
        status: "not-covered",
        findings: [{ code: "NOT_COVERED", expected: `"${REPOSITORY}"` }],
      });
    }
  });

  it("are covered as digests", async () => {
    expect(await verdictOn(digest(sha256(INDEX)), [named(INDEX)])).toMatchObject(VERIFIED);
  });
});

describe("absent images", () => {
  const subjects = [named(INDEX), subject(purlOf(AMD64, "linux/amd64"), AMD64), named("other", "ghcr.io/octo/other")];

  it("are named with their digests", async () => {
    const { absent } = await judged([], subjects);
    expect(absent.names).toEqual([
      `${REPOSITORY}@sha256:${sha256(INDEX)}`,
      `ghcr.io/octo/other@sha256:${sha256("other")}`,
      purlOf(AMD64, "linux/amd64"),
    ]);
  });

  it.each([
    ["by name", REPOSITORY],
    ["in a layout", null],
  ])("are those that no target is, %s", async (_what, repository) => {
    const { absent } = await judged([image(INDEX, { repository }), image(AMD64, { repository })], subjects);
    expect(absent.names).toEqual([`ghcr.io/octo/other@sha256:${sha256("other")}`]);
  });

  it("are not there under another repository's name", async () => {
    const { absent } = await judged([image("other")], subjects);
    expect(absent.count).toBe(3);
  });
});
