import { TouchmarkError } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { digest, evidence, file, subject, tarball } from "../test/judge-cases.ts";
import { sha256, sha512, type TestStatement, testKey } from "../test/signed-bundles.ts";
import type { Artifact } from "./artifact.ts";
import { judge } from "./judge.ts";

const key = testKey();
const stranger = testKey();
const trusted = (name: string, statement: TestStatement) => evidence(name, key, key, statement);
const STRICT = { anyName: false };

/** The only verdict on one artifact under provenance with these subjects. */
async function verdictOn(artifact: Artifact, subjects: readonly unknown[], options = STRICT) {
  const { verdicts } = await judge([artifact], [trusted("release.intoto.jsonl", { subject: subjects })], options);
  return verdicts[0];
}

const VERIFIED = { status: "verified", findings: [] };
const mismatch = (expected: string, actual: string) => ({
  status: "tampered",
  statements: [],
  findings: [{ code: "SUBJECT_MISMATCH", expected, actual }],
});

describe("judge", () => {
  it("lists what covers an artifact", async () => {
    expect(await verdictOn(file("tool", "a"), [subject("tool", "a")])).toEqual({
      status: "verified",
      findings: [],
      statements: [
        {
          bundle: "release.intoto.jsonl",
          digest: null,
          predicateType: "https://slsa.dev/provenance/v1",
          signer: `key:sha256:${key.trust.digest}`,
          issuer: null,
          signedAt: null,
          builder: "https://touchmark.dev/builders/local",
          source: "https://github.com/octo/widgets",
          ref: "refs/tags/v1.0.0",
          commit: "ab".repeat(20),
          level: 1,
          entry: null,
          operator: null,
          summary: null,
          published: null,
        },
      ],
    });
  });

  it("says null for what the statement does not say", async () => {
    const predicate = { builder: { id: "https://example.com/b" }, buildType: "https://example.com/t" };
    const item = trusted("x", {
      subject: [subject("tool", "a")],
      predicateType: "https://slsa.dev/provenance/v0.2",
      predicate,
    });
    const { verdicts } = await judge([file("tool", "a")], [item], STRICT);
    expect(verdicts[0]?.statements).toMatchObject([{ source: null, ref: null, commit: null }]);
  });

  it("needs no evidence to answer", async () => {
    const { verdicts, absent } = await judge([file("tool", "a")], [], STRICT);
    expect(verdicts).toMatchObject([{ status: "not-covered", findings: [{ code: "NOT_COVERED" }] }]);
    expect(absent).toEqual({ count: 0, names: [] });
  });
});

describe("names of files in a folder", () => {
  it.each([
    ["its path", "linux/tool", ["linux/tool", "darwin/tool"]],
    ["its path, where others share the base name", "tool", ["tool", "linux/tool"]],
    ["its base name", "tool", ["linux/tool"]],
    ["its base name, deeper than the subject", "download/tool", ["tool"]],
  ])("match by %s", async (_how, name, subjects) => {
    const all = subjects.map((one, index) => subject(one, index === 0 ? "a" : "b"));
    expect(await verdictOn(file(name, "a"), all)).toMatchObject(VERIFIED);
  });

  it("do not match by a base name that another subject has", async () => {
    const subjects = [subject("linux/tool", "a"), subject("darwin/tool", "b")];
    expect(await verdictOn(file("tool", "a"), subjects)).toMatchObject(mismatch('the name "linux/tool"', '"tool"'));
  });

  it("are judged by each statement alone: a base name is not shared across statements", async () => {
    const items = [
      trusted("linux.sigstore.json", { subject: [subject("linux/tool", "a")] }),
      trusted("darwin.sigstore.json", { subject: [subject("darwin/tool", "b")] }),
    ];
    const { verdicts } = await judge([file("tool", "a"), file("x/tool", "b")], items, STRICT);
    expect(verdicts.map(({ status }) => status)).toEqual(["verified", "verified"]);
  });

  it("are no packages, even in a folder that is called like one", async () => {
    const artifact = file("pkg:npm/left-pad@1.0.0", "a");
    expect(await verdictOn(artifact, [subject("pkg:npm/left-pad@1.0.0", "a")])).toMatchObject({ status: "tampered" });
  });
});

