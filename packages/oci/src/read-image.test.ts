import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memorySource } from "../test/memory-source.ts";
import {
  CONFIG,
  encode,
  type Files,
  INDEX,
  MANIFEST,
  put,
  putAttestation,
  putIndex,
  putPlatform,
  twoPlatforms,
} from "../test/synthetic-image.ts";
import { type Descriptor, platformText } from "./descriptor.ts";
import { readImage } from "./read-image.ts";

const UNKNOWN = { os: "unknown", architecture: "unknown" };

/** An index over what `make` puts beside one platform. */
function indexed(make: (files: Files, platform: Descriptor) => readonly Descriptor[]) {
  const files: Files = new Map();
  const platform = putPlatform(files, "amd64");
  return { files, platform, root: putIndex(files, [platform, ...make(files, platform)]) };
}

describe("an image", () => {
  test("of two platforms with attestations", async () => {
    const { files, root } = twoPlatforms();
    const image = await readImage(memorySource(files), { digest: root.digest });
    expect(image).toMatchObject({ root, kind: "index", annotations: {}, others: [] });
    expect(image.platforms.map(({ platform }) => platform && platformText(platform))).toEqual([
      "linux/amd64",
      "linux/arm64",
    ]);
    expect(image.attestations.map(({ about }) => about)).toEqual(
      image.platforms.map(({ descriptor }) => descriptor.digest),
    );
    expect(image.attestations.map(({ layers }) => layers[0]?.mediaType)).toEqual(
      Array.from({ length: 2 }, () => "application/vnd.in-toto+json"),
    );
  });

  test("that is one manifest", async () => {
    const files: Files = new Map();
    const { platform: _, ...root } = putPlatform(files, "amd64", { annotations: { a: "b" } });
    expect(await readImage(memorySource(files), root)).toEqual({
      root,
      kind: "manifest",
      annotations: { a: "b" },
      platforms: [],
      attestations: [],
      others: [],
    });
  });

  test("as BuildKit pushed it", async () => {
    const files: Files = new Map();
    const folder = new URL("../fixtures/buildkit-single/", import.meta.url);
    for (const hex of readdirSync(folder)) files.set(`blobs/sha256/${hex}`, readFileSync(new URL(hex, folder)));
    const digest = "sha256:58f42b9e7c763cf3ed1c3bb3d52abde7eab126bbfc8cbefb5afb4a12a49ab24f";
    const platform = "sha256:cd7b6d1c3dc2ec2a523107e8d2755df95979a194bc7bc7a53becc42674f3741e";
    expect(await readImage(memorySource(files), { digest, size: 855, mediaType: INDEX })).toMatchObject({
      platforms: [{ descriptor: { digest: platform }, platform: { os: "linux", architecture: "amd64" } }],
      attestations: [{ about: platform }],
    });
  });
});

describe("attestation manifests are told from platforms", () => {
  test.each<[string, (files: Files, platform: Descriptor) => Descriptor]>([
    ["by annotation and subject", putAttestation],
    [
      "by annotation alone, as without oci-artifact",
      (files, { digest }) => ({
        ...putPlatform(files, "attested"),
        platform: UNKNOWN,
        annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest },
      }),
    ],
    [
      "by type and subject alone",
      (files, platform) => {
        const { annotations: _, platform: __, ...descriptor } = putAttestation(files, platform);
        return descriptor;
      },
    ],
  ])("%s", async (_what, attestation) => {
    const { files, root, platform } = indexed((all, about) => [attestation(all, about)]);
    const image = await readImage(memorySource(files), root);
    expect(image.platforms.map(({ descriptor }) => descriptor.digest)).toEqual([platform.digest]);
    expect(image.attestations.map(({ about }) => about)).toEqual([platform.digest]);
  });

  test("and a platform that a runtime would take is one, whatever annotates it", async () => {
    const { files, root } = indexed((all, about) => [
      { ...putAttestation(all, about), platform: { os: "linux", architecture: "arm64" } },
    ]);
    const image = await readImage(memorySource(files), root);
    expect(image.platforms.map(({ platform }) => platform?.architecture)).toEqual(["amd64", "arm64"]);
    expect(image.attestations).toEqual([]);
  });

  test("about nothing when they do not say", async () => {
    const { files, root } = indexed((all) => [
      {
        ...putPlatform(all, "attested"),
        platform: UNKNOWN,
        annotations: { "vnd.docker.reference.type": "attestation-manifest" },
      },
    ]);
    expect((await readImage(memorySource(files), root)).attestations).toMatchObject([{ about: null }]);
  });

  test.each([`sha256:${"0".repeat(64)}`, "sha256:../x", ""])(
    "and refused when they are also about %j",
    async (other) => {
      const { files, root } = indexed((all, about) => [
        {
          ...putAttestation(all, about),
          annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": other },
        },
      ]);
      await expect(readImage(memorySource(files), root)).rejects.toMatchObject({ code: "IMAGE_MALFORMED" });
    },
  );
});

test("what no runtime takes is listed apart", async () => {
  const { files, root } = indexed((all) => [
    { ...putPlatform(all, "other"), platform: UNKNOWN },
    { mediaType: "application/vnd.example+json", digest: `sha256:${"0".repeat(64)}`, size: 1 },
  ]);
  const image = await readImage(memorySource(files), root);
  expect(image.others.map(({ mediaType }) => mediaType)).toEqual([MANIFEST, "application/vnd.example+json"]);
  expect(image.platforms).toHaveLength(1);
});

