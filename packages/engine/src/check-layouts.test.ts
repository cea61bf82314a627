import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finding } from "@touchmark/core";
import type { ArtifactFacts } from "@touchmark/policy";
import { withTestHost } from "@touchmark/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import {
  type Blob,
  blob,
  bundleLayer,
  envelopeLayer,
  evidenceManifest,
  hexOf,
  imageSubject,
  index,
  layoutFiles,
  manifest,
  type TestIndex,
  type TestManifest,
} from "../test/image-cases.ts";
import { testPolicy } from "../test/test-policy.ts";
import { type CheckOptions, check } from "./check.ts";
import { describeEvidence } from "./describe-evidence.ts";
import type { NamedImage } from "./named-image.ts";
import { CheckReportSchema } from "./report-schema.ts";

const key = testKey("ed25519", "touchmark.pub");
const stranger = testKey("P-256", "stranger.pub");
const bundleOf = (subjects: readonly object[], signer = key) =>
  signedBytes(signer, statementBytes({ subject: subjects }));

const NAME = "ghcr.io/octo/app";
const AMD64 = manifest("amd64's layer", "amd64");
const ARM64 = manifest("arm64's layer", "arm64");
const IMAGE = index(AMD64, ARM64);
const OTHER = manifest("another image");
const PLATFORMS = [imageSubject(NAME, AMD64, "linux/amd64"), imageSubject(NAME, ARM64, "linux/arm64")];
const BUNDLE = bundleOf([imageSubject(NAME, IMAGE)]);
const SIGNATURE = blob(
  "application/vnd.dev.cosign.simplesigning.v1+json",
  JSON.stringify({
    critical: {
      identity: { "docker-reference": "" },
      image: { "docker-manifest-digest": IMAGE.digest },
      type: "cosign container image signature",
    },
    optional: null,
  }),
);

let base = "";
let folder = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-layouts-"));
});
beforeEach(async () => {
  folder = await mkdtemp(join(base, "w-"));
});
afterAll(() => rm(base, { recursive: true }));

async function writeLayout(place: string, ...args: Parameters<typeof layoutFiles>): Promise<void> {
  await mkdir(join(place, "blobs/sha256"), { recursive: true });
  for (const [name, content] of Object.entries(layoutFiles(...args))) await writeFile(join(place, name), content);
}

const layout = (...entries: readonly (TestManifest | TestIndex)[]) => writeLayout(join(folder, "image"), entries);
const beside = (bundle: Uint8Array, name = "app.sigstore.json") => writeFile(join(folder, name), bundle);
const fileOf = (one: Blob) => join(folder, "image/blobs/sha256", hexOf(one));

async function checked(targets: readonly string[] = ["oci-layout:image"], options: Partial<CheckOptions> = {}) {
  const strict = { bundles: null, complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets, trust: [key.trust], ...strict, ...options };
  const report = await withTestHost(folder, (host) => check(all, host));
  expect(CheckReportSchema.parse(report)).toEqual(report);
  return report;
}

const image = (one: Blob) => ({ name: `image@${one.digest}`, digest: one.digest });
const VERIFIED = { ...image(IMAGE), target: "oci-layout:image", platform: null, status: "verified", findings: [] };

