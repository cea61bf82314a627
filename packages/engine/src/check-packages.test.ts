import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withTestHost } from "@touchmark/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tarballOf } from "../../package-identity/test/tarball-of.ts";
import { zipOf } from "../../package-identity/test/zip-of.ts";
import { bytesOf, trusting } from "../../verify/test/certificate-cases.ts";
import { npmDocument, npmKeysOf, signedProvenance } from "../../verify/test/npm-cases.ts";
import { sha512, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { type CheckOptions, check } from "./check.ts";

const key = testKey("ed25519", "touchmark.pub");
const METADATA = "Name: octo-pad\nVersion: 1.0.0\n";
const WHEEL = zipOf([{ name: "octo_pad-1.0.0.dist-info/METADATA", content: METADATA }]);
const SDIST = await tarballOf([["octo_pad-1.0.0/PKG-INFO", METADATA]]);
const CRATE = await tarballOf([["pad-1.0.0/Cargo.toml", '[package]\nname = "pad"\nversion = "1.0.0"\n']]);
const subject = (name: string, content: string | Buffer) => ({
  name,
  digest: { sha256: createHash("sha256").update(content).digest("hex") },
});
const signed = (...subjects: readonly unknown[]) => signedBytes(key, statementBytes({ subject: subjects }));

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-check-packages-"));
});
afterAll(() => rm(base, { recursive: true }));

async function checked(files: Readonly<Record<string, string | Uint8Array>>, options: Partial<CheckOptions> = {}) {
  const folder = await mkdtemp(join(base, "w-"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const strict = { complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets: ["."], bundles: null, trust: [key.trust], ...strict, ...options };
  return withTestHost(folder, (host) => check(all, host));
}

const shown = ({ artifacts }: Awaited<ReturnType<typeof checked>>) =>
  Object.fromEntries(artifacts.map(({ name, status, findings }) => [name, findings[0]?.code ?? status]));

describe("packages", () => {
  const PURLS = [
    subject("pkg:pypi/octo-pad@1.0.0", WHEEL),
    subject("pkg:pypi/octo-pad@1.0.0", SDIST),
    subject("pkg:cargo/pad@1.0.0", CRATE),
    subject("pkg:pypi/octo-wide@1.0.0", "another wheel"),
  ];

  it("hold by name and version in them", async () => {
    const report = await checked({
      "x.whl": WHEEL,
      "octo_pad-1.0.0.tar.gz": SDIST,
      "y.crate": CRATE,
      "all.intoto.jsonl": signed(...PURLS),
    });
    expect(shown(report)).toEqual({
      "x.whl": "verified",
      "octo_pad-1.0.0.tar.gz": "verified",
      "y.crate": "verified",
      "all.intoto.jsonl": "evidence",
    });
  });

  it("do not hold under the name of another one, nor as no package", async () => {
    const wide = "octo_wide-1.0.0-py3-none-any.whl";
    const report = await checked({ [wide]: WHEEL, "pad.bin": CRATE, "all.intoto.jsonl": signed(...PURLS) });
    expect(shown(report)).toMatchObject({ [wide]: "SUBJECT_MISMATCH", "pad.bin": "SUBJECT_MISMATCH" });
  });

  it("hold by their file names, where a statement has those", async () => {
    const name = "octo_pad-1.0.0-py3-none-any.whl";
    expect(shown(await checked({ [name]: WHEEL, "all.intoto.jsonl": signed(subject(name, WHEEL)) }))).toMatchObject({
      [name]: "verified",
    });
  });
});

it("an SBOM is an artifact like others, and no evidence", async () => {
  const sboms = {
    "tool.spdx.json": JSON.stringify({ spdxVersion: "SPDX-2.3", name: "tool", packages: [] }),
    "tool.cdx.json": JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components: [] }),
  };
  const subjects = Object.entries(sboms).map(([name, content]) => subject(name, content));
  const files = { tool: "tool", ...sboms };
  const report = await checked({ ...files, "all.intoto.jsonl": signed(subject("tool", "tool"), ...subjects) });
  expect(report).toMatchObject({ result: "verified", counts: { verified: 3, evidence: 1 } });
  const uncovered = await checked({ ...files, "all.intoto.jsonl": signed(subject("tool", "tool")) });
  expect(shown(uncovered)).toMatchObject({ "tool.spdx.json": "NOT_COVERED", "tool.cdx.json": "NOT_COVERED" });
  const changed = { ...files, "tool.cdx.json": "{}" };
  expect(
    shown(await checked({ ...changed, "all.intoto.jsonl": signed(subject("tool", "tool"), ...subjects) })),
  ).toMatchObject({ "tool.cdx.json": "SUBJECT_MISMATCH" });
});

describe("npm's document", () => {
  const digest = `sha512:${sha512("pad")}`;
  const document = JSON.stringify(npmDocument());

  it("is found by its name, set aside, and says that the registry vouches", async () => {
    let asked = 0;
    const npmKeys = async () => {
      asked += 1;
      return npmKeysOf();
    };
    const options = { trust: [trusting()], npmKeys, targets: [digest, "."] };
    const report = await checked(
      { "pad.tgz.attestations.json": document, "b.attestations.json": `${document} ` },
      options,
    );
    expect(report).toMatchObject({ result: "verified", counts: { verified: 1, evidence: 2 } });
    expect(report.artifacts.find(({ name }) => name === digest)?.statements).toMatchObject([
      {
        signer: expect.stringContaining("identity:"),
        published: { registry: "https://registry.npmjs.org", name: "@octo/pad", version: "1.2.3" },
      },
    ]);
    expect(asked).toBe(1);
  });

  it("counts only where somebody gave the registry's keys, which nothing else needs", async () => {
    const options = { trust: [trusting()], targets: [digest], bundles: ["x.json"] };
    const refused = await checked({ "x.json": document }, options);
    expect(shown(refused)).toEqual({ [digest]: "SIGNER_UNTRUSTED" });
    const npmKeys = () => Promise.reject(new Error("asked"));
    const bare = bytesOf(signedProvenance());
    expect(await checked({ "x.json": bare }, { ...options, npmKeys })).toMatchObject({ result: "verified" });
  });
});

it("a copy that lacks what the evidence needs does not stand for it", async () => {
  const whole = signedProvenance();
  const { verificationMaterial } = whole;
  const options = { trust: [trusting()], targets: [`sha512:${sha512("pad")}`] };
  for (const lacking of [
    { ...whole, verificationMaterial: { ...verificationMaterial, tlogEntries: [] } },
    { ...whole, verificationMaterial: { ...verificationMaterial, timestampVerificationData: {} } },
  ]) {
    const files = { "a.json": JSON.stringify(lacking), "b.json": JSON.stringify(whole) };
    for (const bundles of [
      ["a.json", "b.json"],
      ["b.json", "a.json"],
    ]) {
      expect(await checked(files, { ...options, bundles })).toMatchObject({ result: "verified" });
    }
  }
  // The same of a document: without the registry's word it is another one.
  const npmKeys = async () => npmKeysOf();
  const { attestations } = npmDocument();
  const files = {
    "a.json": JSON.stringify({ attestations: attestations.slice(1) }),
    "b.json": JSON.stringify({ attestations }),
  };
  for (const bundles of [
    ["a.json", "b.json"],
    ["b.json", "a.json"],
  ]) {
    expect(await checked(files, { ...options, npmKeys, bundles })).toMatchObject({ result: "verified" });
  }
});