test.each([[undefined], [{ os: "", architecture: "" }]])("the platform %j is not known", async (platform) => {
  const { files, root } = indexed((all) => [{ ...putPlatform(all, "arm64"), platform }]);
  expect((await readImage(memorySource(files), root)).platforms[1]).toMatchObject({ platform: null });
});

test.each([
  [{ os: "linux", architecture: "arm", variant: "v7" }, "linux/arm/v7"],
  [{ os: "linux", architecture: "amd64", variant: "" }, "linux/amd64"],
])("the platform %j is %s", (platform, text) => {
  expect(platformText(platform)).toBe(text);
});

test("a platform without an architecture has no text", () => {
  expect(() => platformText({ os: "linux", architecture: "" })).toThrow(
    expect.objectContaining({ code: "INPUT_INVALID" }),
  );
});

describe("bytes", () => {
  test("of which any is changed are noticed", async () => {
    const { files, root } = twoPlatforms();
    const manifests = [...files.keys()].filter((path) => {
      const { mediaType } = JSON.parse(
        Buffer.from(files.get(path) ?? "")
          .toString()
          .replace(/^[^{].*/, "{}"),
      );
      return path.startsWith("blobs/") && (mediaType === MANIFEST || mediaType === INDEX);
    });
    expect(manifests).toHaveLength(5);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...manifests),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (path, at, flip) => {
          const bytes = Uint8Array.from(files.get(path) ?? []);
          bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;
          const types = Object.fromEntries(manifests.map((name) => [`sha256:${name.slice(13)}`, MANIFEST]));
          const source = memorySource(new Map(files).set(path, bytes), { ...types, [root.digest]: INDEX });
          await expect(readImage(source, root)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
        },
      ),
    );
  });

  test.each([
    ["size", { size: 1 }, "DIGEST_MISMATCH"],
    ["type", { mediaType: "application/vnd.docker.distribution.manifest.list.v2+json" }, "IMAGE_MALFORMED"],
    ["kind", { mediaType: MANIFEST }, "IMAGE_MALFORMED"],
    ["algorithm", { digest: `sha384:${"a".repeat(96)}` }, "INPUT_INVALID"],
  ])("of another %s than was asked for", async (_what, more, code) => {
    const { files, root } = twoPlatforms();
    await expect(readImage(memorySource(files), { ...root, ...more })).rejects.toMatchObject({ code });
  });

  test.each([
    ["size", { size: 1 }, "DIGEST_MISMATCH"],
    ["type", { mediaType: "application/vnd.docker.distribution.manifest.v2+json" }, "IMAGE_MALFORMED"],
    ["kind", { mediaType: INDEX }, "IMAGE_MALFORMED"],
    ["place", { digest: `sha256:${"0".repeat(64)}` }, "IMAGE_MISSING"],
  ])("of a manifest that has another %s than the index says", async (_what, more, code) => {
    const files: Files = new Map();
    const root = putIndex(files, [{ ...putPlatform(files, "amd64"), ...more }]);
    await expect(readImage(memorySource(files), root)).rejects.toMatchObject({ code });
  });

  test("of a sha512 digest are compared by it", async () => {
    const files: Files = new Map();
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: put(files, "{}", CONFIG), layers: [] };
    const digest = `sha512:${createHash("sha512").update(encode(manifest)).digest("hex")}`;
    const root = put(files, manifest, MANIFEST, { digest });
    expect(await readImage(memorySource(files), root)).toMatchObject({ root });
    files.set(`blobs/${digest.replace(":", "/")}`, encode({ ...manifest, annotations: {} }));
    await expect(readImage(memorySource(files), { digest })).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });
});

describe("limits", () => {
  /** Indexes in indexes, `depth` of them, around one platform. */
  function nested(depth: number) {
    const files: Files = new Map();
    let root = putPlatform(files, "amd64");
    for (let level = 0; level < depth; level += 1) root = putIndex(files, [root]);
    return readImage(memorySource(files), root);
  }

  test("4 indexes in each other", async () => {
    expect((await nested(4)).platforms).toHaveLength(1);
    await expect(nested(5)).rejects.toMatchObject({ code: "IMAGE_MALFORMED", actual: "more" });
  });

  test("1,000 manifests, those that are named again included", async () => {
    const files: Files = new Map();
    const platform = putPlatform(files, "amd64");
    const list = (count: number) =>
      putIndex(
        files,
        Array.from({ length: count }, () => platform),
      );
    expect((await readImage(memorySource(files), list(999))).platforms).toHaveLength(999);
    await expect(readImage(memorySource(files), list(1000))).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    const squared = putIndex(
      files,
      Array.from({ length: 500 }, () => list(500)),
    );
    await expect(readImage(memorySource(files), squared)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("64 MiB of manifests", async () => {
    const files: Files = new Map();
    const large = putPlatform(files, "amd64", { annotations: { large: "x".repeat(4 * 1024 * 1024 - 1000) } });
    const root = putIndex(
      files,
      Array.from({ length: 17 }, () => large),
    );
    await expect(readImage(memorySource(files), root)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });
});

test("configurations and layers are never asked for", async () => {
  const { files, root } = twoPlatforms();
  for (const [path, bytes] of files)
    if (!JSON.stringify(Buffer.from(bytes).toString()).includes("schemaVersion")) files.delete(path);
  expect((await readImage(memorySource(files), root)).platforms).toHaveLength(2);
});
