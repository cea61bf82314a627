import { TouchmarkError } from "@touchmark/core";
import {
  type Descriptor,
  digestParts,
  isForeignLayerType,
  layoutHead,
  type Repository,
  reachedFrom,
} from "@touchmark/oci";
import { oneChunk } from "../one-chunk.ts";
import type { KitContents } from "./kit-contents.ts";

/** A layer, which is whole in memory on its way. Unit: bytes. */
const MAX_LAYER_BYTES = 1024 * 1024 * 1024;

/**
 * Writes an image with all its platforms, and whatever else its index names, as an OCI layout.
 *
 * @param folder - in the kit.
 * @returns the digests of its manifests and indexes, its own first.
 * @throws TouchmarkError as `reachedFrom`; `LIMIT_EXCEEDED` for a layer that is too large.
 */
export async function saveImage(
  repository: Repository,
  digest: string,
  folder: string,
  kit: KitContents,
): Promise<readonly string[]> {
  const manifests: Descriptor[] = [];
  for await (const { descriptor, manifest } of reachedFrom(repository, { digest })) {
    if (manifest === null) {
      await saveBlob(descriptor);
      continue;
    }
    manifests.push(descriptor);
    await addBlob(descriptor.digest, manifest);
  }
  for (const { name, bytes } of layoutHead(manifests.slice(0, 1))) {
    await kit.add(`${folder}/${name}`, "touchmark fetch", oneChunk(bytes));
  }
  return manifests.map((one) => one.digest);

  async function saveBlob(descriptor: Descriptor): Promise<void> {
    // Its licence keeps it where its URLs lead, and no URL is asked.
    if (isForeignLayerType(descriptor.mediaType) && (descriptor.urls ?? []).length > 0) return;
    if (descriptor.size > MAX_LAYER_BYTES) throw tooLarge(descriptor);
    await addBlob(descriptor.digest, await repository.blob(descriptor, { max: MAX_LAYER_BYTES }));
  }

  async function addBlob(of: string, bytes: Uint8Array): Promise<void> {
    const { algorithm, hex } = digestParts(of);
    await kit.add(`${folder}/blobs/${algorithm}/${hex}`, repository.label, oneChunk(bytes));
  }
}

function tooLarge({ digest, size }: Descriptor): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", `${digest} is too large to bring`, {
    expected: `layers of at most ${MAX_LAYER_BYTES} bytes`,
    actual: `${size} bytes`,
  });
}