describe("the name of a file given alone", () => {
  const alone = { place: "alone" } as const;

  it("matches the last segment", async () => {
    const subjects = [subject("linux/tool", "a"), subject("darwin/tool", "b")];
    expect(await verdictOn(file("tool", "a", alone), subjects)).toMatchObject(VERIFIED);
    expect(await verdictOn(file("tool", "b", alone), subjects)).toMatchObject(VERIFIED);
  });

  it("matches nothing else", async () => {
    const subjects = [subject("linux/tool", "a")];
    expect(await verdictOn(file("tool2", "a", alone), subjects)).toMatchObject(
      mismatch('the name "linux/tool"', '"tool2"'),
    );
    expect(await verdictOn(file("ool", "a", alone), subjects)).toMatchObject({ status: "tampered" });
  });

  it("lists every digest that the statement has for it", async () => {
    const subjects = ["a", "b", "c", "d", "e"].map((text) => subject(`${text}/tool`, text));
    const shown = ["a", "b", "c"].map((text) => `sha256:${sha256(text)}`).join(", ");
    expect(await verdictOn(file("tool", "x", alone), subjects)).toMatchObject(
      mismatch(`${shown} and 2 more`, `sha256:${sha256("x")}`),
    );
  });
});

describe("a known name with other bytes", () => {
  it("is tampered, with both digests", async () => {
    expect(await verdictOn(file("tool", "evil"), [subject("tool", "a")])).toMatchObject(
      mismatch(`sha256:${sha256("a")}`, `sha256:${sha256("evil")}`),
    );
  });

  it("is tampered when two files were swapped, and says whose bytes they are (A30)", async () => {
    const verdict = await verdictOn(file("tool-amd64", "arm"), [
      subject("tool-amd64", "amd"),
      subject("tool-arm64", "arm"),
    ]);
    expect(verdict).toMatchObject(mismatch(`sha256:${sha256("amd")}`, `sha256:${sha256("arm")}`));
    expect(verdict?.findings[0]?.message).toContain('those of "tool-arm64"');
  });

  it("is tampered when one acceptable digest is equal and another is not (A29)", async () => {
    const mixed = { name: "tool", digest: { sha256: sha256("a"), sha512: sha512("evil") } };
    expect(await verdictOn(file("tool", "a"), [mixed])).toMatchObject(
      mismatch(`sha512:${sha512("evil")}`, `sha512:${sha512("a")}`),
    );
    expect(await verdictOn(file("tool", "evil"), [mixed])).toMatchObject(
      mismatch(`sha256:${sha256("a")}`, `sha256:${sha256("evil")}`),
    );
    expect(await verdictOn(file("other", "a"), [mixed], { anyName: true })).toMatchObject({ status: "tampered" });
  });

  it("is tampered by its own subject's digests, also where another subject has its bytes (A29)", async () => {
    const mixed = { name: "tool", digest: { sha256: sha256("a"), sha512: sha512("evil") } };
    const expected = mismatch(`sha512:${sha512("evil")}`, `sha512:${sha512("a")}`);
    const alone = await verdictOn(file("tool", "a"), [mixed]);
    expect(alone?.findings[0]?.message).not.toContain("its bytes are those of");
    const beside = await verdictOn(file("tool", "a"), [subject("debug", "a"), mixed]);
    expect(beside).toMatchObject(expected);
    expect(beside?.findings[0]?.message).toContain('its bytes are those of "debug"');
  });

  it("is verified when another statement has these bytes under this name", async () => {
    const items = [
      trusted("old", { subject: [subject("tool", "b")] }),
      trusted("new", { subject: [subject("tool", "a")] }),
    ];
    const { verdicts } = await judge([file("tool", "a")], items, STRICT);
    expect(verdicts).toMatchObject([{ status: "verified", statements: [{ bundle: "new" }] }]);
  });
});

it("a known base name with other bytes is tampered wherever the file lies", async () => {
  const verdict = await verdictOn(file("linux/tool", "b"), [subject("tool", "a")]);
  expect(verdict).toMatchObject({ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] });
});

it("a package holds by one statement, whatever another one states under its file name", async () => {
  const npm = trusted("npm.intoto.jsonl", { subject: [subject("pkg:npm/left@1.0.0", "a")] });
  const files = trusted("files.intoto.jsonl", { subject: [subject("left-1.0.0.tgz", "b")] });
  const artifact = tarball("left-1.0.0.tgz", "a", "pkg:npm/left@1.0.0");
  const { verdicts } = await judge([artifact], [npm, files], STRICT);
  expect(verdicts[0]).toMatchObject(VERIFIED);
});

