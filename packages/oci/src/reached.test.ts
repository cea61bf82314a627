import { expect, test } from "vitest";
import { folderHost, memorySource } from "../test/memory-source.ts";
import {
  CONFIG,
  encode,
  type Files,
  LAYER,
  MANIFEST,
  put,
  putIndex,
  putPlatform,
  sha256,
  twoPlatforms,
} from "../test/synthetic-image.ts";
import type { Descriptor } from "./descriptor.ts";
import { layoutHead } from "./layout-head.ts";
import { openLayout } from "./open-layout.ts";
import { reachedFrom } from "./reached.ts";

async function all(files: Files, root: Pick<Descriptor, "digest">) {
  const found = [];
  for await (const one of reachedFrom(memorySource(files), root)) found.push(one);
  return found;
}

test("an image reaches all that lies in its layout, itself first and each digest once", async () => {
  const { files, root } = twoPlatforms();
  const found = await all(files, { digest: root.digest });
  expect(found[0]?.descriptor).toEqual(root);
  const blobs = [...files.keys()].filter((name) => name.startsWith("blobs/"));
  expect(found.map(({ descriptor }) => `blobs/${descriptor.digest.replace(":", "/")}`).sort()).toEqual(blobs.sort());
});

test("manifests come with their bytes, and other content without", async () => {
  const files: Files = new Map();
  const { digest } = putPlatform(files, "amd64");
  const [manifest, ...blobs] = await all(files, { digest });
  expect(sha256(manifest?.manifest ?? encode(""))).toBe(digest);
  expect(blobs.map(({ descriptor, manifest: bytes }) => [descriptor.mediaType, bytes])).toEqual([
    [CONFIG, null],
    [LAYER, null],
  ]);
});

test("indexes in each other end after four", async () => {
  const files: Files = new Map();
  let root = putPlatform(files, "amd64");
  for (let depth = 0; depth < 4; depth += 1) root = putIndex(files, [root]);
  expect(await all(files, root)).toHaveLength(7);
  root = putIndex(files, [root]);
  await expect(all(files, root)).rejects.toMatchObject({ code: "IMAGE_MALFORMED" });
});

test("manifests of one image end after a thousand", async () => {
  const files: Files = new Map();
  const config = put(files, "{}", CONFIG);
  const manifests = Array.from({ length: 1_000 }, (_, number) =>
    put(
      files,
      { schemaVersion: 2, mediaType: MANIFEST, config, layers: [], annotations: { n: `${number}` } },
      MANIFEST,
    ),
  );
  expect(await all(files, putIndex(files, manifests.slice(1)))).toHaveLength(1_001);
  await expect(all(files, putIndex(files, manifests))).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
});

test("a manifest of another media type than its index says is refused", async () => {
  const files: Files = new Map();
  const { digest, size } = putPlatform(files, "amd64");
  const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
  await expect(all(files, putIndex(files, [{ mediaType, digest, size }]))).rejects.toMatchObject({
    code: "IMAGE_MALFORMED",
  });
});

test("a layout with this head is read as one, without what nobody signed", async () => {
  const { files, root } = twoPlatforms();
  const named = {
    ...root,
    annotations: { "org.opencontainers.image.ref.name": "1" },
    platform: { os: "a", architecture: "b" },
  };
  for (const { name, bytes } of layoutHead([named])) files.set(name, bytes);
  const { entries } = await openLayout("layout", folderHost(files));
  expect(entries).toEqual([{ descriptor: root, references: [], role: "image" }]);
});
