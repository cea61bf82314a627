import { type Descriptor, type ImageSource, type Platform, platformText, readImage } from "@touchmark/oci";
import type { ImageItem } from "./check-items.ts";

/** A source that keeps the manifests that were read; `readImage` bounds them. */
export interface RecordingSource extends ImageSource {
  /** The bytes of a manifest that was read. */
  recorded(digest: string): Uint8Array | null;
}

export function recordingSource(source: ImageSource): RecordingSource {
  const manifests = new Map<string, Uint8Array>();
  return {
    label: source.label,
    recorded: (digest) => manifests.get(digest) ?? null,
    manifest: async (wanted) => {
      const manifest = await source.manifest(wanted);
      manifests.set(wanted.digest, manifest.bytes);
      return manifest;
    },
    blob: (descriptor, options) => source.blob(descriptor, options),
  };
}

export interface PlatformItem extends ImageItem {
  /** As the index has it. */
  readonly descriptor: Descriptor;
}

/**
 * The images that a runtime would take out of an index, each to be judged by itself; none for a manifest.
 *
 * @throws TouchmarkError as `readImage`: an index whose platforms cannot all be read has not been checked.
 */
export async function platformsOf(root: ImageItem, source: RecordingSource): Promise<readonly PlatformItem[]> {
  const image = await readImage(source, { digest: root.digest });
  const stem = root.name.slice(0, -`@${root.digest}`.length);
  const items = new Map<string, PlatformItem>();
  for (const { descriptor, platform } of image.platforms) {
    const { digest } = descriptor;
    const stated = statedPlatform(platform);
    const manifest = source.recorded(digest);
    const name = `${stem}@${digest}`;
    items.set(`${digest} ${stated}`, { ...root, name, digest, platform: stated, manifest, obstacle: null, descriptor });
  }
  return [...items.values()];
}

/** Null also for a platform of which the index says a half only. */
export function statedPlatform(platform: Platform | null): string | null {
  return platform === null || platform.os === "" || platform.architecture === "" ? null : platformText(platform);
}
