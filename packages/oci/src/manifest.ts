import { issueText, isTouchmarkError, parseJson, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { Annotations, Descriptor, MediaType } from "./descriptor.ts";
import type { ManifestBytes } from "./image-source.ts";
import { MAX_IMAGE_MANIFESTS, MAX_LAYERS, MAX_MANIFEST_BYTES } from "./limits.ts";
import { isIndexType, isManifestType, OCI_INDEX, OCI_MANIFEST } from "./media-types.ts";

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

const Index = z.object({ ...Either, manifests: z.array(Descriptor).max(MAX_IMAGE_MANIFESTS) });
const Manifest = z.object({ ...Either, config: Descriptor, layers: z.array(Descriptor).max(MAX_LAYERS) });

/** Members by which a reader tells the shapes apart; `fsLayers` is Docker's schema 1, `blobs` OCI's withdrawn artifact. */
const SHAPES = { index: ["manifests"], manifest: ["config", "layers"], other: ["fsLayers", "blobs"] } as const;

/**
 * Reads an index.
 *
 * @param what - for messages: `the index sha256:…`.
 * @throws TouchmarkError `IMAGE_MALFORMED` for what is no index, states the type of something else, or could be read as
 * a manifest too (CVE-2021-41190); `INPUT_TOO_LARGE`.
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
 * same; `INPUT_TOO_LARGE`.
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
  const { manifests, ...stated } = checked(Index, json, what);
  const mediaType = stated.mediaType ?? OCI_INDEX;
  if (!isIndexType(mediaType)) throw malformed(what, "the media type of an index", mediaType);
  return { kind: "index", mediaType, manifests, ...membersOfBoth(stated) };
}

function readManifest(json: JsonObject, what: string): ImageManifest {
  if (shapeOf(json, what) !== "manifest") throw malformed(what, "an image manifest", "an image index");
  const { config, layers, ...stated } = checked(Manifest, json, what);
  const mediaType = stated.mediaType ?? OCI_MANIFEST;
  if (!isManifestType(mediaType)) throw malformed(what, "the media type of a manifest", mediaType);
  return { kind: "manifest", mediaType, config, layers, ...membersOfBoth(stated) };
}

/** A JSON object from an image, within the limits of a manifest. */
function parseObject(bytes: Uint8Array, what: string): JsonObject {
  let json: unknown;
  try {
    json = parseJson(bytes, { what, maxBytes: MAX_MANIFEST_BYTES });
  } catch (cause) {
    if (!isTouchmarkError(cause) || cause.code !== "INPUT_INVALID") throw cause;
    throw new TouchmarkError("IMAGE_MALFORMED", cause.message, {
      expected: cause.expected,
      actual: cause.actual,
      cause,
    });
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw malformed(what, "a JSON object", Array.isArray(json) ? "an array" : JSON.stringify(json).slice(0, 80));
  }
  return json as JsonObject;
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

function checked<T>(schema: z.ZodType<T>, json: unknown, what: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("IMAGE_MALFORMED", `${what} is not as the OCI image specification wants it`, {
    expected: "https://github.com/opencontainers/image-spec/blob/v1.1.1",
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
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

function malformed(what: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("IMAGE_MALFORMED", `${what} is not what it should be`, { expected, actual });
}
