import {
  isTouchmarkError,
  parseAttachedStatement,
  type ResourceDescriptor,
  type StatedStatement,
  TouchmarkError,
} from "@touchmark/core";
import {
  type Descriptor,
  digestParts,
  type Image,
  type ImageSource,
  IN_TOTO_LAYER,
  platformText,
} from "@touchmark/oci";
import { ABOUT, PLATFORM, PREDICATE_TYPE } from "./annotation-names.ts";
import { type BuildkitClaims, claimsOf } from "./buildkit-claims.ts";
import { MAX_ALL_DOCUMENTS_BYTES, MAX_DOCUMENT_BYTES, MAX_DOCUMENTS } from "./limits.ts";

/** What BuildKit attached to an image. */
export interface AttachedDocuments {
  /** Each document by its digest. */
  readonly documents: readonly ResourceDescriptor[];
  /** What its provenance says of the image's inputs, of documents about the image only. */
  readonly claims: readonly BuildkitClaims[];
}

/**
 * Reads the in-toto statements in an image's attestation manifests, one after the other. They are unsigned: whoever could
 * push the image could write them.
 *
 * A document whose subject is none of the image's platform manifests is a byproduct like the others, since it is there;
 * nothing that it says is taken. `imagetools create --annotation` leaves such ones behind.
 *
 * @param label - the image's, for messages.
 * @throws TouchmarkError `IMAGE_MALFORMED` for what is no statement; `LIMIT_EXCEEDED`, `INPUT_TOO_LARGE`, those of the source.
 */
export async function readDocuments(source: ImageSource, image: Image, label: string): Promise<AttachedDocuments> {
  requireLimits(image, label);
  const platforms = new Map(image.platforms.map(({ descriptor, platform }) => [descriptor.digest, platform]));
  const documents: ResourceDescriptor[] = [];
  const claims: BuildkitClaims[] = [];
  for (const { about, layers } of image.attestations) {
    const platform = about === null ? undefined : platforms.get(about);
    for (const layer of layers) {
      const statement = layer.mediaType === IN_TOTO_LAYER ? await readStatement(source, layer, label) : null;
      const isAbout = about !== null && platforms.has(about) && statement !== null && isOnlyAbout(statement, about);
      if (isAbout) claims.push(...claimsOf(statement.predicateType, statement.predicate, label));
      documents.push({
        name: statement?.predicateType ?? layer.mediaType,
        digest: digestSet(layer.digest),
        mediaType: layer.mediaType,
        annotations: {
          ...(platform == null ? {} : { [PLATFORM]: platformText(platform) }),
          // What is no statement says by its place only what it is about.
          ...(statement === null
            ? {}
            : { [PREDICATE_TYPE]: statement.predicateType, [ABOUT]: isAbout ? about : "not this image" }),
        },
      });
    }
  }
  return { documents, claims };
}

function requireLimits({ attestations }: Image, label: string): void {
  const layers = attestations.flatMap((attestation) => attestation.layers);
  const bytes = layers.reduce((sum, { size }) => sum + size, 0);
  if (layers.length <= MAX_DOCUMENTS && bytes <= MAX_ALL_DOCUMENTS_BYTES) return;
  throw new TouchmarkError("LIMIT_EXCEEDED", `${label} has too many attestations`, {
    expected: `at most ${MAX_DOCUMENTS} documents of ${MAX_ALL_DOCUMENTS_BYTES} bytes together`,
    actual: `${layers.length} documents of ${bytes} bytes`,
  });
}

async function readStatement(source: ImageSource, layer: Descriptor, label: string): Promise<StatedStatement> {
  const bytes = await source.blob(layer, { max: MAX_DOCUMENT_BYTES });
  try {
    return parseAttachedStatement(bytes);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw new TouchmarkError("IMAGE_MALFORMED", `${label} has an attestation that cannot be read: ${error.message}`, {
      expected: error.expected,
      actual: error.actual,
      cause: error,
    });
  }
}

/**
 * BuildKit gives one subject for each name of the image, all with the digest of the platform manifest: none for an image
 * that was built without a name, as into a layout. What such a statement is about, its manifest alone says.
 */
function isOnlyAbout({ subject }: StatedStatement, about: string): boolean {
  const { algorithm, hex } = digestParts(about);
  return subject.every(({ digest }) => digest[algorithm] === hex);
}

/** `sha256:ab…` as in-toto has it. */
export function digestSet(digest: string): Readonly<Record<string, string>> {
  const { algorithm, hex } = digestParts(digest);
  return { [algorithm]: hex };
}
