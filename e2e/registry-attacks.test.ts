// A42: whoever can write to a registry, or runs it, against somebody who verifies an image by its digest.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PushedImage, writeSubjects } from "./image-subjects.ts";
import { goProgramVersion } from "./peers/go-programs.mjs";
import {
  BUNDLE,
  type Descriptor,
  EMPTY,
  OCI_INDEX,
  OCI_MANIFEST,
  pushRawImage,
  pushRawManifest,
  type RawImage,
  type RawRepository,
} from "./raw-registry.ts";
import { type Eavesdropper, type OwnAnswer, startEavesdropper } from "./servers/eavesdropper.ts";
import { hasRegistry, type Registry, type RegistryKind, startRegistry } from "./servers/registry.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";
import { type Report, refusalOf, reportOf, verdictsOf } from "./verify-report.ts";

const hasAll = hasRegistry("distribution") && hasRegistry("referrers");

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });
const verify = async (...args: string[]): Promise<Report> =>
  reportOf(await run("verify", ...args, "--key", "touchmark.pub", "--json"));

beforeAll(async () => {
  folder = await newFolder();
  expect(await run("keys", "generate")).toMatchObject({ status: 0 });
  expect(await run("keys", "generate", "--out", "stranger")).toMatchObject({ status: 0 });
});

afterAll(() => folder.remove());

