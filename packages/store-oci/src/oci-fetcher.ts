import { createHash } from "node:crypto";
import { type Code, isTouchmarkError, MAX_EVIDENCE_BYTES, parseBundle, type TouchmarkError } from "@touchmark/core";
import {
  bundleOfAttLayer,
  type Descriptor,
  DSSE_LAYER,
  type ImageIndex,
  type ImageManifest,
  isBundleType,
  type ManifestBytes,
  openRegistry,
  parseAnyManifest,
  parseReference,
  type Registry,
  type Repository,
  referrersTag,
} from "@touchmark/oci";
import type { FetchedEvidence, Fetcher, Host } from "@touchmark/plugin";
import { type EvidenceBudget, evidenceBudget } from "./evidence-budget.ts";
import { mayHoldBundle } from "./referrer.ts";
import { cosignTag } from "./tag-layers.ts";

/**
 * Reads what a registry holds about an image: its referrers by the API and under the referrers tag (registries that got
 * the API later may have both), and cosign's `.att` tag. Referrers of other types are passed over; so is what a list
 * names and the registry no longer has.
 *
 * A piece that is broken or too large is an error at the end, when all others were given. Nothing that comes back was
 * verified. A layer of the `.att` tag that is no evidence for a verifier (a certificate that cannot be carried over, say)
 * comes back as it is, so that the report names it.
 */
export function ociFetcher(): Fetcher {
  const opened = new WeakMap<Host, Map<string, Registry>>();
  const registryOf = (registry: string, host: Host): Registry => {
    const known = opened.get(host) ?? new Map<string, Registry>();
    opened.set(host, known);
    const one = known.get(registry) ?? openRegistry(registry, host);
    known.set(registry, one);
    return one;
  };
  return {
    name: "oci",
    async *fetch({ repository, digest }, host) {
      const { registry, repository: path, name } = parseReference(repository);
      const place = registryOf(registry, host).repository(path);
      const image = `${name}@${digest}`;
      const budget = evidenceBudget(image);
      const seen = new Set<string>();
      for await (const piece of pieces(place, digest, image, budget)) {
        const identity = identityOf(piece.bytes);
        if (seen.has(identity)) continue;
        seen.add(identity);
        yield piece;
      }
    },
  };
}

async function* pieces(
  repository: Repository,
  digest: string,
  image: string,
  budget: EvidenceBudget,
): AsyncIterable<FetchedEvidence> {
  const broken: TouchmarkError[] = [];
  for await (const referrer of referrersOf(repository, digest)) {
    const manifest = await orLater(broken, budget.tooLarge(referrer.size), () => {
      budget.open(referrer.size);
      return manifestOrNull(repository.manifest(referrer));
    });
    for (const layer of manifest?.layers ?? []) {
      if (!isBundleType(layer.mediaType)) continue;
      const bytes = await pieceOrLater(repository, layer, budget, broken);
      if (bytes !== null) yield { name: `${image} referrer ${referrer.digest}`, bytes };
    }
  }
  for (const layer of await attLayers(repository, digest)) {
    const envelope = await pieceOrLater(repository, layer, budget, broken);
    if (envelope === null) continue;
    const bytes = bundleOfAttLayer(envelope, layer.annotations) ?? envelope;
    yield { name: `${image} .att layer ${layer.digest}`, bytes };
  }
  const [first] = broken;
  if (first !== undefined) throw first;
}

function pieceOrLater(
  repository: Repository,
  layer: Descriptor,
  budget: EvidenceBudget,
  broken: TouchmarkError[],
): Promise<Uint8Array | null> {
  return orLater(broken, budget.tooLarge(layer.size), () => blobOrNull(repository, layer, budget));
}

/** What is wrong with one piece and says nothing of the others. */
const ABOUT_ONE: readonly Code[] = ["DIGEST_MISMATCH", "INPUT_TOO_LARGE"];

/** Whoever can push could otherwise keep all evidence from being read that is listed after one broken piece. */
async function orLater<T>(
  broken: TouchmarkError[],
  known: TouchmarkError | null,
  read: () => Promise<T | null>,
): Promise<T | null> {
  try {
    if (known === null) return await read();
    broken.push(known);
  } catch (error) {
    if (!isTouchmarkError(error) || !ABOUT_ONE.includes(error.code)) throw error;
    broken.push(error);
  }
  return null;
}

/** What the registry lists first: whoever can write the tag must not speak for it, nor keep it from being read. */
async function* referrersOf(repository: Repository, digest: string): AsyncIterable<Descriptor> {
  const answer = await repository.referrers(digest);
  const seen = new Set<string>();
  const unseen = (one: Descriptor): boolean => {
    const key = `${one.digest} ${one.size}`;
    return mayHoldBundle(one) && !seen.has(key) && seen.add(key).has(key);
  };
  yield* answer.descriptors.filter(unseen);
  if (answer.kind !== "api") return;
  const index = await parsedOrNull(repository.manifestByTag(referrersTag(digest)));
  if (index?.kind === "index") yield* index.manifests.filter(unseen);
}

async function attLayers(repository: Repository, digest: string): Promise<readonly Descriptor[]> {
  const manifest = await manifestOrNull(repository.manifestByTag(cosignTag(digest, "att")));
  return (manifest?.layers ?? []).filter(({ mediaType }) => mediaType === DSSE_LAYER);
}

async function manifestOrNull(reading: Promise<ManifestBytes | null>): Promise<ImageManifest | null> {
  const manifest = await parsedOrNull(reading);
  return manifest?.kind === "manifest" ? manifest : null;
}

/** Null for what is not there any more, and for what is none: a list may name anything, and a tag hold it. */
async function parsedOrNull(reading: Promise<ManifestBytes | null>): Promise<ImageIndex | ImageManifest | null> {
  try {
    const manifest = await reading;
    return manifest === null ? null : parseAnyManifest(manifest);
  } catch (error) {
    if (isTouchmarkError(error) && (error.code === "IMAGE_MISSING" || error.code === "IMAGE_MALFORMED")) return null;
    throw error;
  }
}

async function blobOrNull(
  repository: Repository,
  layer: Descriptor,
  budget: EvidenceBudget,
): Promise<Uint8Array | null> {
  budget.spend(layer.size);
  try {
    return await repository.blob(layer, { max: MAX_EVIDENCE_BYTES });
  } catch (error) {
    if (isTouchmarkError(error) && error.code === "IMAGE_MISSING") return null;
    throw error;
  }
}

/** Equal for bundles that say the same with the same signature, wherever they were; else for equal bytes. */
function identityOf(bytes: Uint8Array): string {
  try {
    const { payloadType, payload, signature, signer } = parseBundle(bytes);
    const certificate = signer.kind === "certificate" ? Buffer.from(signer.chain[0] ?? []).toString("base64") : null;
    const hash = createHash("sha256").update(JSON.stringify([payloadType, payload.byteLength, certificate]));
    return hash.update(payload).update(signature).digest("hex");
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return createHash("sha256").update(bytes).digest("hex");
  }
}
