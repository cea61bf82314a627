import { finding, VSA_V1 } from "@touchmark/core";
import { describe, expect, it, vi } from "vitest";
import { expecting, nameOf, unexpected } from "../test/expectation-cases.ts";
import { digest, evidence, file, image, subject, tarball, tree } from "../test/judge-cases.ts";
import { pieceOf, sha256, sha512, signed, type TestStatement, testKey } from "../test/signed-bundles.ts";
import type { Artifact } from "./artifact.ts";
import { denials } from "./deny/denials.ts";
import { denyList } from "./deny/deny-list.ts";
import { examine } from "./examine.ts";
import type { Expectations } from "./expectation.ts";
import { type JudgeOptions, judge } from "./judge.ts";
import { MAX_LISTED_STATEMENTS, MAX_OPENED_FOR_WORDS } from "./limits.ts";

const key = testKey();
const stated = (name: string, change: Partial<TestStatement> = {}) =>
  evidence(name, key, key, { subject: [subject("tool", "a")], ...change });
const tool = file("tool", "a");
const EXCEPTED = finding("NOT_COVERED", "excepted until 2027-01-01");
const SBOM = { predicateType: "https://spdx.dev/Document", predicate: {} };

async function verdict(
  expectations: Expectations,
  items: Parameters<typeof judge>[1],
  artifact: Artifact = tool,
  options: Partial<JudgeOptions> = {},
) {
  const { verdicts } = await judge([artifact], items, { anyName: false, expectations, ...options });
  return verdicts[0];
}

const denying = (entry: object) =>
  denials([
    denyList({ version: 1, deny: [{ reason: "bad", ...entry }] }, { label: "deny.yaml", digest: "ab".repeat(32) }),
  ]);

describe("a statement that covers and is not as expected", () => {
  it("does not hold, and says so with the first reason", async () => {
    const expectations = expecting({ statement: () => [unexpected("too low"), unexpected("and old")] });
    expect(await verdict(expectations, [stated("x.intoto.jsonl")])).toMatchObject({
      status: "policy",
      statements: [{ bundle: "x.intoto.jsonl" }],
      findings: [{ code: "LEVEL_TOO_LOW", message: "x.intoto.jsonl, which covers tool: too low" }],
    });
  });

  it("never crowds out one that is", async () => {
    const poor = Array.from({ length: 3 * MAX_LISTED_STATEMENTS }, (_none, index) => stated(`a${index}`));
    const expectations = expecting({ statement: (one) => (nameOf(one) === "z" ? [] : [unexpected("no")]) });
    expect(await verdict(expectations, [...poor, stated("z")])).toMatchObject({
      status: "verified",
      statements: [{ bundle: "z" }],
      findings: [],
    });
  });

  it("is spoken of where least is wrong, then by the evidence's name, in any order", async () => {
    const wrong = new Map([
      ["a", 2],
      ["b", 1],
      ["c", 1],
    ]);
    const expectations = expecting({
      statement: (one) => Array.from({ length: wrong.get(nameOf(one)) ?? 0 }, () => unexpected("no")),
    });
    for (const order of ["abc", "acb", "bac", "bca", "cab", "cba"]) {
      const found = await verdict(
        expectations,
        [...order].map((name) => stated(name)),
      );
      expect(found?.findings).toMatchObject([{ message: "b, which covers tool: no" }]);
    }
  });

  it("holds by another of its subjects", async () => {
    const expectations = expecting({
      statement: (one) => (one.subject.name === "x/tool" ? [] : [unexpected("no")]),
    });
    const both = stated("x", { subject: [subject("y/tool", "a"), subject("x/tool", "a")] });
    const alone = file("tool", "a", { place: "alone" });
    expect(await verdict(expectations, [both], alone)).toMatchObject({ status: "verified" });
  });

  it("is not absent", async () => {
    const { absent } = await judge([tool], [stated("x")], {
      anyName: false,
      expectations: expecting({ statement: () => [unexpected("no")] }),
    });
    expect(absent.count).toBe(0);
  });

  it("does not hide what is denied", async () => {
    const expectations = expecting({ statement: () => [unexpected("no")] });
    const lists = denying({ digest: `sha256:${sha256("a")}`, commit: "ab".repeat(20) });
    expect(await verdict(expectations, [stated("x")], tool, { denials: lists })).toMatchObject({
      status: "policy",
      findings: [{ code: "DENIED" }],
    });
  });

  it("leaves a file of evidence what it is", async () => {
    const expectations = expecting({ statement: () => [unexpected("no")] });
    const other = file("x/app.intoto.jsonl", "e", { looksLikeEvidence: true });
    const item = stated("x", { subject: [subject("app.intoto.jsonl", "e")] });
    expect(await verdict(expectations, [item], other)).toMatchObject({ status: "evidence" });
    const own = file("app.intoto.jsonl", "e", { looksLikeEvidence: true });
    expect(await verdict(expectations, [item], own)).toMatchObject({ status: "policy" });
  });
});

