import { createHash } from "node:crypto";
import { encodeJson } from "@touchmark/core";
import { imagePurl } from "@touchmark/oci";

const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const DSSE = "application/vnd.dsse.envelope.v1+json";
export const REPOSITORY = "octo/app";

export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly bytes: Uint8Array;
}

export interface TestManifest extends Blob {
  readonly blobs: readonly Blob[];
  readonly platform?: { readonly os: string; readonly architecture: string };
}

export interface TestIndex extends Blob {
  readonly manifests: readonly TestManifest[];
}

export function blob(mediaType: string, content: string | Uint8Array): Blob {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { mediaType, digest: sha256(bytes), size: bytes.byteLength, bytes };
}

/** An image of one layer. */
export function manifest(layer: string, architecture?: string): TestManifest {
  const config = blob("application/vnd.oci.image.config.v1+json", JSON.stringify({ architecture, layer }));
  const layers = [blob("application/vnd.oci.image.layer.v1.tar", layer)];
  return {
    ...document(OCI_MANIFEST, { config: described(config), layers: layers.map(described) }),
    blobs: [config, ...layers],
    ...(architecture === undefined ? {} : { platform: { os: "linux", architecture } }),
  };
}

export function index(...manifests: readonly TestManifest[]): TestIndex {
  return { ...document(OCI_INDEX, { manifests: manifests.map(described) }), manifests };
}

/** A manifest that holds nothing but evidence, as a referrer or as `cosign save` has it. */
export function evidenceManifest(
  layers: readonly Blob[],
  subject: { readonly digest: string; readonly size: number } | null = null,
): TestManifest {
  const config = blob("application/vnd.oci.empty.v1+json", "{}");
  const about = subject === null ? {} : { artifactType: BUNDLE, subject: { mediaType: OCI_INDEX, ...pick(subject) } };
  return {
    ...document(OCI_MANIFEST, { ...about, config: described(config), layers: layers.map(described) }),
    blobs: [config, ...layers],
  };
}

export const bundleLayer = (bundle: string | Uint8Array): Blob => blob(BUNDLE, bundle);

/** The envelope of a bundle alone, as cosign's `.att` has it. */
export function envelopeLayer(bundle: Uint8Array): Blob {
  const { payload, payloadType, signatures } = JSON.parse(new TextDecoder().decode(bundle)).dsseEnvelope;
  return blob(DSSE, JSON.stringify({ payload, payloadType, signatures }));
}

/** A subject for an image; a purl where a platform is given. */
export function imageSubject(name: string, { digest }: Blob, platform: string | null = null): object {
  const purl = imagePurl({ name, digest, platform });
  return { name: platform === null ? name : purl, digest: { sha256: digest.slice("sha256:".length) }, uri: purl };
}

/** The part of a registry for tests that is needed here. */
export interface Shelf {
  addBlob(repository: string, bytes: Uint8Array): string;
  addManifest(repository: string, bytes: Uint8Array, options: { mediaType: string; tag?: string }): string;
}

/** Puts an image into a registry. */
export function push(registry: Shelf, image: TestManifest | TestIndex, tag?: string): void {
  for (const one of "manifests" in image ? image.manifests : [image]) {
    for (const content of one.blobs) registry.addBlob(REPOSITORY, content.bytes);
    registry.addManifest(REPOSITORY, one.bytes, { mediaType: one.mediaType });
  }
  registry.addManifest(REPOSITORY, image.bytes, {
    mediaType: image.mediaType,
    ...(tag === undefined ? {} : { tag }),
  });
}

/** Attaches a bundle to an image. @returns the digest of the referrer. */
export function attach(registry: Shelf, image: Blob, bundle: Uint8Array): string {
  const referrer = evidenceManifest([bundleLayer(bundle)], image);
  push(registry, referrer);
  return referrer.digest;
}

/** The files of an OCI layout: path → content. */
export function layoutFiles(
  entries: readonly (TestManifest | TestIndex)[],
  annotations: readonly Readonly<Record<string, string>>[] = [],
): Readonly<Record<string, string | Uint8Array>> {
  const manifests = entries.flatMap((entry) => ("manifests" in entry ? [...entry.manifests, entry] : [entry]));
  const blobs: readonly Blob[] = manifests.flatMap((one) => [...("blobs" in one ? one.blobs : []), one]);
  const listed = entries.map((entry, at) => ({ ...described(entry), annotations: annotations[at] ?? {} }));
  return {
    ...Object.fromEntries(blobs.map((one) => [`blobs/sha256/${hexOf(one)}`, one.bytes])),
    "oci-layout": `{"imageLayoutVersion":"1.0.0"}`,
    "index.json": JSON.stringify({ schemaVersion: 2, manifests: listed }),
  };
}

/** The name of a blob's file in a layout. */
export function hexOf({ digest }: Pick<Blob, "digest">): string {
  return digest.slice("sha256:".length);
}

function document(mediaType: string, members: object): Blob {
  return blob(mediaType, encodeJson({ schemaVersion: 2, mediaType, ...members }));
}

function described(one: Blob | TestManifest): object {
  const { mediaType, digest, size } = one;
  return { mediaType, digest, size, ...("platform" in one ? { platform: one.platform } : {}) };
}

function pick({ digest, size }: { readonly digest: string; readonly size: number }): object {
  return { digest, size };
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