describe("an image layout", () => {
  it("is verified by evidence beside it, under any name of its image", async () => {
    await layout(IMAGE);
    await beside(BUNDLE);
    expect(await checked()).toMatchObject({ result: "verified", artifacts: [VERIFIED], findings: [] });
    expect(await checked(["oci-layout:./image/"])).toMatchObject({ result: "verified" });
  });

  it("is verified by named evidence, and then by no other", async () => {
    await layout(IMAGE, evidenceManifest([bundleLayer(BUNDLE)], IMAGE));
    await beside(BUNDLE);
    await beside(bundleOf([imageSubject(NAME, OTHER)]), "named.json");
    expect(await checked()).toMatchObject({ result: "verified" });
    expect(await checked(undefined, { bundles: ["named.json"] })).toMatchObject({
      result: "failed",
      artifacts: [{ status: "not-covered" }, { status: "evidence" }],
    });
  });

  it("is not covered without evidence", async () => {
    await layout(IMAGE);
    expect(await checked()).toMatchObject({
      result: "failed",
      artifacts: [{ ...image(IMAGE), status: "not-covered" }],
    });
  });

  it("may hold several images, each of which must be covered", async () => {
    await layout(IMAGE, OTHER);
    await beside(BUNDLE);
    expect(await checked()).toMatchObject({
      result: "failed",
      artifacts: [VERIFIED, { ...image(OTHER), status: "not-covered" }],
    });
  });

  it("is judged with each of its platforms on request", async () => {
    await layout(IMAGE);
    await beside(BUNDLE);
    expect(await checked(undefined, { recursive: true })).toMatchObject({
      result: "failed",
      artifacts: [
        VERIFIED,
        { ...image(AMD64), platform: "linux/amd64", status: "not-covered" },
        { ...image(ARM64), platform: "linux/arm64", status: "not-covered" },
      ],
    });
    await beside(bundleOf(PLATFORMS), "platforms.sigstore.json");
    const complete = { recursive: true, complete: true };
    expect(await checked(undefined, complete)).toMatchObject({ result: "verified", counts: { verified: 3 } });
  });

  it("is judged with the platforms that a policy asks for", async () => {
    await layout(IMAGE);
    await beside(BUNDLE);
    const policy = testPolicy({ platforms: ["linux/arm64", "linux/s390x"] });
    expect(await checked(undefined, { policy })).toMatchObject({
      result: "failed",
      artifacts: [
        VERIFIED,
        { ...image(ARM64), platform: "linux/arm64", status: "not-covered" },
        { status: "policy", findings: [{ code: "PLATFORM_MISSING", expected: "linux/s390x" }] },
      ],
    });
  });

  it("is a folder of files where it is not called a layout, which only says how to call it", async () => {
    await layout(IMAGE);
    await writeFile(join(folder, "image/app.sigstore.json"), BUNDLE);
    const report = await checked(["image"]);
    expect(report).toMatchObject({ result: "failed", counts: { evidence: 1, verified: 0 } });
    expect(report.findings).toMatchObject([{ code: "NOT_COVERED", expected: "oci-layout:image" }]);
  });

  it("that is not there is refused", async () => {
    await expect(checked()).rejects.toMatchObject({ code: "TARGET_MISSING", exitStatus: 2 });
  });

  it("that is none does not hold, and the others are still judged", async () => {
    await mkdir(join(folder, "image"));
    await writeLayout(join(folder, "good"), [IMAGE]);
    await beside(BUNDLE);
    expect(await checked(["oci-layout:image", "oci-layout:good"], { ignore: ["*"] })).toMatchObject({
      result: "failed",
      artifacts: [
        { name: "oci-layout:image", digest: null, status: "not-covered", findings: [{ code: "IMAGE_MALFORMED" }] },
        { status: "verified" },
      ],
    });
  });
});

