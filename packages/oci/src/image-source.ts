import type { Descriptor } from "./descriptor.ts";

/** A manifest as it was served: its bytes have the digest that was asked for. */
export interface ManifestBytes {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** `sha256:<hex>` or `sha512:<hex>`. */
  readonly digest: string;
}

/** Where an image's content is read from: a repository of a registry, a layout folder, a tar. */
export interface ImageSource {
  /** How messages call it: `ghcr.io/octo/app`, `image.tar`. */
  readonly label: string;
  /**
   * A manifest or index by digest, at most `MAX_MANIFEST_BYTES`.
   *
   * @param wanted - `size` is compared too where it is known.
   * @throws TouchmarkError `IMAGE_MISSING`; `DIGEST_MISMATCH` when the bytes have another digest or size;
   * `INPUT_TOO_LARGE`; those of the registry.
   */
  manifest(wanted: Pick<Descriptor, "digest"> & { readonly size?: number | undefined }): Promise<ManifestBytes>;
  /**
   * A blob, whole in memory, its digest and size compared.
   *
   * @param max - bytes; a larger one is `INPUT_TOO_LARGE` before anything is read.
   */
  blob(descriptor: Pick<Descriptor, "digest" | "size">, options: { readonly max: number }): Promise<Uint8Array>;
}
