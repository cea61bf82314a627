import type { ImageReference } from "@touchmark/oci";

/** An image as a build tool reports it; nothing of it was looked at yet. */
export interface BuiltImage {
  /** For messages: `bake.json, target app`. */
  readonly label: string;
  /** Where the tool says that it is, each with its tag; none where it does not say. */
  readonly names: readonly ImageReference[];
  /** Of the index or manifest: `sha256:<hex>` or `sha512:<hex>`. */
  readonly digest: string;
  /** Of that document, where the tool says; compared with it. */
  readonly size?: number;
  readonly mediaType?: string;
  /** Of the configuration of an image that is a single manifest; compared with it. */
  readonly configDigest?: string;
  /** Predicates of SLSA provenance that buildx prints beside the digest. */
  readonly provenance: readonly unknown[];
  /** Nothing but a digest was in the file: it could be another thing's. */
  readonly bare: boolean;
}