describe("an image layout of which somebody says what it holds", () => {
  const said = (change: Partial<NamedImage> = {}) =>
    ({ repository: NAME, digest: IMAGE.digest, byUser: false, ...change }) satisfies NamedImage;
  const checkedAs = (named: NamedImage, options: Partial<CheckOptions> = {}) =>
    checked(["oci-layout:image"], { images: new Map([["oci-layout:image", named]]), ...options });
  const named = (one: Blob, repository = NAME) => ({ name: `${repository}@${one.digest}`, digest: one.digest });

  it("is called so where a statement says it too, with its platforms, and rules see that name", async () => {
    await layout(IMAGE);
    await beside(bundleOf([imageSubject(NAME, IMAGE), ...PLATFORMS]));
    const asked: ArtifactFacts[] = [];
    const policy = testPolicy({}, {}, asked);
    const report = await checkedAs(said(), { recursive: true, complete: true, policy });
    expect(report).toMatchObject({
      result: "verified",
      artifacts: [
        { ...named(IMAGE), target: "oci-layout:image", repository: NAME },
        { ...named(AMD64), repository: NAME },
        { ...named(ARM64), repository: NAME },
      ],
    });
    expect(asked.map(({ names }) => names)).toEqual(asked.map(() => [NAME]));
  });

  it("asks the rule of that name for its platforms", async () => {
    await layout(IMAGE);
    await beside(BUNDLE);
    const asked: ArtifactFacts[] = [];
    await checkedAs(said(), { policy: testPolicy({}, {}, asked) });
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.map(({ names }) => names)).toEqual(asked.map(() => [NAME]));
  });

  const OTHER_NAME = "ghcr.io/octo/other";
  it.each([
    ["another repository is stated", BUNDLE, "tampered", "SUBJECT_MISMATCH"],
    [
      "no repository is stated",
      bundleOf([{ ...imageSubject(NAME, IMAGE), name: "app" }]),
      "not-covered",
      "IMAGE_NAME_UNPROVEN",
    ],
    ["nothing is stated", bundleOf([imageSubject(NAME, OTHER)]), "not-covered", "NOT_COVERED"],
  ])("has no repository in the report where %s, whatever names are allowed", async (_what, bundle, status, code) => {
    await layout(IMAGE);
    await beside(bundle);
    for (const how of [{}, { anyName: true }, { policy: testPolicy({ anyName: true }) }]) {
      expect(await checkedAs(said({ repository: OTHER_NAME }), how)).toMatchObject({
        result: "failed",
        artifacts: [{ ...named(IMAGE, OTHER_NAME), repository: null, status, findings: [{ code }] }],
      });
    }
  });

  it("is called by its place where nothing else counts, and is that image all the same", async () => {
    await writeLayout(join(folder, "kit/images/1"), [IMAGE]);
    await beside(bundleOf([{ ...imageSubject(NAME, IMAGE), name: "app" }]), "kit/images/app.sigstore.json");
    const asked: ArtifactFacts[] = [];
    const target = "oci-layout:kit/images/1";
    const placed = (digest: string) =>
      checked([target], {
        images: new Map([[target, said({ repository: null, digest })]]),
        policy: testPolicy({}, {}, asked),
      });
    expect(await placed(IMAGE.digest)).toMatchObject({
      result: "verified",
      artifacts: [{ name: `kit/images/1@${IMAGE.digest}`, repository: null }],
    });
    expect(asked[0]?.names).toEqual(["kit/images/1", "1"]);
    expect(await placed(OTHER.digest)).toMatchObject({ result: "failed", artifacts: [{ status: "tampered" }] });
  });

  it("is called as the user says, as in a registry", async () => {
    await layout(IMAGE);
    await beside(BUNDLE);
    const mirror = said({ repository: OTHER_NAME, byUser: true });
    expect(await checkedAs(mirror)).toMatchObject({
      result: "failed",
      artifacts: [{ repository: OTHER_NAME, findings: [{ code: "SUBJECT_MISMATCH" }] }],
    });
    const asked: ArtifactFacts[] = [];
    expect(await checkedAs(mirror, { policy: testPolicy({ anyName: true }, {}, asked) })).toMatchObject({
      result: "verified",
      artifacts: [{ ...named(IMAGE, OTHER_NAME), repository: OTHER_NAME }],
    });
    expect(asked[0]?.names).toEqual([OTHER_NAME]);
  });

  it("is let through by an exception under a name that nobody bears out, and known by none", async () => {
    await layout(IMAGE);
    const exception = finding("EXCEPTION_APPLIES", "known");
    expect(await checkedAs(said(), { policy: testPolicy({ exception }) })).toMatchObject({
      artifacts: [{ status: "exception", repository: null }],
    });
  });

  it.each([true, false])("holds that image and no other (byUser: %s)", async (byUser) => {
    await layout(IMAGE, OTHER);
    await beside(bundleOf([imageSubject(NAME, IMAGE), imageSubject(NAME, OTHER)]));
    expect(await checkedAs(said({ byUser }))).toMatchObject({
      result: "failed",
      artifacts: [
        { ...named(IMAGE), status: "verified" },
        { name: `image@${OTHER.digest}`, digest: null, status: "tampered", findings: [{ code: "DIGEST_MISMATCH" }] },
      ],
    });
  });

  it.each([
    ["nothing", []],
    ["evidence alone", [evidenceManifest([bundleLayer(BUNDLE)])]],
  ])("must hold it, and not %s", async (_what, entries) => {
    await layout(...entries);
    const { artifacts } = await checkedAs(said());
    expect(artifacts.find(({ name }) => name === named(IMAGE).name)).toMatchObject({
      status: "not-covered",
      findings: [{ code: "IMAGE_MISSING" }],
    });
  });

  it("is evidence where what is said to be the image is evidence, and then the image is missing", async () => {
    const evidence = evidenceManifest([bundleLayer(BUNDLE)]);
    await layout(evidence);
    expect(await checkedAs(said({ digest: evidence.digest }))).toMatchObject({
      result: "failed",
      counts: { evidence: 1, notCovered: 1 },
    });
  });

  it("is in no registry: nobody is asked for evidence about it", async () => {
    await layout(IMAGE);
    await beside(BUNDLE);
    const fetcher = {
      name: "never",
      async *fetch() {
        yield await Promise.reject(new Error("asked"));
      },
    };
    expect(await checkedAs(said({ byUser: true }), { fetchers: [fetcher] })).toMatchObject({ result: "verified" });
  });
});