describe("the bytes of a subject under another name", () => {
  it("are refused, with both names", async () => {
    expect(await verdictOn(file("installer", "a"), [subject("debug", "a")])).toMatchObject(
      mismatch('the name "debug"', '"installer"'),
    );
  });

  it("are accepted with anyName", async () => {
    expect(await verdictOn(file("installer", "a"), [subject("debug", "a")], { anyName: true })).toMatchObject(VERIFIED);
  });

  it("are not covered where the subject has no name that a file can have", async () => {
    for (const name of [undefined, "pkg:oci/app@sha256:00"]) {
      const verdict = await verdictOn(file("installer", "a"), [subject(name, "a")]);
      expect(verdict).toMatchObject({ status: "not-covered", findings: [{ code: "NOT_COVERED" }] });
      expect(await verdictOn(file("installer", "a"), [subject(name, "a")], { anyName: true })).toMatchObject(VERIFIED);
    }
  });
});

describe("packages", () => {
  const purl = "pkg:npm/%40octo/pad@1.0.0";

  it("match by the name and version inside, whatever the file is called", async () => {
    expect(await verdictOn(tarball("octo-pad-1.0.0.tgz", "a", purl), [subject(purl, "a")])).toMatchObject(VERIFIED);
    expect(await verdictOn(tarball("download.tgz", "a", purl), [subject(purl, "a")])).toMatchObject(VERIFIED);
  });

  it("never pass by the customary file name", async () => {
    for (const inside of [null, "pkg:npm/other@1.0.0"]) {
      const verdict = await verdictOn(tarball("octo-pad-1.0.0.tgz", "a", inside), [subject(purl, "a")]);
      expect(verdict).toMatchObject({ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] });
    }
  });

  it("are named by their customary file name when they are damaged", async () => {
    const damaged = file("octo-pad-1.0.0.tgz", "damaged", {
      identify: async () => {
        throw new TouchmarkError("PACKAGE_UNREADABLE", "the tarball is damaged");
      },
    });
    expect(await verdictOn(damaged, [subject(purl, "a")])).toMatchObject(
      mismatch(`sha256:${sha256("a")}`, `sha256:${sha256("damaged")}`),
    );
  });

  it("are tampered when the name inside is known with other bytes", async () => {
    expect(await verdictOn(tarball("download.tgz", "evil", purl), [subject(purl, "a")])).toMatchObject(
      mismatch(`sha256:${sha256("a")}`, `sha256:${sha256("evil")}`),
    );
  });

  it("are refused under the file name of another package of the same statement", async () => {
    const subjects = [subject("pkg:npm/app@1.0.0", "app"), subject("pkg:npm/app-legacy@1.0.0", "old")];
    expect(await verdictOn(tarball("app-1.0.0.tgz", "old", "pkg:npm/app-legacy@1.0.0"), subjects)).toMatchObject(
      mismatch(`sha256:${sha256("app")}`, `sha256:${sha256("old")}`),
    );
  });

  it("may share one customary file name", async () => {
    const subjects = [subject("pkg:npm/%40a/b@1.0.0", "scoped"), subject("pkg:npm/a-b@1.0.0", "plain")];
    expect(await verdictOn(tarball("x/a-b-1.0.0.tgz", "scoped", "pkg:npm/%40a/b@1.0.0"), subjects)).toMatchObject(
      VERIFIED,
    );
    expect(await verdictOn(tarball("y/a-b-1.0.0.tgz", "plain", "pkg:npm/a-b@1.0.0"), subjects)).toMatchObject(VERIFIED);
  });

  it("are opened only when a package's digest or a failure asks for it", async () => {
    const asked: string[] = [];
    const identify = async () => {
      asked.push("opened");
      return null;
    };
    await verdictOn(file("x.tgz", "a", { identify }), [subject("x.tgz", "a"), subject(purl, "other")]);
    expect(asked).toEqual([]);
    await verdictOn(file("x.tgz", "a", { identify }), [subject("x.tgz", "a"), subject(purl, "a")]);
    expect(asked).toEqual(["opened"]);
    // Once also where it does not hold, and its name words the refusal.
    expect(await verdictOn(file("y.tgz", "a", { identify }), [subject(purl, "a")])).toMatchObject({
      status: "tampered",
    });
    expect(asked).toEqual(["opened", "opened"]);
  });

  it("pass other errors on", async () => {
    const identify = async () => {
      throw new TouchmarkError("FILE_CHANGED", "x.tgz changed");
    };
    await expect(verdictOn(file("x.tgz", "b", { identify }), [subject(purl, "a")])).rejects.toMatchObject({
      code: "FILE_CHANGED",
    });
  });
});

