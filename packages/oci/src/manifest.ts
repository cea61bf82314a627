import * as z from "zod";
import { Annotations, Descriptor, MediaType } from "./descriptor.ts";
import { checkCount, checkImageJson, malformed, parseImageJson } from "./image-json.ts";
import type { ManifestBytes } from "./image-source.ts";
import { MAX_IMAGE_MANIFESTS, MAX_LAYERS } from "./limits.ts";
import { isIndexType, isManifestType, OCI_INDEX, OCI_MANIFEST } from "./media-types.ts";
import { MANIFEST_NAMES, requireSpelling } from "./spelling.ts";

/** An OCI image index or a Docker manifest list: https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md */
export interface ImageIndex {
  readonly kind: "index";
  /** As stated in it; the OCI type where it states none. */
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly manifests: readonly Descriptor[];
  readonly subject: Descriptor | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An OCI or Docker image manifest: https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md */
export interface ImageManifest {
  readonly kind: "manifest";
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  /** What it is attached to, as referrers are. */
  readonly subject: Descriptor | null;
  readonly annotations: Readonly<Record<string, string>>;
}

type JsonObject = Readonly<Record<string, unknown>>;

const Either = {
  schemaVersion: z.literal(2),
  mediaType: MediaType.optional(),
  artifactType: z.string().max(255).optional(),
  subject: Descriptor.optional(),
  annotations: Annotations.optional(),
};

const Index = z.object({ ...Either, manifests: z.array(Descriptor) });
const Manifest = z.object({ ...Either, config: Descriptor, layers: z.array(Descriptor) });

/** Members by which a reader tells the shapes apart; `fsLayers` is Docker's schema 1, `blobs` OCI's withdrawn artifact. */
const SHAPES = { index: ["manifests"], manifest: ["config", "layers"], other: ["fsLayers", "blobs"] } as const;

/**
 * Reads an index.
 *
 * @param what - for messages: `the index sha256:…`.
 * @throws TouchmarkError `IMAGE_MALFORMED` for what is no index, states the type of something else, or could be read as
 * a manifest too (CVE-2021-41190); `INPUT_TOO_LARGE`, `LIMIT_EXCEEDED`.
 */
export function parseIndex(bytes: Uint8Array, what: string): ImageIndex {
  return readIndex(parseObject(bytes, what), what);
}

/**
 * Reads a manifest.
 *
 * @throws TouchmarkError as {@link parseIndex}.
 */
export function parseManifest(bytes: Uint8Array, what: string): ImageManifest {
  return readManifest(parseObject(bytes, what), what);
}

/**
 * Reads what was served or found under a media type.
 *
 * @throws TouchmarkError `IMAGE_MALFORMED` also when that type, the one stated in the document and its shape are not the
 * same; `INPUT_TOO_LARGE`, `LIMIT_EXCEEDED`.
 */
export function parseAnyManifest({ bytes, mediaType, digest }: ManifestBytes): ImageIndex | ImageManifest {
  const isIndex = isIndexType(mediaType);
  const what = `the ${isIndex ? "index" : "manifest"} ${digest}`;
  if (!isIndex && !isManifestType(mediaType)) {
    throw malformed(what, "the media type of an OCI or Docker schema 2 manifest or index", mediaType.slice(0, 200));
  }
  const json = parseObject(bytes, what);
  const parsed = isIndex ? readIndex(json, what) : readManifest(json, what);
  if (Object.hasOwn(json, "mediaType") && parsed.mediaType !== mediaType) {
    throw malformed(what, mediaType, `${parsed.mediaType} in the document`);
  }
  return { ...parsed, mediaType };
}

/** What a document names: the manifests of an index; the configuration and the layers of a manifest. */
export function namedIn(document: ImageIndex | ImageManifest): readonly Descriptor[] {
  return document.kind === "index" ? document.manifests : [document.config, ...document.layers];
}

/**
 * The media type of a document that came without one: what it states, else what its shape says.
 *
 * @throws TouchmarkError as {@link parseAnyManifest}.
 */
export function statedMediaType(bytes: Uint8Array, what: string): string {
  const json = parseObject(bytes, what);
  const shape = shapeOf(json, what);
  const stated = json["mediaType"];
  if (stated === undefined) return shape === "index" ? OCI_INDEX : OCI_MANIFEST;
  if (typeof stated === "string" && (shape === "index" ? isIndexType(stated) : isManifestType(stated))) return stated;
  throw malformed(what, `the media type of ${shape === "index" ? "an index" : "a manifest"}`, JSON.stringify(stated));
}

function readIndex(json: JsonObject, what: string): ImageIndex {
  if (shapeOf(json, what) !== "index") throw malformed(what, "an image index", "an image manifest");
  const { manifests, ...stated } = checkImageJson(Index, json, what);
  const mediaType = stated.mediaType ?? OCI_INDEX;
  if (!isIndexType(mediaType)) throw malformed(what, "the media type of an index", mediaType);
  checkCount(manifests.length, MAX_IMAGE_MANIFESTS, `the list of manifests in ${what}`);
  return { kind: "index", mediaType, manifests, ...membersOfBoth(stated) };
}

function readManifest(json: JsonObject, what: string): ImageManifest {
  if (shapeOf(json, what) !== "manifest") throw malformed(what, "an image manifest", "an image index");
  const { config, layers, ...stated } = checkImageJson(Manifest, json, what);
  const mediaType = stated.mediaType ?? OCI_MANIFEST;
  if (!isManifestType(mediaType)) throw malformed(what, "the media type of a manifest", mediaType);
  checkCount(layers.length, MAX_LAYERS, `the list of layers in ${what}`);
  return { kind: "manifest", mediaType, config, layers, ...membersOfBoth(stated) };
}

function parseObject(bytes: Uint8Array, what: string): JsonObject {
  const json = parseImageJson(bytes, what);
  requireSpelling(json, MANIFEST_NAMES, what);
  if (json !== null && typeof json === "object" && !Array.isArray(json)) return json as JsonObject;
  throw malformed(what, "a JSON object", Array.isArray(json) ? "an array" : JSON.stringify(json).slice(0, 80));
}

function shapeOf(json: JsonObject, what: string): "index" | "manifest" {
  const has = (names: readonly string[]) => names.filter((name) => Object.hasOwn(json, name));
  const [index, manifest, other] = [has(SHAPES.index), has(SHAPES.manifest), has(SHAPES.other)];
  if (other.length > 0) {
    throw malformed(what, "an OCI or Docker schema 2 manifest or index", `a document with ${other.join(", ")}`);
  }
  if (index.length > 0 && manifest.length > 0) {
    throw malformed(what, "either an index or a manifest", `both, with ${[...index, ...manifest].join(", ")}`);
  }
  if (index.length === 0 && manifest.length === 0) {
    throw malformed(what, "an index with manifests, or a manifest with config and layers", "none of these members");
  }
  return index.length > 0 ? "index" : "manifest";
}

function membersOfBoth(stated: {
  readonly artifactType?: string | undefined;
  readonly subject?: Descriptor | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}): Pick<ImageManifest, "artifactType" | "subject" | "annotations"> {
  return {
    artifactType: stated.artifactType ?? null,
    subject: stated.subject ?? null,
    annotations: stated.annotations ?? {},
  };
}
