import { createHash } from "node:crypto";
import { pack } from "tar-stream";
import type { Descriptor } from "../src/descriptor.ts";

/** Path in a layout → bytes. */
export type Files = Map<string, Uint8Array>;

export const INDEX = "application/vnd.oci.image.index.v1+json";
export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const CONFIG = "application/vnd.oci.image.config.v1+json";
export const LAYER = "application/vnd.oci.image.layer.v1.tar";

export const encode = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
export const sha256 = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Puts content where a layout has it. */
export function put(files: Files, content: unknown, mediaType: string, more: Partial<Descriptor> = {}): Descriptor {
  const bytes = encode(content);
  const digest = more.digest ?? sha256(bytes);
  files.set(`blobs/${digest.replace(":", "/")}`, bytes);
  return { mediaType, size: bytes.byteLength, ...more, digest };
}

/** A platform manifest with a configuration and one layer. */
export function putPlatform(files: Files, architecture: string, more: object = {}): Descriptor {
  const layers = [put(files, `the layer for ${architecture}`, LAYER)];
  const config = put(files, { architecture, os: "linux", rootfs: { diff_ids: [layers[0]?.digest] } }, CONFIG);
  const manifest = { schemaVersion: 2, mediaType: MANIFEST, config, layers, ...more };
  return put(files, manifest, MANIFEST, { platform: { os: "linux", architecture } });
}

/** An attestation manifest as BuildKit 0.33 writes it. */
export function putAttestation(files: Files, about: Descriptor): Descriptor {
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: "application/vnd.docker.attestation.manifest.v1+json",
    config: put(files, "{}", "application/vnd.oci.empty.v1+json"),
    layers: [put(files, `about ${about.digest}`, "application/vnd.in-toto+json")],
    subject: { mediaType: about.mediaType, digest: about.digest, size: about.size },
  };
  return put(files, manifest, MANIFEST, {
    platform: { os: "unknown", architecture: "unknown" },
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": about.digest,
    },
  });
}

export function putIndex(files: Files, manifests: readonly Descriptor[], more: object = {}): Descriptor {
  return put(files, { schemaVersion: 2, mediaType: INDEX, manifests, ...more }, INDEX);
}

/** A layout around entries. */
export function layout(files: Files, entries: readonly Descriptor[]): Files {
  files.set("oci-layout", encode({ imageLayoutVersion: "1.0.0" }));
  files.set("index.json", encode({ schemaVersion: 2, mediaType: INDEX, manifests: entries }));
  return files;
}

/** Two platforms with attestations in one index, and the layout around it. */
export function twoPlatforms(): { readonly files: Files; readonly root: Descriptor } {
  const files: Files = new Map();
  const platforms = [putPlatform(files, "amd64"), putPlatform(files, "arm64")];
  const root = putIndex(files, [...platforms, ...platforms.map((platform) => putAttestation(files, platform))]);
  const annotations = { "io.containerd.image.name": "ghcr.io/octo/app:1", "org.opencontainers.image.ref.name": "1" };
  return { files: layout(files, [{ ...root, annotations }]), root };
}

type Kind = "symlink" | "link" | "directory" | "fifo";

/** A tar of entries, several of one name included; a text instead of bytes is where a link leads. */
export async function tarOf(
  entries: Iterable<readonly [name: string, content: Uint8Array | string, type?: Kind]>,
): Promise<Buffer> {
  const tar = pack();
  for (const [name, content, type] of entries) {
    if (typeof content !== "string") tar.entry({ name }, Buffer.from(content));
    else tar.entry({ name, type: type ?? "symlink", linkname: content });
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
