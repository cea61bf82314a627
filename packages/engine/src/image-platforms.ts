import { finding } from "@touchmark/core";
import { type Descriptor, type ImageSource, type Platform, platformText, readImage } from "@touchmark/oci";
import { samePlatform } from "@touchmark/verify";
import type { ImageItem, RefusedItem } from "./check-items.ts";

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

/** Which platforms of an image are judged beside the image itself. */
export interface PlatformChoice {
  /** All that there are. */
  readonly recursive: boolean;
  /** `linux/arm64` and others that an image must have, and which are then judged; absent: none of any image. */
  readonly platformsOf?: (root: ImageItem) => readonly string[];
}

/**
 * The platforms of an image that are to be judged, and one item that fails for each that the image must have and has not.
 *
 * @throws TouchmarkError as `readImage`: an index whose platforms cannot all be read has not been checked.
 */
export async function chosenPlatforms(
  root: ImageItem,
  source: RecordingSource,
  { recursive, platformsOf: wantedOf }: PlatformChoice,
): Promise<readonly (PlatformItem | RefusedItem)[]> {
  const wanted = wantedOf?.(root) ?? [];
  if (!recursive && wanted.length === 0) return [];
  const all = await platformsOf(root, source);
  const is = (text: string) => (item: ImageItem) => item.platform !== null && samePlatform(text, item.platform);
  const chosen = recursive ? all : all.filter((item) => wanted.some((text) => is(text)(item)));
  return [...chosen, ...wanted.filter((text) => !all.some(is(text))).map((text) => missingPlatform(root, text, all))];
}

function missingPlatform({ target, name }: ImageItem, platform: string, all: readonly ImageItem[]): RefusedItem {
  const found = all.map((item) => item.platform ?? "one that does not say");
  return {
    kind: "refused",
    target,
    name: `${name} (${platform})`,
    finding: finding("PLATFORM_MISSING", `${name} does not have a platform that the policy asks for`, {
      expected: platform,
      actual: found.length === 0 ? "no platforms" : found.join(", "),
    }),
    status: "policy",
    onPath: false,
  };
}

/**
 * The images that a runtime would take out of an index, each to be judged by itself; none for a manifest.
 *
 * @throws TouchmarkError as `readImage`: an index whose platforms cannot all be read has not been checked.
 */
async function platformsOf(root: ImageItem, source: RecordingSource): Promise<readonly PlatformItem[]> {
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
