import * as z from "zod";
import { problemOf } from "./check-content.ts";
import type { Descriptor } from "./descriptor.ts";
import { checkBytes, isImageDigest } from "./image-digest.ts";
import { checkImageJson, malformed, parseImageJson, readImageJson } from "./image-json.ts";
import type { ContentProblem, LayoutEntry } from "./layout.ts";
import type { LayoutFiles } from "./layout-files.ts";
import { layoutPath } from "./layout-path.ts";
import { MAX_LAYERS, MAX_MANIFEST_BYTES, MAX_SAVED_IMAGES } from "./limits.ts";
import { DOCKER_CONFIG, DOCKER_LAYER } from "./media-types.ts";
import { requireSpelling } from "./spelling.ts";

/**
 * One image of the manifest.json of `docker save`, paths in the layout:
 * https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format
 */
export interface SavedImage {
  readonly config: string;
  readonly layers: readonly string[];
  /** `RepoTags`: `demo:1`. */
  readonly references: readonly string[];
}

const SavedImages = z
  .array(
    z.object({
      Config: z.string().min(1),
      Layers: z.array(z.string().min(1)).max(MAX_LAYERS),
      RepoTags: z.array(z.string()).nullish(),
    }),
  )
  .min(1)
  .max(MAX_SAVED_IMAGES);

/**
 * Reads a manifest.json.
 *
 * @throws TouchmarkError `IMAGE_MALFORMED`, also for a path that leads out of the layout; `INPUT_TOO_LARGE`.
 */
export function parseSavedImages(bytes: Uint8Array, label: string): readonly SavedImage[] {
  const what = `manifest.json of ${label}`;
  const json = parseImageJson(bytes, what);
  requireSpelling(json, Object.keys(SavedImages.element.shape), what);
  return checkImageJson(SavedImages, json, what).map((image) => ({
    config: layoutPath(image.Config, what),
    layers: image.Layers.map((layer) => layoutPath(layer, what)),
    references: image.RepoTags ?? [],
  }));
}

/**
 * Images that docker before version 25 and podman save: a configuration and layers, but no manifest, so that no digest of
 * a registry can be known. Each is named by its configuration, whose digest is what docker calls the image's id.
 *
 * @throws TouchmarkError `IMAGE_MALFORMED` for a configuration that is not there.
 */
export async function savedEntries(files: LayoutFiles, images: readonly SavedImage[]): Promise<readonly LayoutEntry[]> {
  const configs = await files.measure(images.map(({ config }) => config));
  return images.map(({ config, references }, index) => {
    const found = configs[index];
    if (found == null) throw malformed(files.label, "the configuration of an image", `no ${config}`);
    const descriptor = { mediaType: DOCKER_CONFIG, digest: found.digest, size: found.size };
    return { descriptor, references, role: "image-without-manifest" };
  });
}

/**
 * Compares the layers of a saved image with the `diff_ids` of its configuration, which are digests of uncompressed layers.
 *
 * @throws TouchmarkError `IMAGE_MALFORMED` for a configuration without them, with another number of them, and for layers
 * that are compressed.
 */
export async function checkSavedLayers(
  files: LayoutFiles,
  image: SavedImage,
  root: Descriptor,
): Promise<readonly ContentProblem[]> {
  const diffIds = await diffIdsOf(files, image, root);
  const compressed = image.layers.find((layer) => /\.(?:tar\.gz|tgz|tar\.zst)$/.test(layer));
  if (compressed !== undefined) throw malformed(files.label, "layers that are not compressed", compressed);
  if (diffIds.length !== image.layers.length) {
    throw malformed(files.label, `${diffIds.length} layers, as the configuration says`, String(image.layers.length));
  }
  const layers = await files.measure(image.layers);
  return diffIds.flatMap((digest, index) => {
    const found = layers[index] ?? null;
    return problemOf({ mediaType: DOCKER_LAYER, digest, size: found?.size ?? 0 }, found);
  });
}

const Config = z.object({
  rootfs: z.object({ diff_ids: z.array(z.string().refine(isImageDigest, "not a digest")).max(MAX_LAYERS) }),
});

async function diffIdsOf(files: LayoutFiles, image: SavedImage, root: Descriptor): Promise<readonly string[]> {
  const what = `the configuration ${image.config} of ${files.label}`;
  const bytes = await files.read(image.config, MAX_MANIFEST_BYTES);
  if (bytes === null) throw malformed(what, "a file", "none");
  checkBytes(bytes, root, what);
  return readImageJson(Config, bytes, what).rootfs.diff_ids;
}