describe.each<{ readonly kind: RegistryKind; readonly program: string }>([
  { kind: "distribution", program: "registry" },
  { kind: "referrers", program: "referrers-registry" },
])("a registry taken over", ({ kind, program }) => {
  describe.skipIf(!hasAll)(`${program} ${goProgramVersion(program)}`, () => {
    let registry: Registry;
    let between: Eavesdropper;
    /** Images that their owner attested with one statement; each test takes the next. */
    let images: readonly RawImage[];
    let taken = 0;
    const bundle = `${kind}/out/r.intoto.jsonl`;

    beforeAll(async () => {
      registry = await startRegistry(kind, at(kind));
      between = await startEavesdropper(registry.host);
      images = await Promise.all(
        Array.from({ length: 16 }, (_, number) => pushRawImage(between.host, `octo${number}/app`)),
      );
      // Of the last one, only the index is stated.
      const stated = images.map(({ name, digests }, number) => ({
        name,
        digests: digests.slice(0, number === 15 ? 1 : 3),
      }));
      await attest("out", stated);
    });

    afterAll(async () => {
      await between.stop();
      await registry.stop();
    });

    function next(): RawImage {
      taken += 1;
      const image = images[taken - 1];
      if (image === undefined || taken === images.length) throw new Error("more tests than images");
      return image;
    }

    async function attest(out: string, stated: readonly PushedImage[], key = "touchmark.key", ...args: string[]) {
      await writeSubjects(at(kind, `${out}.json`), stated);
      const options = ["--key", key, "--out", join(kind, out), "--name", "r", "--push", ...args];
      const attested = await run("attest", "--subjects", join(kind, `${out}.json`), ...options);
      expect(attested).toMatchObject({ status: 0 });
    }

    /** Attaches layers to a digest as a bundle; into the list under the referrers tag where the registry keeps none. */
    async function attach({ raw }: RawImage, subject: Descriptor, ...layers: readonly Descriptor[]): Promise<void> {
      const config = await raw.putBlob("{}", EMPTY);
      const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, artifactType: BUNDLE, config, layers, subject };
      const referrer = { ...(await raw.putManifest(manifest)), artifactType: BUNDLE };
      if (kind === "referrers") return;
      const others = await raw.referrers(subject.digest).catch(() => []);
      await list(raw, subject.digest, [referrer, ...others]);
    }

    const list = (raw: RawRepository, digest: string, manifests: readonly Descriptor[]) =>
      raw.putManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, digest.replace(":", "-"));

    /** The owner's evidence in this repository, attached to another digest. */
    async function moveEvidence(image: RawImage, subject: Descriptor): Promise<void> {
      await attach(image, subject, await image.raw.putBlob((await readFile(at(bundle), "utf8")).trimEnd(), BUNDLE));
    }

    /** An image in the repository that its owner has not stated. */
    const evilImage = ({ raw }: RawImage, tag?: string) => pushRawManifest(raw, `evil in ${raw.name}`, "amd64", tag);

    it("the tag: is refused with what it points to, which does not hold; the digest still does", async () => {
      const image = next();
      const evil = await evilImage(image, "1.0.0");
      const refused = refusalOf(await run("verify", `oci://${image.name}:1.0.0`, "--key", "touchmark.pub", "--json"));
      const line = `touchmark verify ${image.target(evil.digest)}`;
      expect(refused).toMatchObject({ status: 2, error: { code: "TAG_UNPINNED", expected: line } });
      expect(refused.error.actual).toContain(evil.digest);
      const [pinned, both, right] = await Promise.all([
        verify(...line.split(" ").slice(2)),
        verify(`oci://${image.name}:1.0.0@${evil.digest}`),
        verify(image.target()),
      ]);
      expect([pinned, both, right].map(verdictsOf)).toEqual([
        ["not-covered NOT_COVERED"],
        ["not-covered NOT_COVERED"],
        ["verified"],
      ]);
    });

    it("another's signature: makes nothing hold, and spoils nothing", async () => {
      const image = next();
      const evil = await evilImage(image);
      const stated = [{ name: image.name, digests: [evil.digest, ...image.digests] }];
      await attest("stranger", stated, "stranger/touchmark.key", "--att-tag");
      expect(verdictsOf(await verify(image.target(evil.digest)))).toEqual(["untrusted SIGNER_UNTRUSTED"]);
      expect(verdictsOf(await verify(image.target(), "--recursive"))).toEqual(["verified", "verified", "verified"]);
    });

    it("the evidence deleted: the image is not covered, unless somebody kept the evidence", async () => {
      const image = next();
      for (const digest of image.digests) {
        for (const referrer of await image.raw.referrers(digest)) await image.raw.remove(referrer.digest);
        if (kind === "distribution") await list(image.raw, digest, []);
        expect(await image.raw.referrers(digest)).toEqual([]);
      }
      expect(verdictsOf(await verify(image.target(), "--recursive"))).toEqual([
        "not-covered NOT_COVERED",
        "not-covered NOT_COVERED",
        "not-covered NOT_COVERED",
      ]);
      expect(verdictsOf(await verify(image.target(), "--bundle", bundle))).toEqual(["verified"]);
      expect(await run("publish", bundle, "--to", "oci")).toMatchObject({ status: 0 });
      expect(verdictsOf(await verify(image.target(), "--recursive"))).toEqual(["verified", "verified", "verified"]);
    });

    it("a list that names what was deleted: the image is not covered", async () => {
      const { raw, index, target } = next();
      const before = await raw.referrers(index.digest);
      expect(before).toHaveLength(1);
      for (const referrer of before) await raw.remove(referrer.digest);
      if (kind === "distribution") expect(await raw.referrers(index.digest)).toEqual(before);
      expect(verdictsOf(await verify(target()))).toEqual(["not-covered NOT_COVERED"]);
    });

    it("the evidence hidden: by a 404, by an empty list, by a list of something else", async () => {
      const { digests, target } = next();
      const something = { mediaType: OCI_MANIFEST, digest: digests[1], size: 1, artifactType: "text/x" };
      const listing = (manifests: readonly unknown[]) => ({
        status: 200,
        headers: { "content-type": OCI_INDEX },
        body: JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }),
      });
      for (const answer of [{ status: 404 }, listing([]), listing([something])]) {
        between.answer((line) => (/\/referrers\/|\/manifests\/sha256-/.test(line) ? answer : null));
        const [hidden, kept] = await Promise.all([verify(target()), verify(target(), "--bundle", bundle)]);
        expect([hidden, kept].map(verdictsOf)).toEqual([["not-covered NOT_COVERED"], ["verified"]]);
      }
      between.answer(null);
      expect(verdictsOf(await verify(target()))).toEqual(["verified"]);
    });

    it("evidence about another image, by the right signer: does not cover this one", async () => {
      const image = next();
      const evil = await evilImage(image);
      await moveEvidence(image, evil);
      const report = await verify(image.target(evil.digest));
      expect(verdictsOf(report)).toEqual(["not-covered NOT_COVERED"]);
      expect(report.artifacts[0]?.statements).toEqual([]);
    });

    it("a platform is not covered by a statement about its index", async () => {
      const [image] = images.slice(-1);
      const [platform] = image?.manifests ?? [];
      if (image === undefined || platform === undefined) throw new Error("no image");
      await moveEvidence(image, platform);
      expect(verdictsOf(await verify(image.target(), "--recursive"))).toEqual([
        "verified",
        "not-covered NOT_COVERED",
        "not-covered NOT_COVERED",
      ]);
      expect(verdictsOf(await verify(image.target(platform.digest)))).toEqual(["not-covered NOT_COVERED"]);
    });

    it("an index is not covered by statements about its platforms, and covers none that was added", async () => {
      const image = next();
      const manifests = [...image.manifests, await evilImage(image)];
      const { digest } = await image.raw.putManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
      expect(verdictsOf(await verify(image.target(digest)))).toEqual(["not-covered NOT_COVERED"]);
      expect(verdictsOf(await verify(image.target(digest), "--recursive"))).toEqual([
        "not-covered NOT_COVERED",
        "verified",
        "verified",
        "not-covered NOT_COVERED",
      ]);
    });

    it("platforms that changed places in an index are the wrong ones", async () => {
      const image = next();
      const [amd64, arm64] = image.manifests;
      const manifests = [
        { ...amd64, platform: arm64?.platform },
        { ...arm64, platform: amd64?.platform },
      ];
      const { digest } = await image.raw.putManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
      expect(verdictsOf(await verify(image.target(digest), "--recursive"))).toEqual([
        "not-covered NOT_COVERED",
        "tampered SUBJECT_MISMATCH",
        "tampered SUBJECT_MISMATCH",
      ]);
    });

    it("another image in the place of a digest is seen, whatever the registry calls it", async () => {
      const image = next();
      const evil = await evilImage(image);
      const body = JSON.stringify(await image.raw.manifest(evil.digest));
      const headers = { "content-type": OCI_MANIFEST, "docker-content-digest": image.index.digest };
      between.answer((line) =>
        line.endsWith(`/manifests/${image.index.digest}`) ? { status: 200, headers, body } : null,
      );
      expect(verdictsOf(await verify(image.target()))).toEqual(["tampered DIGEST_MISMATCH"]);
      between.answer(null);
    });

    it.each([
      ["of another size than it says", (size: number) => size + 1, "DIGEST_MISMATCH"],
      ["larger than any evidence", () => 100 * 1024 * 1024, "EVIDENCE_TOO_LARGE"],
    ])("a referrer with a bundle %s hides no evidence, from verify or from publish", async (_what, sized, code) => {
      const image = next();
      const blob = await image.raw.putBlob(`broken in ${image.name}`, BUNDLE);
      await attach(image, image.index, { ...blob, size: sized(blob.size) });
      const report = await verify(image.target());
      expect(verdictsOf(report)).toEqual(["verified"]);
      expect(report.findings.map((finding) => finding.code)).toEqual([code]);
      expect(await run("publish", bundle, "--to", "oci")).toMatchObject({ status: 0 });
    });

    it.skipIf(kind === "referrers")(
      "a bundle that was changed on the registry's disk is none, an image neither",
      async () => {
        const image = next();
        const [referrer] = await image.raw.referrers(image.index.digest);
        const [layer] = (await image.raw.manifest(referrer?.digest ?? "")).layers;
        const onDisk = (digest = "") => {
          const hex = digest.slice("sha256:".length);
          return at(kind, "data/docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
        };
        const change = async (file: string, at: number) => {
          const bytes = await readFile(file);
          bytes[at] = (bytes[at] ?? 0) ^ 1;
          await writeFile(file, bytes);
        };
        await change(onDisk(layer?.digest), 100);
        expect(verdictsOf(await verify(image.target()))).toEqual(["not-covered NOT_COVERED DIGEST_MISMATCH"]);
        expect(verdictsOf(await verify(image.target(), "--bundle", bundle))).toEqual(["verified"]);
        // The blob is the same for all images of the release.
        await change(onDisk(layer?.digest), 100);
        expect(verdictsOf(await verify(image.target()))).toEqual(["verified"]);
        await change(onDisk(image.index.digest), 100);
        const changed = verdictsOf(await verify(image.target()));
        expect(changed).toEqual(["tampered DIGEST_MISMATCH"]);
      },
    );

    it("flooded with referrers: nothing is believed, but what is handed over", async () => {
      const image = next();
      const config = await image.raw.putBlob("{}", EMPTY);
      const flood = async (number: number) => ({
        ...(await image.raw.putManifest({
          schemaVersion: 2,
          mediaType: OCI_MANIFEST,
          artifactType: BUNDLE,
          config,
          layers: [config],
          annotations: { number: `${number}` },
          subject: image.index,
        })),
        artifactType: BUNDLE,
      });
      const before = await image.raw.referrers(image.index.digest);
      const referrers: Descriptor[] = [];
      while (referrers.length < 1_000) {
        const numbers = Array.from({ length: 50 }, (_, number) => referrers.length + number);
        referrers.push(...(await Promise.all(numbers.map(flood))));
      }
      if (kind === "distribution") await list(image.raw, image.index.digest, [...before, ...referrers]);
      expect(await image.raw.referrers(image.index.digest)).toHaveLength(1_001);
      const [flooded, kept] = await Promise.all([verify(image.target()), verify(image.target(), "--bundle", bundle)]);
      expect([flooded, kept].map(verdictsOf)).toEqual([["not-covered NOT_COVERED LIMIT_EXCEEDED"], ["verified"]]);
    });
  });
});