describe("content of a layout", () => {
  const [config, layer] = AMD64.blobs as [Blob, Blob];

  it.each([
    ["a layer", layer],
    ["a configuration", config],
    ["a platform's manifest", AMD64],
    ["the index", IMAGE],
  ])("is hashed: %s with one byte changed is named", async (_what, one) => {
    await layout(IMAGE);
    await beside(BUNDLE);
    const changed = Uint8Array.from(one.bytes);
    changed[changed.length - 2] = (changed.at(-2) ?? 0) ^ 1;
    await writeFile(fileOf(one), changed);
    for (const recursive of [false, true]) {
      const report = await checked(undefined, { recursive });
      expect(report.result).toBe("failed");
      expect(report.artifacts[0]).toMatchObject({
        ...image(IMAGE),
        status: "tampered",
        findings: [{ code: "DIGEST_MISMATCH", message: expect.stringContaining(one.digest), expected: one.digest }],
      });
    }
  });

  it("of another size is named", async () => {
    await layout(IMAGE);
    await beside(BUNDLE);
    await writeFile(fileOf(layer), "");
    expect(await checked()).toMatchObject({
      artifacts: [{ status: "tampered", findings: [{ code: "DIGEST_MISMATCH" }] }],
    });
  });

  it("under another platform in index.json than its purl says is not what is stated (A30)", async () => {
    const platform = { os: "linux", architecture: "arm64" };
    await layout(AMD64, { ...AMD64, platform });
    await beside(bundleOf(PLATFORMS));
    expect(await checked()).toMatchObject({
      result: "failed",
      artifacts: [
        { ...image(AMD64), platform: "linux/amd64", status: "verified" },
        { ...image(AMD64), platform: "linux/arm64", status: "tampered", findings: [{ code: "SUBJECT_MISMATCH" }] },
      ],
    });
  });

  it("is said of the platform that it belongs to", async () => {
    await layout(IMAGE);
    await beside(bundleOf([imageSubject(NAME, IMAGE), ...PLATFORMS]));
    await writeFile(fileOf(layer), "x".repeat(layer.size));
    const { artifacts } = await checked(undefined, { recursive: true });
    expect(artifacts.map(({ status }) => status)).toEqual(["tampered", "tampered", "verified"]);
  });

  it("that is missing leaves the image incomplete", async () => {
    await layout(IMAGE);
    await beside(BUNDLE);
    await unlink(fileOf(layer));
    expect(await checked()).toMatchObject({
      result: "failed",
      artifacts: [{ status: "not-covered", findings: [{ code: "IMAGE_MISSING", expected: layer.digest }] }],
    });
  });

  it("that two platforms share is named once", async () => {
    const shared = blob("application/vnd.oci.image.layer.v1.tar", "a layer of both");
    await layout(index(manifest("a layer of both", "amd64"), manifest("a layer of both", "arm64")));
    await writeFile(fileOf(shared), "changed");
    const { artifacts } = await checked();
    expect(artifacts[0]).toMatchObject({ status: "tampered" });
    expect(artifacts[0]?.findings).toMatchObject([{ expected: shared.digest }]);
  });

  it("is named up to twenty times", async () => {
    const many = index(...Array.from({ length: 30 }, (_one, at) => manifest(`layer ${at}`)));
    await layout(many);
    for (const one of many.manifests) await writeFile(fileOf(one), "changed");
    const { artifacts } = await checked();
    expect(artifacts[0]).toMatchObject({ status: "tampered" });
    expect(artifacts[0]?.findings).toHaveLength(20);
  });
});

