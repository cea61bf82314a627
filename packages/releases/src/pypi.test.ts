import { leastCpuMs } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import type { Answer } from "../test/answering-host.ts";
import { bytesOf, evidenceOf, open, sha256 } from "../test/open.ts";
import { indexPage } from "./index-page.ts";

const INDEX = "https://pypi.org/simple/octo-pad/";
const FILES = "https://files.pythonhosted.org/packages/1";
const WHEEL = "octo_pad-1.0.0-py3-none-any.whl";
const SDIST = "octo_pad-1.0.0.tar.gz";
const PROVENANCE = "https://pypi.org/integrity/octo-pad/1.0.0/octo_pad-1.0.0.tar.gz/provenance";
const file = (filename: string, more: object = {}) => ({
  filename,
  url: `${FILES}/${filename}`,
  hashes: { sha256: sha256(filename) },
  ...more,
});
const json = (files: readonly object[]): Answer => ({
  headers: { "content-type": "application/vnd.pypi.simple.v1+json" },
  body: { meta: { "api-version": "1.3" }, name: "octo-pad", files },
});
const ALL = [
  file(WHEEL),
  file(SDIST, { provenance: PROVENANCE }),
  file("octo_pad-1.0.1.tar.gz"),
  file("octo_pad-1.0.0.post1.tar.gz"),
  file("octo_pad_more-1.0.0.tar.gz"),
  file("octo-pad-1.0.0.zip"),
];
const ANSWERS: Record<string, Answer> = {
  [INDEX]: json(ALL),
  [`${FILES}/${WHEEL}`]: { body: WHEEL },
  [`${FILES}/${SDIST}`]: { body: SDIST },
  [`${FILES}/octo-pad-1.0.0.zip`]: { body: "octo-pad-1.0.0.zip" },
  [PROVENANCE]: { body: { version: 1, attestation_bundles: [] } },
};

describe("a version of a Python package", () => {
  it("is all files of that version, and their provenance", async () => {
    const opened = await open("pypi:Octo.Pad@1.0.0", ANSWERS);
    expect(opened.release.assets.map(({ name }) => name)).toEqual(["octo-pad-1.0.0.zip", WHEEL, SDIST]);
    expect(await evidenceOf(opened)).toEqual([
      { name: `provenance of ${SDIST} at pypi.org`, text: '{"version":1,"attestation_bundles":[]}' },
    ]);
  });

  it("can be one of its files", async () => {
    const { release } = await open(`pypi:octo-pad@1.0.0#${WHEEL}`, ANSWERS);
    expect(release.assets.map(({ name }) => name)).toEqual([WHEEL]);
    expect(await bytesOf(release.assets[0])).toBe(WHEEL);
  });

  it("lies in an index that is files alone", async () => {
    const home = "https://mirror.example.com/simple";
    const body = `<!DOCTYPE html><html><body><h1>Links</h1>
      <a href="../../files/${SDIST}#sha256=${sha256(SDIST)}" data-provenance="../../files/p?a=1&amp;b=2">${SDIST}</a><br/>
      <A class=x HREF='https://mirror.example.com/files/${WHEEL}'> ${WHEEL} </A></body></html>`;
    const opened = await open(
      "pypi:octo-pad@1.0.0",
      {
        [`${home}/octo-pad/`]: { headers: { "content-type": "text/html; charset=utf-8" }, body },
        [`https://mirror.example.com/files/${SDIST}`]: { body: SDIST },
        [`https://mirror.example.com/files/${WHEEL}`]: { body: WHEEL },
        "https://mirror.example.com/files/p?a=1&b=2": { body: "{}" },
      },
      { endpoints: { pypi: new URL(home) } },
    );
    expect(await evidenceOf(opened)).toEqual([{ name: `provenance of ${SDIST} at mirror.example.com`, text: "{}" }]);
  });
});

describe("is refused", () => {
  it.each<[string, string, string, Record<string, Answer>]>([
    ["a project that is not there", "pypi:octo-pad@1.0.0", "TARGET_MISSING", {}],
    ["a version that is not there", "pypi:octo-pad@2.0.0", "TARGET_MISSING", ANSWERS],
    ["a file that is not there", "pypi:octo-pad@1.0.0#none.whl", "TARGET_MISSING", ANSWERS],
    ["a name that leads out", "pypi:octo-pad@1.0.0#../x", "NAME_REFUSED", { [INDEX]: json([file("../x")]) }],
    [
      "an address that is none",
      "pypi:octo-pad@1.0.0",
      "SERVICE_INVALID",
      { [INDEX]: json([file(SDIST, { url: "https://" })]) },
    ],
    ["what is no index", "pypi:octo-pad@1.0.0", "SERVICE_INVALID", { [INDEX]: { body: "{}" } }],
  ])("%s", async (_, target, code, answers) => {
    await expect(open(target, answers)).rejects.toMatchObject({ code });
  });

  it.each([
    ["other bytes than the index says", { hashes: { sha256: "0".repeat(64) } }],
    ["a file at a stranger's", { url: "https://evil.example/x" }],
  ])("%s", async (_, change) => {
    const { release, requests } = await open("pypi:octo-pad@1.0.0", {
      ...ANSWERS,
      [INDEX]: json([file(SDIST, change)]),
    });
    await expect(bytesOf(release.assets[0])).rejects.toMatchObject({ code: "SERVICE_INVALID" });
    expect(requests.some(({ url }) => url.includes("evil"))).toBe(false);
  });

  it("provenance at a stranger's", async () => {
    const index = json([file(SDIST, { provenance: "https://evil.example/p" })]);
    const opened = await open("pypi:octo-pad@1.0.0", { ...ANSWERS, [INDEX]: index });
    await expect(evidenceOf(opened)).rejects.toMatchObject({ code: "SERVICE_INVALID" });
    expect(opened.requests.some(({ url }) => url.includes("evil"))).toBe(false);
  });
});

it.each([
  ["tags without an end", "<a ".repeat(300_000)],
  ["links without an end", "<a x>".repeat(200_000)],
  ["one long tag", `<a ${"href ".repeat(200_000)}>x<`],
])("a page of %s is read in one pass", async (_, text) => {
  const bytes = new TextEncoder().encode(text);
  expect(await leastCpuMs(100, () => indexPage(bytes))).toBeLessThan(100);
});
