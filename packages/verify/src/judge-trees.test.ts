import { describe, expect, it } from "vitest";
import { digest, evidence, file, subject, tree } from "../test/judge-cases.ts";
import { sha256, sha512, testKey } from "../test/signed-bundles.ts";
import type { Artifact } from "./artifact.ts";
import { judge } from "./judge.ts";

const key = testKey();
const stranger = testKey();
const STRICT = { anyName: false };
const NAME = "kcy7q0-demo-1.0.0";
const nar = (content: string, name: string | undefined = NAME) => ({
  name,
  digest: { narSha256: sha256(content) } as Record<string, string>,
});

function judged(artifacts: readonly Artifact[], subjects: readonly unknown[], options = STRICT) {
  return judge(artifacts, [evidence("release.intoto.jsonl", key, key, { subject: subjects })], options);
}

async function verdictOn(artifact: Artifact, subjects: readonly unknown[], options = STRICT) {
  return (await judged([artifact], subjects, options)).verdicts[0];
}

const VERIFIED = { status: "verified", findings: [] };

describe("a tree", () => {
  it("is found by its base name and narSha256", async () => {
    expect(await verdictOn(tree(NAME, "a"), [nar("b", "other"), nar("a")])).toMatchObject(VERIFIED);
  });

  it("is tampered with where its name has another digest", async () => {
    expect(await verdictOn(tree(NAME, "b"), [nar("a")])).toMatchObject({
      status: "tampered",
      findings: [
        { code: "SUBJECT_MISMATCH", expected: `narSha256:${sha256("a")}`, actual: `narSha256:${sha256("b")}` },
      ],
    });
  });

  it.each(["other", `out/${NAME}`, `${NAME}-dev`])("is not the subject %s", async (name) => {
    expect(await verdictOn(tree(NAME, "a"), [nar("a", name)])).toMatchObject({
      status: "tampered",
      findings: [{ code: "SUBJECT_MISMATCH", expected: `the name "${name}"` }],
    });
    expect(await verdictOn(tree(NAME, "a"), [nar("b"), nar("a", name)], { anyName: true })).toMatchObject(VERIFIED);
  });

  it.each([
    ["dirHash", { dirHash: "h1:x=" }],
    ["the digest of a file", { sha256: sha256("a") }],
  ])("is not covered by %s alone", async (_what, digests) => {
    const artifact = tree(NAME, "a");
    expect(await verdictOn(artifact, [{ name: NAME, digest: digests }])).toMatchObject({
      status: "not-covered",
      findings: [{ code: "DIGEST_UNACCEPTABLE", expected: "narSha256" }],
    });
  });

  it("is not covered by a set that also has a digest of bytes, which a folder has none of", async () => {
    const digests = { narSha256: sha256("a"), sha256: sha256("x") };
    expect(await verdictOn(tree(NAME, "a"), [{ name: NAME, digest: digests }])).toMatchObject({
      status: "tampered",
      findings: [{ code: "SUBJECT_MISMATCH", expected: `sha256:${sha256("x")}`, actual: "sha256:unknown" }],
    });
  });

  it("is untrusted where only a stranger states it", async () => {
    const by = [evidence("x", stranger, key, { subject: [nar("a")] })];
    expect((await judge([tree(NAME, "a")], by, STRICT)).verdicts).toMatchObject([{ status: "untrusted" }]);
  });
});

describe("a tree that is a single file", () => {
  const single = tree(NAME, "nar of a", { sha256: sha256("a"), sha512: sha512("a") });

  it.each([
    ["its bytes", { sha256: sha256("a") }],
    ["its NAR", { narSha256: sha256("nar of a") }],
    ["both", { sha256: sha256("a"), narSha256: sha256("nar of a") }],
  ])("is found by %s", async (_what, digests) => {
    expect(await verdictOn(single, [{ name: NAME, digest: digests }])).toMatchObject(VERIFIED);
  });

  it.each([
    ["the bytes", { sha256: sha256("b"), narSha256: sha256("nar of a") }],
    ["the NAR", { sha256: sha256("a"), narSha256: sha256("nar of b") }],
    ["the NAR in the place of the bytes", { sha256: sha256("nar of a") }],
    ["the bytes in the place of the NAR", { narSha256: sha256("a") }],
  ])("is tampered with where %s differ", async (_what, digests) => {
    expect(await verdictOn(single, [{ name: NAME, digest: digests }])).toMatchObject({
      status: "tampered",
      findings: [{ code: "SUBJECT_MISMATCH" }],
    });
  });
});

describe("narSha256", () => {
  it("covers no file", async () => {
    expect(await verdictOn(file(NAME, "a"), [nar("a")])).toMatchObject({
      status: "not-covered",
      findings: [{ code: "DIGEST_UNACCEPTABLE" }],
    });
  });

  it("is a digest of its own, by name", async () => {
    const target = digest(sha256("a"), "narSha256");
    expect(await verdictOn(target, [nar("a")])).toMatchObject(VERIFIED);
    expect(await verdictOn(target, [subject(NAME, "a")])).toMatchObject({ status: "not-covered" });
    expect(await verdictOn(digest(sha256("a")), [nar("a")])).toMatchObject({ status: "not-covered" });
  });
});

describe("absent trees", () => {
  it.each([
    ["itself", tree(NAME, "a")],
    ["its digest", digest(sha256("a"), "narSha256")],
    ["itself, changed", tree(NAME, "b")],
  ])("are not those of which a target is %s", async (_what, artifact) => {
    const { absent } = await judged([artifact], [nar("a"), nar("a", "gone"), nar("c", "gone")]);
    expect(absent.names).toEqual(artifact.kind === "digest" ? ["gone"] : ["gone", "gone"]);
  });

  it("need all digests of the subject", async () => {
    const both = { name: NAME, digest: { narSha256: sha256("nar"), sha256: sha256("a") } };
    expect((await judged([tree(NAME, "nar", { sha256: sha256("a") })], [both])).absent.count).toBe(0);
    expect((await judged([file(NAME, "a")], [both])).absent.count).toBe(0);
  });
});
