import { TouchmarkError } from "@touchmark/core";
import {
  type Descriptor,
  digestParts,
  isForeignLayerType,
  isIndexType,
  isManifestType,
  OCI_INDEX,
  parseAnyManifest,
  type Repository,
} from "@touchmark/oci";
import { type KitContents, oneChunk } from "./kit-contents.ts";

/** A layer, which is whole in memory on its way. Unit: bytes. */
const MAX_LAYER_BYTES = 1024 * 1024 * 1024;

/**
 * Writes an image with all its platforms, and whatever else its index names, as an OCI layout.
 *
 * @param folder - in the kit.
 * @returns the digests of its manifests and indexes, its own first.
 * @throws TouchmarkError as the repository; `LIMIT_EXCEEDED` for a layer that is too large.
 */
export async function saveImage(
  repository: Repository,
  digest: string,
  folder: string,
  kit: KitContents,
): Promise<readonly string[]> {
  const saved = new Set<string>();
  const manifests: string[] = [];
  const root = await repository.manifest({ digest });
  await saveReached({ mediaType: root.mediaType, digest, size: root.bytes.byteLength });
  const index = {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: [{ mediaType: root.mediaType, digest, size: root.bytes.byteLength }],
  };
  await addText("index.json", index);
  await addText("oci-layout", { imageLayoutVersion: "1.0.0" });
  return manifests;

  async function saveReached(descriptor: Descriptor): Promise<void> {
    if (saved.has(descriptor.digest)) return;
    saved.add(descriptor.digest);
    if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType)) return saveBlob(descriptor);
    const manifest = await repository.manifest(descriptor);
    manifests.push(descriptor.digest);
    await addBlob(descriptor.digest, manifest.bytes);
    const document = parseAnyManifest(manifest);
    for (const one of document.kind === "index" ? document.manifests : [document.config, ...document.layers]) {
      await saveReached(one);
    }
  }

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

  async function addText(name: string, value: object): Promise<void> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
    await kit.add(`${folder}/${name}`, "touchmark fetch", oneChunk(bytes));
  }
}

function tooLarge({ digest, size }: Descriptor): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", `${digest} is too large to bring`, {
    expected: `layers of at most ${MAX_LAYER_BYTES} bytes`,
    actual: `${size} bytes`,
  });
}
