import { isTouchmarkError, PROVENANCE_V02, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import { type Image, type ImageLayout, type ImageSource, openRegistry, type Registry, readImage } from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import { readDocuments } from "./attached-documents.ts";
import { type BuildkitClaims, claimsOf } from "./buildkit-claims.ts";
import type { BuiltImage } from "./built-image.ts";
import { readConfig } from "./image-config.ts";
import { repositoryOf } from "./layout-images.ts";
import { type Place, placesOf, type Repository } from "./place.ts";

/** An image whose manifests were read and compared with their digests. */
export interface FoundImage {
  readonly built: BuiltImage;
  readonly image: Image;
  readonly places: readonly Place[];
  /** Of an image that is a single manifest, by its configuration: `linux/amd64`. Null for an index, and for no image. */
  readonly platform: string | null;
  /** What BuildKit attached to it, by digest. */
  readonly documents: readonly ResourceDescriptor[];
  /** What BuildKit says of its inputs: in the image, else in what buildx printed, which is the same or less. */
  readonly claims: readonly BuildkitClaims[];
}

/** Opens each registry once, so that it is logged in to once. */
export function registriesOf(host: Host): (name: string) => Registry {
  const opened = new Map<string, Registry>();
  return (name) => {
    const registry = opened.get(name) ?? openRegistry(name, host);
    opened.set(name, registry);
    return registry;
  };
}

/**
 * Reads an image where it is: all of a layout, or from the registry by digest. Of the further repositories that the build
 * pushed to, only the first document is read: its bytes are the same, and so is all that they name.
 *
 * @throws TouchmarkError `IMAGE_MISSING`, `DIGEST_MISMATCH`, `IMAGE_MALFORMED`, `INPUT_INVALID`, and those of registries;
 * never fewer than all of it.
 */
export async function findImage(
  built: BuiltImage,
  where: {
    readonly layout: ImageLayout | null;
    readonly registry: (name: string) => Registry;
    readonly repository: Repository | null;
  },
): Promise<FoundImage> {
  const named = built.names.length > 0 ? built : { ...built, names: namesInLayout(built.digest, where.layout) };
  const places = placesOf(named, where.repository);
  const repositories = where.layout === null ? places.map(repositoryAt) : [];
  const source = where.layout ?? repositories[0];
  if (source === undefined) {
    throw new TouchmarkError("INTERNAL", `${built.label} has no place`, { expected: "one at least", actual: "none" });
  }
  const image = await explained(built, () => readImage(source, built));
  if (where.layout !== null) await requireContent(image, where.layout);
  for (const repository of repositories.slice(1)) await repository.manifest(image.root);
  if (image.kind === "index" && image.platforms.length === 0) throw nothingToRun(built, image);
  const platform = image.kind === "index" ? null : await readConfig(source, image.root, built);
  const { documents, claims } = await readDocuments(source, image, built.label);
  return { built, image, places, platform, documents, claims: claims.length > 0 ? claims : printedClaims(built) };

  function repositoryAt({ registry, repository }: Place): ImageSource {
    return where.registry(registry).repository(repository);
  }
}

/** buildx prints the shape of v0.2, whatever the image holds. */
function printedClaims({ provenance, label }: BuiltImage): readonly BuildkitClaims[] {
  return provenance.flatMap((predicate) => claimsOf(PROVENANCE_V02, predicate, label));
}

function namesInLayout(digest: string, layout: ImageLayout | null): BuiltImage["names"] {
  const entries = layout?.entries.filter(({ descriptor, role }) => descriptor.digest === digest && role === "image");
  return (entries ?? []).flatMap(({ references }) => references.flatMap(repositoryOf));
}

/** Layers and configurations too: here they are at hand, and whoever pushes the layout pushes them. */
async function requireContent(image: Image, layout: ImageLayout): Promise<void> {
  const [problem] = await layout.checkContent(image.root);
  if (problem === undefined) return;
  const { descriptor, kind, actual } = problem;
  if (kind === "missing") {
    throw new TouchmarkError("IMAGE_MISSING", `${layout.label} lacks a part of the image ${image.root.digest}`, {
      expected: `${descriptor.digest}, ${descriptor.mediaType}`,
      actual: "nothing",
    });
  }
  throw new TouchmarkError("DIGEST_MISMATCH", `${layout.label} has other bytes than its image says`, {
    expected: kind === "size" ? `${descriptor.size} bytes of ${descriptor.digest}` : descriptor.digest,
    actual,
  });
}

/** A file with nothing but a digest may hold a configuration's, which no registry knows as an image. */
async function explained<T>(built: BuiltImage, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!built.bare || !isTouchmarkError(error)) throw error;
    if (error.code !== "IMAGE_MISSING" && error.code !== "IMAGE_MALFORMED") throw error;
    throw new TouchmarkError(error.code, `${built.label}: ${error.message}`, {
      expected:
        "the digest of a manifest, as --digestfile and jib-image.digest hold it; --iidfile and jib-image.id hold the digest of a configuration, by which no registry knows an image",
      actual: error.actual,
      cause: error,
    });
  }
}

function nothingToRun(built: BuiltImage, image: Image): TouchmarkError {
  return new TouchmarkError("IMAGE_MALFORMED", `${built.label} is an index without an image for any platform`, {
    expected: "at least one manifest for a platform",
    actual: `${image.attestations.length + image.others.length} others, such as unknown/unknown`,
  });
}
