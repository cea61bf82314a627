import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { type ImageReference, openRegistry, type Registry, type Repository } from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import type { ImageItem, RefusedItem } from "./check-items.ts";
import { obstacleOf } from "./image-obstacle.ts";
import { chosenPlatforms, type PlatformChoice, recordingSource } from "./image-platforms.ts";

/**
 * The image that a target names, and those of its real platforms that are chosen. The manifest is read, so that what would be
 * pulled has the digest that is judged.
 *
 * @throws TouchmarkError `TAG_UNPINNED` for a reference without a digest; what is not about the image or its registry.
 */
export async function registryItems(
  target: string,
  reference: ImageReference,
  context: PlatformChoice & { readonly opened: Map<string, Registry>; readonly host: Host },
): Promise<readonly (ImageItem | RefusedItem)[]> {
  const { opened, host } = context;
  const registry = opened.get(reference.registry) ?? openRegistry(reference.registry, host);
  opened.set(reference.registry, registry);
  const repository = registry.repository(reference.repository);
  const { digest, name } = reference;
  if (digest === null) throw await unpinned(target, reference, repository);
  const source = recordingSource(repository);
  const item: ImageItem = {
    kind: "image",
    target,
    name: `${name}@${digest}`,
    repository: name,
    isClaimed: false,
    digest,
    platform: null,
    manifest: null,
    obstacle: null,
    layout: null,
  };
  try {
    const { bytes } = await source.manifest({ digest });
    const root = { ...item, manifest: bytes };
    return [root, ...(await chosenPlatforms(root, source, context))];
  } catch (error) {
    return [{ ...item, obstacle: obstacleOf(error) }];
  }
}

/** The error for a tag, with what it points to at this moment, if the registry says so. */
async function unpinned(
  target: string,
  { name, tag }: ImageReference,
  repository: Repository,
): Promise<TouchmarkError> {
  const wanted = tag ?? "latest";
  const found = await pointedTo(repository, wanted);
  const pinned = found.digest === null ? `${name}@sha256:DIGEST` : `${name}@${found.digest}`;
  return new TouchmarkError("TAG_UNPINNED", `${target} names no digest, and the tag ${wanted} can move at any time`, {
    expected: `touchmark verify oci://${pinned}`,
    actual: found.said,
  });
}

async function pointedTo(
  repository: Repository,
  tag: string,
): Promise<{ readonly digest: string | null; readonly said: string }> {
  try {
    const digest = (await repository.resolveTag(tag))?.digest ?? null;
    const said = digest === null ? "there is no such tag" : `it points to ${digest} now`;
    return { digest, said: `the tag ${tag}; ${said}` };
  } catch (error) {
    obstacleOf(error); // throws what is not about the registry
    const why = isTouchmarkError(error) ? `${error.code}: ${error.message}` : "";
    return { digest: null, said: `the tag ${tag}; what it points to could not be asked, ${why}` };
  }
}
