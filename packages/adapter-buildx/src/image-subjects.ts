import { compareText, mergeSubjects, type Subject } from "@touchmark/core";
import { imagePurl, type PlatformImage, platformText } from "@touchmark/oci";
import { DIRTY, PLATFORM, TAGS } from "./annotation-names.ts";
import { digestSet } from "./attached-documents.ts";
import type { FoundImage } from "./found-image.ts";
import { grouped } from "./grouped.ts";
import type { Place } from "./place.ts";

/**
 * The subjects of images: in each repository the image under the repository's name, without a tag, and each manifest of
 * an index for a platform under its purl. Attestation manifests, configurations and layers are none: nobody pulls them.
 *
 * A tool may list an index and what is in it (ko does). A manifest that is in an index of the same repository is a
 * subject as such, and not a second time under the repository's name.
 */
export function subjectsOfImages(found: readonly FoundImage[]): readonly Subject[] {
  return mergeSubjects(
    rootsOf(found).flatMap((root) => [
      imageSubject(root),
      ...root.found.image.platforms.map((platform) => platformSubject(root.place, platform)),
    ]),
  );
}

/** An image in one repository. */
export interface RootImage {
  readonly place: Place;
  readonly found: FoundImage;
  /** As buildx said of any build of it. */
  readonly dirty: boolean;
}

/** Images in their repositories, each once with all its tags, that are not in another of these images there. */
export function rootsOf(found: readonly FoundImage[]): readonly RootImage[] {
  const placed = found.flatMap((one) => one.places.map((place) => ({ place, found: one })));
  const inside = new Set(
    placed.flatMap(({ place, found: { image } }) =>
      image.platforms.map(({ descriptor }) => `${place.name}@${descriptor.digest}`),
    ),
  );
  const byDigest = grouped(placed, ({ place, found: { built } }) => `${place.name}@${built.digest}`);
  return [...byDigest].flatMap(([key, [first, ...others]]) => {
    if (first === undefined || inside.has(key)) return [];
    const all = [first, ...others];
    const tags = [...new Set(all.flatMap(({ place }) => place.tags))].sort(compareText);
    const dirty = all.some((one) => one.found.claims.some(({ commit }) => commit?.dirty));
    return [{ place: { ...first.place, tags }, found: first.found, dirty }];
  });
}

function imageSubject({ place, dirty, found: { image, platform } }: RootImage): Subject {
  const { digest, mediaType } = image.root;
  const annotations = {
    ...(place.tags.length === 0 ? {} : { [TAGS]: place.tags }),
    ...(platform === null ? {} : { [PLATFORM]: platform }),
    ...(dirty ? { [DIRTY]: true } : {}),
  };
  return {
    name: place.name,
    digest: digestSet(digest),
    uri: imagePurl({ name: place.name, digest }),
    mediaType,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

function platformSubject(place: Place, { descriptor, platform }: PlatformImage): Subject {
  const text = platform === null ? null : platformText(platform);
  const purl = imagePurl({ name: place.name, digest: descriptor.digest, platform: text });
  return {
    name: purl,
    digest: digestSet(descriptor.digest),
    uri: purl,
    mediaType: descriptor.mediaType,
    ...(text === null ? {} : { annotations: { [PLATFORM]: text } }),
  };
}
