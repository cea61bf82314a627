import { isTouchmarkError } from "@touchmark/core";
import type { SavedImage } from "./docker-archive.ts";
import { malformed } from "./image-json.ts";
import type { ImageSource } from "./image-source.ts";
import { blobPath } from "./layout-path.ts";
import type { ImageIndex, ImageManifest } from "./manifest.ts";
import { isIndexType, isManifestType } from "./media-types.ts";
import { checkDepth, manifestReader } from "./read-image.ts";

/**
 * Refuses a layout whose manifest.json has an image that its index.json does not have: docker loads by the former, all
 * others read the latter, so that one image would be verified and another one run. Manifests that are not there are passed
 * over, since containerd saves an index of which it pulled one platform.
 *
 * @throws TouchmarkError `IMAGE_MALFORMED`; as `readImage` for manifests that are there.
 */
export async function refuseOtherImages(
  index: ImageIndex,
  saved: readonly SavedImage[],
  source: ImageSource,
): Promise<void> {
  const indexed = new Set((await manifestsBelow(index, source)).map(keyOf));
  const other = saved.find(({ config, layers }) => !indexed.has(JSON.stringify([config, ...layers])));
  if (other === undefined) return;
  throw malformed(
    `manifest.json of ${source.label}`,
    "configurations and layers of the manifests that index.json names",
    `an image with the configuration ${other.config}`,
  );
}

function keyOf({ config, layers }: ImageManifest): string {
  return JSON.stringify([config, ...layers].map(({ digest }) => blobPath(digest)));
}

async function manifestsBelow(root: ImageIndex, source: ImageSource): Promise<readonly ImageManifest[]> {
  const reader = manifestReader(source);
  const found: ImageManifest[] = [];
  await walk(root, 1);
  return found;

  async function walk(index: ImageIndex, depth: number): Promise<void> {
    checkDepth(depth, source.label);
    for (const descriptor of index.manifests) {
      if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType)) continue;
      const document = await documentOrNull(descriptor);
      if (document?.kind === "index") await walk(document, depth + 1);
      else if (document !== null) found.push(document);
    }
  }

  async function documentOrNull(descriptor: ImageIndex["manifests"][number]) {
    try {
      return (await reader(descriptor)).document;
    } catch (error) {
      if (isTouchmarkError(error) && error.code === "IMAGE_MISSING") return null;
      throw error;
    }
  }
}