describe.skipIf(!hasAll)("a registry that cannot be asked: nobody knows whether the image holds", () => {
  let registry: Registry;
  let image: RawImage;

  beforeAll(async () => {
    registry = await startRegistry("distribution", at("unreachable"));
    image = await pushRawImage(registry.host, "octo/app");
  });

  afterAll(() => registry.stop());

  const later = { "retry-after": "3600" };
  const half = { "content-type": OCI_INDEX, "content-length": "1000" };
  it.concurrent.each<[string, OwnAnswer, RegExp, string]>([
    ["401 without a challenge", { status: 401 }, /manifests/, "REGISTRY_DENIED"],
    ["403", { status: 403 }, /manifests/, "REGISTRY_DENIED"],
    ["429, for an hour", { status: 429, headers: later }, /manifests/, "REGISTRY_UNAVAILABLE"],
    ["500, time and again", { status: 500 }, /manifests/, "REGISTRY_UNAVAILABLE"],
    ["503 for the evidence alone", { status: 503, headers: later }, /referrers/, "REGISTRY_UNAVAILABLE"],
    ["403 for the evidence alone", { status: 403 }, /referrers/, "REGISTRY_DENIED"],
    ["half a body", { status: 200, headers: half, body: "{", cut: true }, /manifests/, "REGISTRY_INVALID"],
    ["a status of another protocol", { status: 418 }, /referrers/, "REGISTRY_INVALID"],
    ["a list that is none", { status: 200, body: "[]" }, /referrers/, "REGISTRY_INVALID"],
    [
      "a redirect to where the certificate would not be checked",
      { status: 307, headers: { location: "http://192.0.2.1/elsewhere" } },
      /manifests/,
      "REGISTRY_INVALID",
    ],
  ])("%s", async (_what, answer, asked, code) => {
    const between = await startEavesdropper(registry.host);
    between.answer((line) => (asked.test(line) ? answer : null));
    const report = await verify(`oci://${between.host}/octo/app@${image.index.digest}`);
    await between.stop();
    expect([report.status, report.artifacts[0]?.status]).toEqual([3, "unknown"]);
    expect(report.artifacts[0]?.findings.map((finding) => finding.code)).toContain(code);
  });
});
