import { describe, expect, it } from "vitest";
import { digest, evidence, file, subject, tarball } from "../test/judge-cases.ts";
import { sha256, testKey } from "../test/signed-bundles.ts";
import type { Artifact } from "./artifact.ts";
import { type JudgeOptions, judge } from "./judge.ts";

const key = testKey();

async function verdictOn(artifact: Artifact, subjects: readonly unknown[], options: Partial<JudgeOptions> = {}) {
  const item = evidence("release.intoto.jsonl", key, key, { subject: subjects });
  const { verdicts, absent } = await judge([artifact], [item], { anyName: false, ...options });
  return { ...verdicts[0], absent: absent.names };
}

const VERIFIED = { status: "verified", findings: [] };
const MISMATCH = { status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] };

describe.each([
  [
    "pkg:pypi/octo-pad@1.0.0",
    "octo_pad-1.0.0-py3-none-any.whl",
    "pkg:pypi/octo-wide@1.0.0",
    "octo_wide-1.0.0-cp311-cp311-linux_x86_64.whl",
  ],
  [
    "pkg:pypi/octo-pad@1.0.0",
    "octo_pad-1.0.0-1-py3-none-any.whl",
    "pkg:pypi/octo-pad@1.0.1",
    "Octo.Pad-1.0.1-py3-none-any.whl",
  ],
  ["pkg:pypi/octo-pad@1.0.0", "octo_pad-1.0.0.tar.gz", "pkg:pypi/octo-wide@1.0.0", "octo-wide-1.0.0.tar.gz"],
  ["pkg:cargo/octo-pad@1.0.0", "octo-pad-1.0.0.crate", "pkg:cargo/octo-pad@1.0.1", "octo-pad-1.0.1.crate"],
])("%s in %s", (purl, name, otherPurl, otherName) => {
  it("holds by what it says itself, whatever it is called", async () => {
    for (const called of [name, `dist/${name}`, "download"]) {
      expect(await verdictOn(tarball(called, "a", purl), [subject(purl, "a")])).toMatchObject({
        ...VERIFIED,
        absent: [],
      });
    }
  });

  it("holds by its file name too, as any file", async () => {
    expect(await verdictOn(tarball(name, "a", purl), [subject(name, "a")])).toMatchObject(VERIFIED);
    expect(await verdictOn(tarball(`dist/${name}`, "a", purl), [subject(name, "a")])).toMatchObject(VERIFIED);
  });

  it(`does not hold under the name of ${otherPurl}`, async () => {
    const both = [subject(purl, "a"), subject(otherPurl, "b")];
    expect(await verdictOn(tarball(otherName, "a", purl), both)).toMatchObject(MISMATCH);
    expect(await verdictOn(tarball(name, "a", purl), both)).toMatchObject(VERIFIED);
  });

  it("does not hold as another package than its statement names", async () => {
    expect(await verdictOn(tarball(name, "a", otherPurl), [subject(purl, "a")])).toMatchObject(MISMATCH);
    expect(await verdictOn(tarball(name, "a", null), [subject(purl, "a")])).toMatchObject(MISMATCH);
  });

  it("is called by its name when it is damaged", async () => {
    const damaged = tarball(name, "damaged", null);
    expect(await verdictOn(damaged, [subject(purl, "a")])).toMatchObject({ ...MISMATCH, absent: [] });
  });
});

it("a Python package has several files under one name", async () => {
  const purl = "pkg:pypi/octo-pad@1.0.0";
  const both = [subject(purl, "sdist"), subject(purl, "wheel")];
  expect(await verdictOn(tarball("octo_pad-1.0.0.tar.gz", "sdist", purl), both)).toMatchObject(VERIFIED);
  expect(await verdictOn(tarball("octo_pad-1.0.0-py3-none-any.whl", "wheel", purl), both)).toMatchObject(VERIFIED);
});

it("a purl holds in any spelling", async () => {
  const artifact = tarball("pad.tgz", "a", "pkg:npm/%40octo/pad@1.0.0");
  expect(await verdictOn(artifact, [subject("pkg:npm/@octo%2Fpad@1.0.0", "a")])).toMatchObject({
    ...VERIFIED,
    absent: [],
  });
  const other = tarball("pad.tgz", "a", "pkg:npm/%40octo/Pad@1.0.0");
  expect(await verdictOn(other, [subject("pkg:npm/@octo%2Fpad@1.0.0", "a")])).toMatchObject(MISMATCH);
});

