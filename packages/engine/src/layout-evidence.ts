import { isTouchmarkError, MAX_EVIDENCE_BYTES, MAX_SMALL_FILE_BYTES, parseBundle, parseJson } from "@touchmark/core";
import {
  bundleOfAttLayer,
  type Descriptor,
  DSSE_LAYER,
  type ImageLayout,
  isBundleType,
  isManifestType,
  parseAnyManifest,
  SIMPLE_SIGNING,
  startsLikeTar,
} from "@touchmark/oci";

/**
 * The bundles of an entry that holds nothing but evidence: every layer has the type of evidence, parses as what its
 * type says, and is nothing that could be unpacked. How `cosign save` or anybody else marks the entry counts for nothing.
 *
 * @returns bundles as JSON, none where all layers are image signatures; null for whatever must be judged as an image.
 */
export async function evidenceIn(layout: ImageLayout, entry: Descriptor): Promise<readonly Uint8Array[] | null> {
  if (!isManifestType(entry.mediaType)) return null;
  try {
    const manifest = parseAnyManifest(await layout.manifest(entry));
    if (manifest.kind !== "manifest" || manifest.layers.length === 0) return null;
    if (!manifest.layers.every(({ mediaType, size }) => isEvidenceType(mediaType) && size <= MAX_EVIDENCE_BYTES)) {
      return null;
    }
    const bundles: Uint8Array[] = [];
    for (const layer of manifest.layers) {
      const read = await bundleIn(layout, layer);
      if (read === null) return null;
      if (read !== "signature") bundles.push(read);
    }
    return bundles;
  } catch (error) {
    // Whatever is wrong with it is said of it as an image.
    if (isTouchmarkError(error) && error.code !== "ABORTED") return null;
    throw error;
  }
}

function isEvidenceType(mediaType: string): boolean {
  return isBundleType(mediaType) || mediaType === DSSE_LAYER || mediaType === SIMPLE_SIGNING;
}

async function bundleIn(layout: ImageLayout, layer: Descriptor): Promise<Uint8Array | "signature" | null> {
  const bytes = await layout.blob(layer, { max: MAX_EVIDENCE_BYTES });
  // Docker and podman unpack a layer whatever its type says: JSON that is a tar too could be an image that runs.
  if (startsLikeTar(bytes)) return null;
  if (layer.mediaType === SIMPLE_SIGNING) return isImageSignature(bytes) ? "signature" : null;
  const bundle = layer.mediaType === DSSE_LAYER ? bundleOfAttLayer(bytes, layer.annotations) : bytes;
  if (bundle !== null) parseBundle(bundle);
  return bundle;
}

/** https://github.com/sigstore/cosign/blob/v3.0.2/specs/SIGNATURE_SPEC.md#simple-signing */
function isImageSignature(bytes: Uint8Array): boolean {
  const json = parseJson(bytes, { what: "the image signature", maxBytes: MAX_SMALL_FILE_BYTES });
  if (json === null || typeof json !== "object" || !("critical" in json)) return false;
  const { critical } = json;
  return critical !== null && typeof critical === "object" && "image" in critical && "type" in critical;
}
