import type { Descriptor } from "./descriptor.ts";
import type { ImageSource } from "./image-source.ts";

/** An image layout on the disk, whatever wrote it. */
export interface ImageLayout extends ImageSource {
  /** What its index names, in its order; one entry where several names point to the same content. */
  readonly entries: readonly LayoutEntry[];
  /**
   * Hashes everything that is reachable from a root: manifests, configurations, layers and attestation manifests. A foreign
   * layer with URLs may be absent, since its licence keeps it where they lead; no URL is ever asked.
   *
   * @returns what is wrong, in the order in which it is reached; nothing when all is there and as its descriptors say.
   * @throws TouchmarkError as `readImage`, for a manifest that has its digest and cannot be read on from.
   */
  checkContent(root: Descriptor): Promise<readonly ContentProblem[]>;
  /**
   * Manifests in the layout that refer to something (`subject`) and that its index does not name: the evidence that
   * `cosign save` of cosign 3 puts there. None above 64 KiB, and none at all where more than 10,000 small files would have
   * to be looked at. They are as their digests say, and nobody vouches for them.
   */
  referrers(): Promise<readonly Descriptor[]>;
}

export interface LayoutEntry {
  readonly descriptor: Descriptor;
  /** Names that annotations or `RepoTags` give to it, as they stand there: `docker.io/library/demo:1`, `1`. */
  readonly references: readonly string[];
  /**
   * `signatures` and `attestations` are what `cosign save` marks so. `image-without-manifest` is an image of `docker save`
   * before version 25 or of podman: the descriptor is its configuration's, and `manifest` has nothing for it.
   */
  readonly role: "image" | "image-without-manifest" | "signatures" | "attestations";
}

/** Content that is not what its descriptor says. */
export interface ContentProblem {
  readonly descriptor: Descriptor;
  readonly kind: "missing" | "digest" | "size";
  /** The digest or the size that was found; null for what is missing. */
  readonly actual: string | null;
}