it("no package is opened where no evidence names one", async () => {
  const identify = () => Promise.reject(new Error("opened"));
  expect(await verdictOn(file("tool.tar.gz", "b", { identify }), [subject("tool.tar.gz", "a")])).toMatchObject(
    MISMATCH,
  );
});

describe("the package that the user asked for", () => {
  const purl = "pkg:npm/%40octo/pad@1.0.0";
  const other = { status: "policy", findings: [{ code: "PACKAGE_MISMATCH" }] };
  const asked = (artifact: Artifact, wanted: string, subjects = [subject(purl, "a")]) =>
    verdictOn(artifact, subjects, { package: wanted });

  it("is this one", async () => {
    expect(await asked(tarball("pad.tgz", "a", purl), "pkg:npm/@octo/pad@1.0.0")).toMatchObject(VERIFIED);
    expect(await asked(digest(sha256("a")), purl)).toMatchObject(VERIFIED);
  });

  it.each(["pkg:npm/%40octo/pad@1.0.1", "pkg:npm/%40octo/pads@1.0.0", "pkg:pypi/pad@1.0.0"])(
    "is %s, and this is another",
    async (wanted) => {
      expect(await asked(tarball("pad.tgz", "a", purl), wanted)).toMatchObject({ ...other, absent: [] });
      expect(await asked(digest(sha256("a")), wanted)).toMatchObject(other);
    },
  );

  it("is known by its content where the statement has a file name", async () => {
    const wheel = tarball("octo_pad-1.0.0-py3-none-any.whl", "a", "pkg:pypi/octo-pad@1.0.0");
    const subjects = [subject(wheel.name, "a")];
    expect(await asked(wheel, "pkg:pypi/octo.pad@1.0.0", subjects)).toMatchObject(VERIFIED);
    expect(await asked(wheel, "pkg:pypi/octo-pad@1.0.1", subjects)).toMatchObject(other);
  });

  it("is no file that says nothing of itself", async () => {
    expect(await asked(file("tool", "a"), purl, [subject("tool", "a")])).toMatchObject(other);
  });

  it("does not make what nobody states hold", async () => {
    expect(await asked(tarball("pad.tgz", "b", purl), purl)).toMatchObject(MISMATCH);
  });

  it("is not read out of files that nobody states, but of a hundred for the words: they may take seconds each", async () => {
    let opened = 0;
    const identify = async () => {
      opened += 1;
      return purl;
    };
    const strangers = Array.from({ length: 110 }, (_, at) => file(`${at}.tgz`, `${at}`, { identify }));
    const pad = evidence("a.intoto.jsonl", key, key, { subject: [subject(purl, "a")] });
    const tool = evidence("b.intoto.jsonl", key, key, { subject: [subject("tool", "b")] });
    const statuses = async (items: (typeof pad)[]) => {
      const { verdicts } = await judge(strangers, items, { anyName: false, package: purl });
      return new Set(verdicts.map(({ status }) => status));
    };
    expect(await statuses([tool])).toEqual(new Set(["not-covered"]));
    expect(opened).toBe(0);
    expect(await statuses([pad])).toEqual(new Set(["tampered", "not-covered"]));
    expect(opened).toBe(100);
  });

  it("may have the bytes of another one in the same statement", async () => {
    const names = [purl, "pkg:npm/%40octo/pads@1.0.0", "pad.tgz"];
    for (const subjects of [names, names.toReversed()].map((order) => order.map((name) => subject(name, "a")))) {
      expect(await asked(digest(sha256("a")), purl, subjects)).toMatchObject(VERIFIED);
      const anyName = { anyName: true, package: purl };
      expect(await verdictOn(tarball("x.tgz", "a", null), subjects, anyName)).toMatchObject(VERIFIED);
    }
  });

  it("may stand in one of several statements", async () => {
    const items = ["pkg:npm/%40octo/pad@1.0.0", "pkg:npm/%40octo/pads@1.0.0"].map((name) =>
      evidence(`${name}.intoto.jsonl`, key, key, { subject: [subject(name, "a")] }),
    );
    const { verdicts } = await judge([digest(sha256("a"))], items, { anyName: false, package: purl });
    expect(verdicts).toMatchObject([{ status: "verified", statements: [{ bundle: `${purl}.intoto.jsonl` }] }]);
  });
});
