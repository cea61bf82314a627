import { TouchmarkError } from "@touchmark/core";
import { type ImageLayout, type ImageReference, parseReference } from "@touchmark/oci";
import type { BuiltImage } from "./built-image.ts";
import { grouped } from "./grouped.ts";
import { MAX_IMAGES } from "./limits.ts";

/**
 * The images of a layout, each digest once with all its names. What `cosign save` put beside an image (signatures,
 * attestations) is none.
 *
 * @throws TouchmarkError `SUBJECTS_EMPTY`, `LIMIT_EXCEEDED`.
 */
export function imagesOf(layout: ImageLayout): readonly BuiltImage[] {
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
  return [...grouped(entries, ({ descriptor }) => descriptor.digest)].map(([digest, named]) => ({
    label: layout.label,
    names: named.flatMap(({ references }) => references.flatMap(repositoryOf)),
    digest,
    ...(named[0] === undefined ? {} : { size: named[0].descriptor.size, mediaType: named[0].descriptor.mediaType }),
    provenance: [],
    bare: false,
  }));
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
