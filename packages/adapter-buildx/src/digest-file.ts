import { decodeUtf8, TouchmarkError } from "@touchmark/core";
import { isImageDigest, parseReference } from "@touchmark/oci";
import type { BuiltImage } from "./built-image.ts";
import { MAX_IMAGES } from "./limits.ts";

/**
 * Reads a file of references with digests, one a line, or of one bare digest: `--image-refs` of ko, `--digest-file` and
 * the two `--image-name-…-file` of kaniko, `jib-image.digest`, `--digestfile` of buildah, podman and skopeo.
 *
 * ko lists an index and then each manifest in it; these come back as images, too.
 *
 * @param label - the file's name, for messages.
 * @throws TouchmarkError `INPUT_INVALID` for a line that is neither, with its number; `LIMIT_EXCEEDED`.
 */
export function parseDigestFile(bytes: Uint8Array, label: string): readonly BuiltImage[] {
  const lines = decodeUtf8(bytes, label)
    .split(/\r?\n/)
    .map((text, index) => ({ text: text.trim(), number: index + 1 }))
    .filter(({ text }) => text !== "");
  if (lines.length > MAX_IMAGES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${label} has too many lines`, {
      expected: `at most ${MAX_IMAGES}`,
      actual: String(lines.length),
    });
  }
  const [first] = lines;
  if (first === undefined) throw badLine(label, 1, "nothing");
  if (lines.length === 1 && isImageDigest(first.text)) {
    return [{ label, names: [], digest: first.text, provenance: [], bare: true }];
  }
  const byDigest = new Map<string, BuiltImage>();
  for (const { text, number } of lines) {
    const reference = text.includes("@") ? parseReference(text, `line ${number} of ${label}`) : null;
    if (reference?.digest == null) throw badLine(label, number, text);
    const { names } = byDigest.get(reference.digest) ?? { names: [] };
    const image = { label, digest: reference.digest, provenance: [], bare: false };
    byDigest.set(reference.digest, { ...image, names: [...names, reference] });
  }
  return [...byDigest.values()];
}

function badLine(label: string, line: number, text: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${label} is not a file of image digests`, {
    expected: "HOST/REPOSITORY@sha256:DIGEST in each line, or one digest alone",
    actual: `line ${line}: ${JSON.stringify(text.slice(0, 120))}`,
  });
}