describe("what all statements lack together", () => {
  it("is asked of every one that is as expected, however many", async () => {
    const asked = vi.fn(() => [unexpected("two builders")]);
    const expectations = expecting({
      statement: (one) => (nameOf(one) === "p" ? [unexpected("no")] : []),
      whole: asked,
    });
    const many = Array.from({ length: MAX_LISTED_STATEMENTS + 1 }, (_none, index) => stated(`a${index}`));
    const found = await verdict(expectations, [...many, stated("p")]);
    expect(found).toMatchObject({ status: "policy", findings: [{ message: "tool: two builders" }] });
    expect(found?.statements).toHaveLength(MAX_LISTED_STATEMENTS);
    expect(asked).toHaveBeenCalledOnce();
    expect(asked.mock.calls[0]).toMatchObject([{ length: MAX_LISTED_STATEMENTS + 1 }, { length: 0 }]);
  });

  it("is not asked where nothing covers", async () => {
    const asked = vi.fn(() => []);
    expect(await verdict(expecting({ whole: asked }), [stated("s", SBOM)])).toMatchObject({ status: "not-covered" });
    expect(asked).not.toHaveBeenCalled();
  });

  const bytes = { sha256: sha256("a"), sha512: sha512("a") };
  it.each<[string, Artifact, object]>([
    ["a file", tool, { sha256: bytes.sha256 }],
    ["a file, by all its digests", tool, bytes],
    ["an image", image("a"), { sha256: bytes.sha256 }],
    ["a digest", digest(bytes.sha256), { sha256: bytes.sha256 }],
    ["a tree", tree("demo", "a"), { narSha256: bytes.sha256 }],
  ])("may be in statements about the bytes of %s, under any name", async (_what, artifact, digests) => {
    const named = artifact.kind === "image" ? "ghcr.io/octo/app" : artifact.kind === "tree" ? "demo" : "tool";
    const items = [
      stated("p", {
        subject: [{ name: named, digest: artifact.kind === "tree" ? digests : { sha256: bytes.sha256 } }],
      }),
      stated("s", { ...SBOM, subject: [{ name: "another", digest: digests }] }),
    ];
    const expectations = expecting({ whole: (_all, others) => (others.length === 1 ? [] : [unexpected("no SBOM")]) });
    expect(await verdict(expectations, items, artifact)).toMatchObject({ status: "verified" });
  });

  const wantsOther = expecting({ whole: (_all, others) => (others.length === 0 ? [unexpected("no SBOM")] : []) });

  it.each<[string, TestStatement]>([
    ["of other bytes", { ...SBOM, subject: [subject("tool", "b")] }],
    ["of these bytes and others", { ...SBOM, subject: [{ digest: { ...bytes, sha512: sha512("b") } }] }],
    ["that are summaries", { subject: [subject("tool", "a")], predicateType: VSA_V1, predicate: {} }],
  ])("is not in statements %s", async (_what, statement) => {
    expect(await verdict(wantsOther, [stated("p"), stated("s", statement)])).toMatchObject({ status: "policy" });
  });

  it("is not in statements that are denied", async () => {
    const signer = testKey();
    const items = [stated("p"), evidence("s", signer, signer, { ...SBOM, subject: [subject("tool", "a")] })];
    const lists = denying({ digest: `sha256:${bytes.sha256}`, key: `sha256:${signer.trust.digest}` });
    expect(await verdict(wantsOther, items)).toMatchObject({ status: "verified" });
    expect(await verdict(wantsOther, items, tool, { denials: lists })).toMatchObject({ status: "policy" });
  });

  it("is not in a stranger's statement", async () => {
    const items = [stated("p"), evidence("s", testKey(), key, { ...SBOM, subject: [subject("tool", "a")] })];
    expect(await verdict(wantsOther, items)).toMatchObject({ status: "policy" });
  });
});

