import { createHash } from "node:crypto";
import type { Descriptor, Platform } from "@touchmark/oci";

export const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
const IN_TOTO_TYPE = "application/vnd.in-toto+json";

export const LINUX_AMD64: Platform = { os: "linux", architecture: "amd64" };
export const LINUX_ARM64: Platform = { os: "linux", architecture: "arm64" };
const UNKNOWN: Platform = { os: "unknown", architecture: "unknown" };

/** Images made by hand, for what no tool writes; afterwards they lie in a layout or in a registry. */
export class ImageContent {
  readonly blobs = new Map<string, Uint8Array>();
  readonly manifests = new Map<string, { readonly bytes: Uint8Array; readonly mediaType: string }>();

  blob(content: string | Uint8Array, mediaType: string, algorithm: "sha256" | "sha512" = "sha256"): Descriptor {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.byteLength };
  }

  manifest(document: object, mediaType: string, algorithm: "sha256" | "sha512" = "sha256"): Descriptor {
    const descriptor = this.blob(JSON.stringify({ schemaVersion: 2, mediaType, ...document }), mediaType, algorithm);
    this.blobs.delete(descriptor.digest);
    const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType, ...document }));
    this.manifests.set(descriptor.digest, { bytes, mediaType });
    return descriptor;
  }

  /** An image for one platform, with a layer of its own. */
  image(platform: Platform, text = `${platform.os}/${platform.architecture}`): Descriptor {
    return this.manifest(
      { config: this.blob(JSON.stringify(platform), CONFIG_TYPE), layers: [this.blob(text, LAYER_TYPE)] },
      MANIFEST_TYPE,
    );
  }

  index(manifests: readonly Descriptor[], members: object = {}): Descriptor {
    return this.manifest({ manifests, ...members }, INDEX_TYPE);
  }

  /** What BuildKit attaches: statements about an image of the same index. */
  attestation(about: Descriptor, documents: readonly (string | object)[]): Descriptor {
    const layers = documents.map((document) =>
      this.blob(typeof document === "string" ? document : JSON.stringify(document), IN_TOTO_TYPE),
    );
    const manifest = this.manifest({ config: this.blob("{}", CONFIG_TYPE), layers }, MANIFEST_TYPE);
    return {
      ...manifest,
      platform: UNKNOWN,
      annotations: {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": about.digest,
      },
    };
  }

  /** Path below the layout's folder → content. */
  layoutFiles(roots: readonly Descriptor[]): ReadonlyMap<string, string | Uint8Array> {
    const manifests = [...this.manifests].map(([digest, { bytes }]) => [digest, bytes] as const);
    return new Map<string, string | Uint8Array>([
      ...[...this.blobs, ...manifests].map(([digest, bytes]) => [`blobs/${digest.replace(":", "/")}`, bytes] as const),
      ["oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })],
      ["index.json", JSON.stringify({ schemaVersion: 2, manifests: roots })],
    ]);
  }
}

/** A statement as BuildKit writes it, about one image. */
export function statement(about: Descriptor, predicateType: string, predicate: object): object {
  const [algorithm = "", hex] = about.digest.split(":");
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "pkg:docker/app@1", digest: { [algorithm]: hex } }],
    predicateType,
    predicate,
  };
}

/** The metadata of a build that made this image. */
export function metadataOf(image: Descriptor, name: string | null): object {
  return {
    "containerimage.digest": image.digest,
    "containerimage.descriptor": { mediaType: image.mediaType, digest: image.digest, size: image.size },
    ...(name === null ? {} : { "image.name": name }),
  };
}
