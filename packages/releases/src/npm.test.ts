import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bytesOf, evidenceOf, open } from "../test/open.ts";

const TARBALL = "the bytes of a package";
const HOME = "https://registry.npmjs.org";
const integrity = `sha512-${createHash("sha512").update(TARBALL).digest("base64")}`;
const MANIFEST = {
  name: "@octo/pad",
  version: "1.0.0",
  dist: { tarball: `${HOME}/@octo/pad/-/pad-1.0.0.tgz`, integrity },
};
const ANSWERS = {
  [`${HOME}/%40octo%2Fpad/1.0.0`]: { body: MANIFEST },
  [MANIFEST.dist.tarball]: { body: TARBALL },
  [`${HOME}/-/npm/v1/attestations/%40octo%2Fpad%401.0.0`]: { body: { attestations: [] } },
};
const TARGET = "npm:@octo/pad@1.0.0";

const withDist = (dist: object) => ({
  ...ANSWERS,
  [`${HOME}/%40octo%2Fpad/1.0.0`]: { body: { ...MANIFEST, dist: { ...MANIFEST.dist, ...dist } } },
});

describe("a version of a package", () => {
  it("is its tarball, as npm pack names it, and the registry's attestations", async () => {
    const opened = await open(TARGET, ANSWERS);
    expect(opened.release.assets.map(({ name }) => name)).toEqual(["octo-pad-1.0.0.tgz"]);
    expect(await bytesOf(opened.release.assets[0])).toBe(TARBALL);
    expect(await evidenceOf(opened)).toEqual([
      { name: "attestations of @octo/pad@1.0.0 at registry.npmjs.org", text: '{"attestations":[]}' },
    ]);
  });

  it("without attestations has no evidence", async () => {
    const { [`${HOME}/-/npm/v1/attestations/%40octo%2Fpad%401.0.0`]: _, ...rest } = ANSWERS;
    expect(await evidenceOf(await open(TARGET, rest))).toEqual([]);
  });

  it("that is not there is a missing target", async () => {
    await expect(open(TARGET, {})).rejects.toMatchObject({ code: "TARGET_MISSING" });
  });

  it("lies at the mirror that repeats what the public registry wrote", async () => {
    const opened = await open(
      TARGET,
      {
        "https://npm.example.com/mirror/%40octo%2Fpad/1.0.0": { body: MANIFEST },
        "https://npm.example.com/mirror/@octo/pad/-/pad-1.0.0.tgz": { body: TARBALL },
      },
      { endpoints: { npm: new URL("https://npm.example.com/mirror") } },
    );
    expect(await bytesOf(opened.release.assets[0])).toBe(TARBALL);
  });
});

describe("what contradicts the registry itself fails", () => {
  it.each([
    ["another name", { name: "pad" }],
    ["another version", { version: "1.0.1" }],
  ])("%s", async (_, change) => {
    const answers = { ...ANSWERS, [`${HOME}/%40octo%2Fpad/1.0.0`]: { body: { ...MANIFEST, ...change } } };
    await expect(open(TARGET, answers)).rejects.toMatchObject({ code: "SERVICE_INVALID" });
  });

  it.each([
    ["another integrity", { integrity: `sha512-${createHash("sha512").update("x").digest("base64")}` }],
    ["another shasum", { integrity: null, shasum: createHash("sha1").update("x").digest("hex") }],
    ["a tarball somewhere else", { tarball: "https://evil.example/pad-1.0.0.tgz" }],
    ["a tarball over plain http", { tarball: "http://registry.npmjs.example/pad.tgz" }],
  ])("%s", async (_, dist) => {
    const { release, requests } = await open(TARGET, withDist(dist));
    await expect(bytesOf(release.assets[0])).rejects.toMatchObject({ code: "SERVICE_INVALID" });
    expect(requests.every(({ url }) => url.startsWith(`${HOME}/`))).toBe(true);
  });
});

it("the token goes to the registry and to nobody else", async () => {
  const other = "https://cdn.example.com/pad.tgz";
  const answers = { ...ANSWERS, [MANIFEST.dist.tarball]: { status: 302, headers: { location: other } } };
  const { release, requests } = await open(TARGET, answers, { token: "hush" });
  await expect(bytesOf(release.assets[0])).rejects.toMatchObject({ code: "SERVICE_INVALID" });
  expect(requests.map(({ headers }) => headers?.["authorization"])).toEqual(["Bearer hush", "Bearer hush"]);
  expect(requests.some(({ url }) => url.includes("cdn.example.com"))).toBe(false);
});