describe("an exception", () => {
  const excepting = expecting({ exception: EXCEPTED });

  it("lets an artifact through without evidence, and never calls it verified", async () => {
    const expected = { status: "exception", statements: [], findings: [EXCEPTED] };
    expect(await verdict(excepting, [])).toEqual(expected);
    expect(await verdict(excepting, [stated("x")])).toEqual(expected);
  });

  it("is below a denial of the artifact", async () => {
    const lists = denying({ digest: `sha256:${sha256("a")}` });
    expect(await verdict(excepting, [], tool, { denials: lists })).toMatchObject({
      status: "policy",
      findings: [{ code: "DENIED" }],
    });
  });

  it("needs no statement, so that a denied one is shown beside it", async () => {
    const lists = denying({ digest: `sha256:${sha256("a")}`, commit: "ab".repeat(20) });
    const found = await verdict(excepting, [stated("x")], tool, { denials: lists });
    expect(found).toMatchObject({ status: "exception", findings: [EXCEPTED, { code: "DENIED" }] });
  });

  it("is not for an image whose bytes are others", async () => {
    const obstacle = { status: "tampered", findings: [finding("DIGEST_MISMATCH", "other bytes")] } as const;
    expect(await verdict(excepting, [], image("a", { obstacle }))).toMatchObject({ status: "tampered" });
  });
});

describe("the name of a package", () => {
  /** Excepts the package, if it is known to be one. */
  const byPackage = (namesPackages: boolean): Expectations => ({
    namesPackages,
    of: (_artifact, packageName) => ({
      exception: packageName === "pkg:npm/pad@1.0.0" ? EXCEPTED : null,
      statement: () => (packageName === null ? [unexpected("no package")] : []),
      whole: () => [],
    }),
  });

  it("comes from its content, also where a statement gives the file's name only", async () => {
    const item = stated("x", { subject: [subject("app.tgz", "a")] });
    const artifact = tarball("app.tgz", "a", "pkg:npm/app@1.0.0");
    expect(await verdict(byPackage(true), [item], artifact)).toMatchObject({ status: "verified" });
    expect(await verdict(byPackage(false), [item], artifact)).toMatchObject({ status: "policy" });
  });

  it("never comes from a statement", async () => {
    const item = stated("x", { subject: [subject("pkg:npm/app@1.0.0", "a")] });
    expect(await verdict(byPackage(true), [item], digest(sha256("a")))).toMatchObject({ status: "policy" });
  });

  it("is looked for where nobody knows the bytes, in so many only", async () => {
    const strangers = Array.from({ length: MAX_OPENED_FOR_WORDS + 1 }, (_none, index) =>
      tarball(`${index}.tgz`, String(index), "pkg:npm/evil@1.0.0"),
    );
    const excepted = tarball("pad.tgz", "p", "pkg:npm/pad@1.0.0");
    const options = { anyName: false, expectations: byPackage(true) };
    const first = await judge([excepted, excepted, ...strangers], [], options);
    expect(first.verdicts.slice(0, 2)).toMatchObject([{ status: "exception" }, { status: "exception" }]);
    const last = await judge([...strangers, excepted], [], options);
    expect(last.verdicts.at(-1)).toMatchObject({ status: "not-covered" });
  });
});

describe("examine", () => {
  const piece = pieceOf(signed(key, { subject: [subject("tool", "a")] }));

  it.each([
    [undefined, false],
    [false, false],
    [true, true],
  ])("with wholeStatements %s keeps the predicate: %s", (wholeStatements, isKept) => {
    const options = wholeStatements === undefined ? {} : { wholeStatements };
    const item = examine("x", piece, { trust: [key.trust], ...options });
    if (item.kind !== "trusted") throw new Error(item.kind);
    expect(item.verified.statement.predicate !== null).toBe(isKept);
  });
});
