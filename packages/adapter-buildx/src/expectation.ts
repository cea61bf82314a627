import { TouchmarkError } from "@touchmark/core";
import { platformText } from "@touchmark/oci";
import { requireAll } from "@touchmark/plugin";
import type { FoundImage } from "./found-image.ts";
import { rootsOf } from "./image-subjects.ts";
import type { BuildxOptions } from "./options.ts";

/**
 * Compares the images with the options `expect` (repositories, or how many images) and `platforms`.
 *
 * @throws TouchmarkError `ARTIFACT_MISSING`, `ARTIFACT_UNEXPECTED`, naming them.
 */
export function requireExpected(
  found: readonly FoundImage[],
  { expect, platforms }: Pick<BuildxOptions, "expect" | "platforms">,
): void {
  const roots = rootsOf(found);
  requireAll(
    roots.map(({ place }) => place.name),
    expect ?? null,
  );
  if (platforms === undefined) return;
  for (const { place, found: one } of roots) {
    const wanted = Array.isArray(platforms) ? platforms : ownValue(platforms, place.name);
    requireAll(platformsOf(one).map(inWords), wanted.map(normalPlatform).map(inWords));
    function inWords(platform: string): string {
      return `${place.name} for ${platform}`;
    }
  }
}

function ownValue(platforms: Readonly<Record<string, readonly string[]>>, name: string): readonly string[] {
  const wanted = Object.hasOwn(platforms, name) ? platforms[name] : undefined;
  if (wanted !== undefined) return wanted;
  throw new TouchmarkError("ARTIFACT_UNEXPECTED", `the option platforms says nothing of ${name}`, {
    expected: Object.keys(platforms).slice(0, 20).join(", "),
    actual: name,
  });
}

function platformsOf({ image, platform }: FoundImage): readonly string[] {
  const texts =
    image.kind === "manifest"
      ? [platform]
      : image.platforms.map((one) => (one.platform === null ? null : platformText(one.platform)));
  return texts.map((text) => (text === null ? "a platform that it does not say" : normalPlatform(text)));
}

/** Variants that name what is meant without them: Normalize in platforms.go of containerd/platforms. */
function normalPlatform(platform: string): string {
  switch (platform) {
    case "linux/amd64/v1":
      return "linux/amd64";
    case "linux/arm64/v8":
      return "linux/arm64";
    case "linux/arm":
      return "linux/arm/v7";
    default:
      return platform;
  }
}