describe("evidence in a layout", () => {
  it.each([
    ["a bundle that refers to the image", evidenceManifest([bundleLayer(BUNDLE)], IMAGE)],
    ["an attestation as cosign keeps it", evidenceManifest([envelopeLayer(BUNDLE)])],
    ["two of them", evidenceManifest([envelopeLayer(bundleOf([], stranger)), envelopeLayer(BUNDLE)])],
  ])("is used and set aside: %s", async (_what, evidence) => {
    await layout(IMAGE, evidence);
    expect(await checked()).toMatchObject({
      result: "verified",
      artifacts: [VERIFIED, { ...image(evidence), status: "evidence", findings: [] }],
    });
  });

  it("is found where it refers to an image and the index does not name it, as cosign 3 saves it", async () => {
    await layout(IMAGE, OTHER);
    const evidence = evidenceManifest([bundleLayer(BUNDLE)], IMAGE);
    const scripts = evidenceManifest([bundleLayer("#!/bin/sh\n")], IMAGE);
    for (const one of [evidence, ...evidence.blobs, scripts, ...scripts.blobs]) await writeFile(fileOf(one), one.bytes);
    expect(await checked()).toMatchObject({
      result: "failed",
      artifacts: [
        VERIFIED,
        { ...image(OTHER), status: "not-covered" },
        { ...image(evidence), status: "evidence", findings: [] },
      ],
    });
  });

  it("is said to be what it is where it is a signature of the image: set aside, and no cover", async () => {
    await layout(IMAGE, evidenceManifest([SIGNATURE]));
    expect(await checked()).toMatchObject({
      result: "failed",
      artifacts: [{ status: "not-covered" }, { status: "evidence" }],
    });
  });

  it("alone is nothing to verify", async () => {
    await layout(evidenceManifest([bundleLayer(BUNDLE)], IMAGE));
    expect(await checked()).toMatchObject({ result: "failed", findings: [{ code: "NOTHING_TO_VERIFY" }] });
  });

  it("is described for whoever names nobody to trust", async () => {
    await layout(IMAGE, evidenceManifest([bundleLayer(BUNDLE)], IMAGE));
    const found = await withTestHost(folder, (host) =>
      describeEvidence({ targets: ["oci-layout:image"], bundles: null, fetchers: [] }, host),
    );
    expect(found).toMatchObject([{ unverified: true, subjects: 1 }]);
  });

  const layers = (...all: readonly Blob[]) => evidenceManifest(all);
  it.each([
    ["an image that is marked as attestations", OTHER],
    ["a layer beside a bundle", layers(bundleLayer(BUNDLE), ...OTHER.blobs.slice(1))],
    ["no layer at all", layers()],
    ["a script of a bundle's type", layers(bundleLayer("#!/bin/sh\n"))],
    ["a script of an envelope's type", layers(blob("application/vnd.dsse.envelope.v1+json", "{}"))],
    ["a script of a signature's type", layers(blob(SIGNATURE.mediaType, `{"critical":{}}`))],
    ["no JSON of a signature's type", layers(blob(SIGNATURE.mediaType, "x"))],
    ["a bundle that is a tar with a program, too", layers(bundleLayer(tarOfBundle()))],
  ])("is not what %s is (A32)", async (_what, one) => {
    const annotations = [{}, { kind: "dev.cosignproject.cosign/atts" }];
    await writeLayout(join(folder, "image"), [IMAGE, one], annotations);
    await beside(BUNDLE);
    expect(await checked()).toMatchObject({
      result: "failed",
      artifacts: [VERIFIED, { ...image(one), status: "not-covered", findings: [{ code: "NOT_COVERED" }] }],
    });
  });

  it("that was changed is an image with other content", async () => {
    const evidence = evidenceManifest([bundleLayer(BUNDLE)]);
    await layout(IMAGE, evidence);
    await beside(BUNDLE);
    await writeFile(fileOf(evidence.blobs[1] as Blob), "changed");
    expect(await checked()).toMatchObject({
      artifacts: [VERIFIED, { status: "tampered", findings: [{ code: "DIGEST_MISMATCH" }] }],
    });
  });
});

it("a link in the place of a blob is not followed", async () => {
  await layout(IMAGE);
  await beside(BUNDLE);
  const [, layer] = AMD64.blobs as [Blob, Blob];
  await unlink(fileOf(layer));
  await writeFile(join(folder, "elsewhere"), layer.bytes);
  await symlink("../../../elsewhere", fileOf(layer));
  expect(await checked()).toMatchObject({ result: "failed", artifacts: [{ status: "not-covered" }] });
});

it.each(["index.json", "blobs/sha256/…"])("a folder in the place of %s is no mistake of the caller's", async (name) => {
  await layout(IMAGE);
  await beside(BUNDLE);
  const [, layer] = AMD64.blobs as [Blob, Blob];
  const place = name === "index.json" ? join(folder, "image", name) : fileOf(layer);
  await unlink(place);
  await mkdir(place);
  expect(await checked()).toMatchObject({
    result: "failed",
    artifacts: [{ status: "not-covered", findings: [{ code: "FILE_REFUSED" }] }],
  });
});

/** A bundle whose key hint makes a header of a tar, before ustar, out of its first 512 bytes, and a program out of the next. */
function tarOfBundle(): string {
  const { verificationMaterial, ...rest } = JSON.parse(new TextDecoder().decode(BUNDLE));
  const name = '{"verificationMaterial":{"publicKey":{"hint":"/../usr/bin/'.padEnd(100, "x");
  const fields = `${"0000755 ".repeat(3)}00000000012 00000000000 `;
  const header = (sum: string) => `${name}${fields}${sum}0`.padEnd(512, "-");
  const sum = Buffer.from(header(" ".repeat(8))).reduce((total, byte) => total + byte, 0);
  const text = `${header(`${sum.toString(8).padStart(6, "0")}  `)}#!program-"},`;
  return `${text}"tlogEntries":[]},${JSON.stringify(rest).slice(1)}`;
}
