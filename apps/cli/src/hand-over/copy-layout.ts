import { TouchmarkError } from "@touchmark/core";
import type { Staging } from "@touchmark/host-node";
import {
  type Descriptor,
  digestParts,
  isForeignLayerType,
  isIndexType,
  isManifestType,
  layoutHead,
  openLayout,
  reachedFrom,
} from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import { oneChunk } from "../one-chunk.ts";
import { changed } from "./changed.ts";

/**
 * Copies images out of a layout: a new layout with these images and what they reach, each blob as its digest says. Names and
 * platforms of the index are left out: nobody signed them.
 *
 * @param digests - of the manifests that were verified.
 * @throws TouchmarkError `FILE_CHANGED` for content with another digest; `USAGE` for a layout in a tar.
 */
export async function copyLayout(
  { path, digests, name }: { readonly path: string; readonly digests: readonly string[]; readonly name: string },
  staging: Staging,
  host: Host,
): Promise<void> {
  if ((await host.kind(path)) !== "folder") {
    throw new TouchmarkError("USAGE", `${path} is an image layout in one file`, {
      expected: "a folder: unpack it with tar first",
      actual: "a tar",
    });
  }
  const layout = await openLayout(path, host);
  const roots = layout.entries.map(({ descriptor }) => descriptor).filter(({ digest }) => digests.includes(digest));
  const copied = new Set<string>();
  for (const root of roots) {
    // The index may be another one by now, and call a manifest a blob, of which nothing more is reached.
    if (!isWalked(root)) throw changed(`${path}@${root.digest}`);
    for await (const { descriptor } of reachedFrom(layout, root)) {
      if (copied.has(descriptor.digest)) continue;
      copied.add(descriptor.digest);
      await copyBlob(descriptor);
    }
  }
  // Platforms that --recursive judged are reached from what the index names.
  const lost = digests.find((digest) => !copied.has(digest));
  if (lost !== undefined) throw changed(`${path}@${lost}`);
  for (const { name: file, bytes } of layoutHead(roots)) {
    await staging.write(`${name}/${file}`, oneChunk(bytes), { algorithm: "sha256", executable: false });
  }

  async function copyBlob({ digest, mediaType, urls = [] }: Descriptor): Promise<void> {
    const { algorithm, hex } = digestParts(digest);
    const blob = `blobs/${algorithm}/${hex}`;
    const mayBeAbsent = isForeignLayerType(mediaType) && urls.length > 0;
    if (mayBeAbsent && (await host.kind(`${path}/${blob}`)) === null) return;
    const found = await staging.write(`${name}/${blob}`, host.openRead(`${path}/${blob}`), {
      algorithm,
      executable: false,
    });
    if (found !== hex) throw changed(`${path}/${blob}`);
  }
}

function isWalked({ mediaType }: Descriptor): boolean {
  return isIndexType(mediaType) || isManifestType(mediaType);
}