describe("digests without bytes", () => {
  it("need one equal digest and no name", async () => {
    const mixed = { name: "tool", digest: { sha256: sha256("a"), sha512: sha512("evil") } };
    expect(await verdictOn(digest(sha256("a")), [mixed])).toMatchObject(VERIFIED);
    expect(await verdictOn(digest(sha512("evil"), "sha512"), [mixed])).toMatchObject(VERIFIED);
    expect(await verdictOn(digest(sha256("a")), [subject(undefined, "a")])).toMatchObject(VERIFIED);
  });

  it("are not covered otherwise", async () => {
    for (const wanted of [digest(sha256("b")), digest(sha512("a"), "sha512")]) {
      expect(await verdictOn(wanted, [subject("tool", "a")])).toMatchObject({
        status: "not-covered",
        findings: [{ code: "NOT_COVERED", actual: wanted.name }],
      });
    }
  });

  it("prove nothing with a weak algorithm", async () => {
    const sha1 = "ab".repeat(20);
    expect(await verdictOn(digest(sha1, "sha1"), [{ name: "tool", digest: { sha1 } }])).toMatchObject({
      status: "not-covered",
      findings: [{ code: "DIGEST_UNACCEPTABLE", actual: "sha1" }],
    });
  });
});

describe("digests that prove nothing", () => {
  it.each([
    ["sha1", { sha1: "ab".repeat(20) }],
    ["md5", { md5: "ab".repeat(16) }],
    ["dirHash", { dirHash: "h1:abc" }],
    ["narSha256", { narSha256: sha256("a") }],
  ])("%s alone covers no file", async (algorithm, digests) => {
    expect(await verdictOn(file("tool", "a"), [{ name: "tool", digest: digests }])).toMatchObject({
      status: "not-covered",
      findings: [{ code: "DIGEST_UNACCEPTABLE", actual: algorithm }],
    });
  });

  it("are ignored beside one that does", async () => {
    const both = { name: "tool", digest: { sha1: "ab".repeat(20), sha256: sha256("a") } };
    expect(await verdictOn(file("tool", "a"), [both])).toMatchObject(VERIFIED);
  });
});

describe("evidence that does not cover", () => {
  const statement = { subject: [subject("tool", "a")] };

  it("is any trusted statement but provenance (A33)", async () => {
    const sbom = trusted("sbom.sigstore.json", {
      ...statement,
      predicateType: "https://spdx.dev/Document",
      predicate: {},
    });
    for (const artifact of [file("tool", "a"), file("tool", "other"), file("renamed", "a"), digest(sha256("a"))]) {
      const { verdicts } = await judge([artifact], [sbom], STRICT);
      expect(verdicts).toMatchObject([
        { status: "not-covered", findings: [{ code: "NOT_PROVENANCE", actual: "https://spdx.dev/Document" }] },
      ]);
    }
  });

  it("is a stranger's, which makes the artifact untrusted", async () => {
    const foreign = evidence("foreign.sigstore.json", stranger, key, statement);
    for (const artifact of [file("tool", "a"), file("tool", "other"), digest(sha256("a"))]) {
      const { verdicts } = await judge([artifact], [foreign], STRICT);
      expect(verdicts).toMatchObject([{ status: "untrusted", findings: [{ code: "SIGNER_UNTRUSTED" }] }]);
    }
    const { verdicts } = await judge([file("else", "else")], [foreign], STRICT);
    expect(verdicts).toMatchObject([{ status: "not-covered", findings: [{ code: "NOT_COVERED" }] }]);
  });

  it("does not hide what trusted evidence says", async () => {
    const foreign = evidence("foreign.sigstore.json", stranger, key, { subject: [subject("tool", "evil")] });
    const { verdicts } = await judge([file("tool", "evil")], [foreign, trusted("own", statement)], STRICT);
    expect(verdicts).toMatchObject([{ status: "tampered" }]);
  });

  it("is provenance that is not well formed, which is not the signer's fault", async () => {
    const malformed = trusted("x.sigstore.json", { ...statement, predicate: {} });
    const { verdicts } = await judge([file("tool", "a")], [malformed], STRICT);
    expect(verdicts).toMatchObject([{ status: "not-covered", findings: [{ code: "STATEMENT_MALFORMED" }] }]);
  });
});

it("a name that differs in case is another name (A32)", async () => {
  const stated = trusted("release", { subject: [subject("tool", "a")] });
  const [exact, otherCase] = (await judge([file("tool", "a"), file("Tool", "a")], [stated], STRICT)).verdicts;
  expect(exact?.status).toBe("verified");
  expect(otherCase).toMatchObject({ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] });
});

