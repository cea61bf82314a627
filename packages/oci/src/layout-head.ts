import type { Descriptor } from "./descriptor.ts";
import { OCI_INDEX } from "./media-types.ts";

/** A file at the top of a layout. */
interface HeadFile {
  readonly name: "index.json" | "oci-layout";
  readonly bytes: Uint8Array;
}

/**
 * What a layout has beside its blobs: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 *
 * @param roots - the images in it. Of these nothing is taken but media type, digest and size: names and platforms in an index
 * are what nobody signed.
 */
export function layoutHead(roots: readonly Descriptor[]): readonly HeadFile[] {
  const manifests = roots.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  return [
    { name: "index.json", bytes: line({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }) },
    { name: "oci-layout", bytes: line({ imageLayoutVersion: "1.0.0" }) },
  ];
}

function line(document: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(document)}\n`);
}
