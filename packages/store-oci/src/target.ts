import type { Subject } from "@touchmark/core";
import type { ImageSignature } from "@touchmark/oci";
import { parseReference } from "@touchmark/oci";
import type { SignedEnvelope } from "@touchmark/plugin";
import { attLayer } from "./att-layer.ts";
import { type PushedBundle, readPushedBundle } from "./bundle.ts";
import { type ImageSubject, imagesIn } from "./image-subject.ts";
import type { TagLayer } from "./tag-layers.ts";

export interface OciStoreOptions {
  /** Also cosign's `.att` tag, for readers that do not know referrers. */
  readonly attTag: boolean;
  /** Pushed to cosign's `.sig` tag of their images. */
  readonly signatures: readonly ImageSignature[];
}

/** Everything that belongs to one image. */
export interface Target extends ImageSubject {
  readonly bundles: readonly PushedBundle[];
  /** The same for the `.att` tag; none where nobody wants one. */
  readonly attLayers: readonly TagLayer[];
  readonly signatures: readonly ImageSignature[];
}

/**
 * What is to be pushed, image by image, in the order in which the statements name them.
 *
 * @throws TouchmarkError `INPUT_INVALID` for what cannot be pushed: before anything is.
 */
export function targetsOf(
  envelopes: readonly SignedEnvelope[],
  { signatures, attTag }: OciStoreOptions,
): readonly Target[] {
  const targets = new Map<string, ImageSubject & { bundles: PushedBundle[]; signatures: ImageSignature[] }>();
  const targetAt = (image: ImageSubject) => {
    const key = `${image.name}@${image.digest}`;
    const target = targets.get(key) ?? { ...image, bundles: [], signatures: [] };
    targets.set(key, target);
    return target;
  };
  for (const { bundle, subjects } of envelopes) {
    const images = imagesIn(subjects);
    // A statement about files only can be of any age and size: nothing of it is read.
    const read = images.length === 0 ? null : readPushedBundle(bundle);
    for (const image of images) {
      const target = targetAt(image);
      if (read !== null && !target.bundles.some(({ digest }) => digest === read.digest)) target.bundles.push(read);
    }
  }
  for (const signature of signatures) targetAt(signedImage(signature)).signatures.push(signature);
  return [...targets.values()].map((target) => {
    return { ...target, attLayers: attTag ? target.bundles.map(attLayer) : [] };
  });
}

function signedImage({ name, digest }: ImageSignature): ImageSubject {
  const { registry, repository } = parseReference(name);
  return { subject: name, registry, repository, name, digest };
}

/** The registries that subjects are in, `host[:port]`, sorted: whom a publisher of theirs has to talk to. */
export function registriesOf(subjects: readonly Subject[]): readonly string[] {
  return [...new Set(imagesIn(subjects).map(({ registry }) => registry))].sort();
}