describe("a file that looks like evidence", () => {
  const stated = trusted("release", { subject: [subject("tool", "a"), subject("x/sbom.sigstore.json", "e")] });
  const judged = (name: string, content: string) =>
    judge([file("tool", "a"), { ...file(name, content), looksLikeEvidence: true }], [stated], STRICT);

  it("is set aside when no statement knows its path, also where a base name is known", async () => {
    for (const name of ["other.sigstore.json", "sbom.sigstore.json", "y/sbom.sigstore.json"]) {
      const { verdicts, absent } = await judged(name, "stranger");
      expect(verdicts[1]).toEqual({ status: "evidence", statements: [], findings: [] });
      expect(absent.names).toEqual(["x/sbom.sigstore.json"]);
    }
  });

  it("is an artifact like any other when trusted provenance states its path", async () => {
    expect((await judged("x/sbom.sigstore.json", "e")).verdicts[1]?.status).toBe("verified");
    const replaced = (await judged("x/sbom.sigstore.json", "stranger")).verdicts[1];
    expect(replaced).toMatchObject({ status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] });
  });
});

describe("absent subjects", () => {
  const all = [
    subject("linux/tool", "a"),
    subject("darwin/tool", "b"),
    subject("pkg:npm/pad@1.0.0", "p"),
    subject(undefined, "u"),
  ];
  const absentWith = async (artifacts: readonly Artifact[], options = STRICT) =>
    (await judge(artifacts, [trusted("release", { subject: all })], options)).absent;

  it("are counted and named", async () => {
    expect(await absentWith([file("linux/tool", "a")])).toEqual({
      count: 3,
      names: ["darwin/tool", "pkg:npm/pad@1.0.0", `sha256:${sha256("u")}`].sort(),
    });
  });

  it("are those that no verified artifact matched", async () => {
    expect((await absentWith([file("linux/tool", "evil")])).count).toBe(3); // there, and wrong
    expect((await absentWith([file("stranger", "evil")])).count).toBe(4);
    expect((await absentWith([digest(sha256("u")), tarball("x.tgz", "p", "pkg:npm/pad@1.0.0")])).count).toBe(2);
    expect(
      (await absentWith([file("x", "a"), file("y", "b"), file("z", "p"), file("u", "u")], { anyName: true })).count,
    ).toBe(0);
  });

  it("are counted once when two statements have them, and not when one of them is matched", async () => {
    const items = [trusted("one", { subject: all }), trusted("two", { subject: all })];
    expect((await judge([file("linux/tool", "a")], items, STRICT)).absent.count).toBe(3);
  });

  it("are there when one of two statements lets the name fit", async () => {
    const one = trusted("one", { subject: [subject("x/tool", "a")] });
    const two = trusted("two", { subject: [subject("x/tool", "a"), subject("y/tool", "b")] });
    expect((await judge([file("tool", "a")], [one, two], STRICT)).absent).toEqual({ count: 1, names: ["y/tool"] });
  });

  it("are not there because another has their base name and bytes, or some of their digests, or a path like theirs", async () => {
    const absent = async (artifact: Artifact, ...subjects: readonly unknown[]) =>
      (await judge([artifact], [trusted("one", { subject: subjects })], STRICT)).absent.names;
    expect(await absent(file("x/tool", "a"), subject("x/tool", "a"), subject("y/tool", "a"))).toEqual(["y/tool"]);
    const mixed = { name: "tool", digest: { sha256: sha256("a"), sha512: sha512("evil") } };
    expect(await absent(file("tool", "a"), subject("tool", "a"), mixed)).toEqual(["tool"]);
    const path = "pkg:npm/pad@1.0.0";
    expect(await absent(file(path, "a"), subject(path, "a"), subject("pad@1.0.0", "a"))).toEqual([path]);
  });

  it("with equal bytes under two names are two", async () => {
    const item = trusted("one", { subject: [subject("a", "same"), subject("b", "same")] });
    expect((await judge([file("a", "same")], [item], STRICT)).absent).toEqual({ count: 1, names: ["b"] });
    expect((await judge([digest(sha256("same"))], [item], STRICT)).absent.count).toBe(0);
  });

  it("are only those of trusted provenance", async () => {
    const items = [
      trusted("release", { subject: [subject("tool", "a")] }),
      trusted("sbom", { subject: [subject("other", "b")], predicateType: "https://spdx.dev/Document" }),
      evidence("foreign", stranger, key, { subject: [subject("foreign", "c")] }),
    ];
    expect((await judge([file("tool", "a")], items, STRICT)).absent.count).toBe(0);
  });

  it("a tarball that is a file and a package is both", async () => {
    const item = trusted("release", { subject: [subject("pad-1.0.0.tgz", "p"), subject("pkg:npm/pad@1.0.0", "p")] });
    const artifact = tarball("pad-1.0.0.tgz", "p", "pkg:npm/pad@1.0.0");
    expect((await judge([artifact], [item], STRICT)).absent.count).toBe(0);
  });
});
