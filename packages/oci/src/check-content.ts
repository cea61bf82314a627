import type { Descriptor } from "./descriptor.ts";
import type { ImageSource } from "./image-source.ts";
import type { ContentProblem } from "./layout.ts";
import type { LayoutFiles, Measured } from "./layout-files.ts";
import { blobPath } from "./layout-path.ts";
import { namedIn } from "./manifest.ts";
import { isForeignLayerType, isIndexType, isManifestType } from "./media-types.ts";
import { checkDepth, manifestReader } from "./read-image.ts";

/**
 * Hashes everything below a root; see `ImageLayout.checkContent`. Of a manifest that is missing or another one, what lies
 * below is not known.
 */
export async function checkReachable(
  root: Descriptor,
  files: LayoutFiles,
  source: ImageSource,
): Promise<readonly ContentProblem[]> {
  const reader = manifestReader(source);
  const problems: ContentProblem[] = [];
  await visit([root], 0);
  return problems;

  async function visit(descriptors: readonly Descriptor[], depth: number): Promise<void> {
    const measured = await files.measure(descriptors.map(({ digest }) => blobPath(digest)));
    for (const [index, descriptor] of descriptors.entries()) {
      const found = problemOf(descriptor, measured[index] ?? null);
      problems.push(...found);
      if (found.length === 0) await descend(descriptor, depth);
    }
  }

  async function descend(descriptor: Descriptor, depth: number): Promise<void> {
    if (isIndexType(descriptor.mediaType)) checkDepth(depth + 1, descriptor.digest);
    else if (!isManifestType(descriptor.mediaType)) return;
    const { document } = await reader(descriptor);
    await visit(namedIn(document), depth + 1);
  }
}

/** What is wrong with what was found for a descriptor; an empty list when nothing is. */
export function problemOf(descriptor: Descriptor, found: Measured | null): readonly ContentProblem[] {
  if (found === null) {
    const mayBeAbsent = isForeignLayerType(descriptor.mediaType) && (descriptor.urls?.length ?? 0) > 0;
    return mayBeAbsent ? [] : [{ descriptor, kind: "missing", actual: null }];
  }
  if (found.digest !== descriptor.digest) return [{ descriptor, kind: "digest", actual: found.digest }];
  if (found.size !== descriptor.size) return [{ descriptor, kind: "size", actual: `${found.size} bytes` }];
  return [];
}
