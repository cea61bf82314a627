import { encodeJson, type Json, parseJson, TouchmarkError } from "@touchmark/core";
import {
  type Descriptor,
  DOCKER_CONFIG,
  DOCKER_MANIFEST,
  MAX_MANIFEST_BYTES,
  OCI_CONFIG,
  OCI_MANIFEST,
  parseAnyManifest,
  sha256Text,
} from "@touchmark/oci";
import { MAX_TAG_LAYERS } from "./limits.ts";
import type { Place } from "./place.ts";
import type { TagEdit } from "./tag-edit.ts";

/** One more piece of evidence in a tag of cosign's, `.att` or `.sig`. */
export interface TagLayer {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** True when a layer that is there says the same. */
  readonly equals: (there: Descriptor) => boolean;
}

/** cosign's tag for a digest: `sha256-<hex>.att`. */
export function cosignTag(digest: string, suffix: "att" | "sig"): string {
  return `${digest.replace(":", "-")}.${suffix}`;
}

/** Appends layers to a tag of cosign's; layers of others stay as they are, and what is there already is not repeated. */
export function layersEdit(place: Place, tag: string, layers: readonly TagLayer[]): TagEdit {
  return {
    repository: place.repository,
    tag,
    async next(current) {
      const what = `${place.repository.label}:${tag}`;
      const parsed = current === null ? null : parseAnyManifest(current);
      if (parsed?.kind === "index") {
        throw new TouchmarkError("REGISTRY_INVALID", `${what} holds something else than cosign writes there`, {
          expected: OCI_MANIFEST,
          actual: parsed.mediaType,
        });
      }
      const there = parsed?.layers ?? [];
      const missing = layers.filter((layer) => !there.some((one) => layer.equals(one)));
      if (missing.length === 0) return null;
      for (const layer of missing) await place.upload(layer.bytes);
      const manifest =
        current === null ? {} : (parseJson(current.bytes, { what, maxBytes: MAX_MANIFEST_BYTES }) as JsonObject);
      const descriptors = missing.map(({ bytes, mediaType, annotations }) => {
        return { mediaType, digest: sha256Text(bytes), size: bytes.byteLength, annotations };
      });
      const config = configOver([...there, ...descriptors]);
      await place.upload(config);
      const mediaType = parsed?.mediaType ?? OCI_MANIFEST;
      const bytes = encodeJson({
        ...manifest,
        schemaVersion: 2,
        mediaType,
        config: {
          mediaType: mediaType === DOCKER_MANIFEST ? DOCKER_CONFIG : OCI_CONFIG,
          digest: sha256Text(config),
          size: config.byteLength,
        },
        layers: [...((manifest["layers"] as readonly Json[] | undefined) ?? []), ...descriptors],
      });
      checkLimits(there.length + missing.length, bytes, what);
      return { bytes, mediaType };
    },
  };
}

type JsonObject = Readonly<Record<string, Json>>;

/** The configuration as cosign writes it: it reads `diff_ids` again when it appends. */
function configOver(layers: readonly Pick<Descriptor, "digest">[]): Uint8Array {
  const created = "0001-01-01T00:00:00Z";
  return encodeJson({
    architecture: "",
    os: "",
    created,
    config: {},
    history: layers.map(() => ({ created })),
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  });
}

function checkLimits(layers: number, bytes: Uint8Array, what: string): void {
  if (layers <= MAX_TAG_LAYERS && bytes.byteLength <= MAX_MANIFEST_BYTES) return;
  throw new TouchmarkError("LIMIT_EXCEEDED", `${what} has more layers than anybody reads`, {
    expected: `at most ${MAX_TAG_LAYERS} layers and ${MAX_MANIFEST_BYTES} bytes`,
    actual: `${layers} layers, ${bytes.byteLength} bytes`,
  });
}
