import type { Descriptor } from "./descriptor.ts";
import type { ImageSource } from "./image-source.ts";

/** An image layout on the disk, whatever wrote it. */
export interface ImageLayout extends ImageSource {
  /** What its index names, in its order. */
  readonly entries: readonly LayoutEntry[];
  /**
   * Everything that is reachable from a root: manifests, configurations, layers and attestation manifests, each hashed.
   *
   * @returns what is wrong with it, in the order in which it is reached; nothing when it is whole.
   * @throws TouchmarkError as `readImage`, for a manifest that cannot be read on from.
   */
  checkContent(root: Descriptor): Promise<readonly ContentProblem[]>;
}

export interface LayoutEntry {
  readonly descriptor: Descriptor;
  /** Names that the layout's annotations or `RepoTags` give to it, as they stand there: `docker.io/library/demo:1`, `1`. */
  readonly references: readonly string[];
  /** What `cosign save` marks an entry as; `image` for all others. */
  readonly role: "image" | "signatures" | "attestations";
}

/** Content that is not what its descriptor says. */
export interface ContentProblem {
  readonly descriptor: Descriptor;
  /** `foreign`: absent, as a layer may be whose licence keeps it where its URLs say. Nothing is wrong then. */
  readonly kind: "missing" | "digest" | "size" | "foreign";
  /** For people: the digest or the size that was found. Null for what is absent. */
  readonly actual: string | null;
}
