import { TouchmarkError } from "@touchmark/core";
import { type ImageLayout, type ImageReference, parseReference } from "@touchmark/oci";
import type { BuiltImage } from "./built-image.ts";
import { MAX_IMAGES } from "./limits.ts";

/**
 * The images of a layout. What `cosign save` put beside an image (signatures, attestations) is none.
 *
 * @throws TouchmarkError `IMAGE_MISSING` for one that docker before version 25 or podman saved in docker's own form: it
 * has no manifest, and so no digest; `SUBJECTS_EMPTY`, `LIMIT_EXCEEDED`.
 */
export function imagesOf(layout: ImageLayout): readonly BuiltImage[] {
  const old = layout.entries.find(({ role }) => role === "image-without-manifest");
  if (old !== undefined) throw withoutManifest(layout, old.references);
  const entries = layout.entries.filter(({ role }) => role === "image");
  if (entries.length > MAX_IMAGES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${layout.label} has too many images`, {
      expected: `at most ${MAX_IMAGES}`,
      actual: String(entries.length),
    });
  }
  if (entries.length === 0) {
    throw new TouchmarkError("SUBJECTS_EMPTY", `${layout.label} holds no image`, {
      expected: "at least one image in index.json",
      actual: "none",
    });
  }
  return entries.map(({ descriptor: { digest, size, mediaType }, references }) => ({
    label: layout.label,
    names: references.flatMap(repositoryOf),
    digest,
    size,
    mediaType,
    provenance: [],
    bare: false,
  }));
}

function withoutManifest(layout: ImageLayout, references: readonly string[]): TouchmarkError {
  return new TouchmarkError("IMAGE_MISSING", `${layout.label} has an image without a manifest`, {
    expected: "--output type=oci, docker save of docker 25 or later, podman save --format oci-archive, or the registry",
    actual: `${references.slice(0, 20).join(", ") || "one without a name"}, as docker save wrote it before version 25`,
  });
}

/**
 * The repository in a name that a layout has for an image: none in a mere tag, which `org.opencontainers.image.ref.name`
 * mostly is, nor in a text that no registry would take.
 */
export function repositoryOf(reference: string): readonly ImageReference[] {
  if (!/[/:]/.test(reference)) return [];
  try {
    return [parseReference(reference)];
  } catch {
    return [];
  }
}
