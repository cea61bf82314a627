import { isTouchmarkError } from "@touchmark/core";
import { type NamedImage, targetForm } from "@touchmark/engine";
import { altered, type KitTarget } from "./kit-manifest.ts";

/** What the user says of a kit's images. */
export interface ImagesSaid {
  /** Further targets, among which images in registries are looked for. */
  readonly targets: readonly string[];
  /** What evidence calls an image does not count, so that no name of the list can be borne out. */
  readonly anyName: boolean;
}

/** What a kit's images are called. */
export interface KitImages {
  /** By the targets that they are. */
  readonly images: ReadonlyMap<string, NamedImage>;
  /** Those of the further targets that the kit holds. */
  readonly held: readonly string[];
}

/**
 * Finds what the images of a kit are called: what the user calls them, as if they were in the registry; else what the list does,
 * whose word a statement must then bear out, or where names do not count their place.
 *
 * @param listed - by the targets that they are.
 * @throws TouchmarkError `KIT_ALTERED` for a name that fetch does not write, and for one that stands there twice.
 */
export function kitImages(listed: ReadonlyMap<string, KitTarget>, { targets, anyName }: ImagesSaid): KitImages {
  const left = new Map([...listed].map(([place, target]) => [place, imageOf(target)] as const));
  requireOnce([...left.values()].map(textOf));
  const images = new Map<string, NamedImage>();
  const held: string[] = [];
  const give = (target: string, isMeant: (claim: Claim, said: Claim) => boolean) => {
    const said = claimIn(target);
    const [place] = said === null ? [] : ([...left].find(([, claim]) => isMeant(claim, said)) ?? []);
    if (said === null || place === undefined) return;
    left.delete(place);
    images.set(place, { ...said, byUser: true });
    held.push(target);
  };
  for (const target of targets) give(target, (claim, said) => textOf(claim) === textOf(said));
  // A mirror has the image under a name of its own.
  const others = targets.filter((target) => !held.includes(target));
  for (const target of others) give(target, (claim, said) => claim.digest === said.digest);
  for (const [place, { repository, digest }] of left)
    images.set(place, { repository: anyName ? null : repository, digest, byUser: false });
  return { images, held };
}

interface Claim {
  readonly repository: string;
  readonly digest: string;
}

/** Null for what is no image in a registry, or names no digest. */
function claimIn(target: string): Claim | null {
  const form = targetForm(target);
  if (form.kind !== "image" || form.reference.digest === null) return null;
  return { repository: form.reference.name, digest: form.reference.digest };
}

function textOf({ repository, digest }: Claim): string {
  return `oci://${repository}@${digest}`;
}

function requireOnce(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw altered("the kit's list is wrong", "each image once", name);
    seen.add(name);
  }
}

/** In one spelling alone, without a tag, which nothing could bear out. */
function imageOf({ name }: KitTarget): Claim {
  const claim = readClaim(name);
  if (claim !== null && textOf(claim) === name) return claim;
  throw noImage(JSON.stringify(name));
}

function readClaim(name: string): Claim | null {
  try {
    return claimIn(name);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    // The name may hold a password, which this leaves out.
    throw noImage(error.actual ?? "another text");
  }
}

function noImage(actual: string) {
  return altered("the kit's list names no image", "a target such as oci://HOST/REPO@sha256:HEX", actual);
}
