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
 * A piece that cannot be read by itself (other bytes than its digest says, more than anybody reads) hides no other: whoever
 * can write to the repository could add one. It is the error after everything else.
 *
 * Nothing that comes back was verified. A layer of the `.att` tag that is no evidence for a verifier (a certificate that
 * cannot be carried over, say) comes back as it is, so that the report names it.
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
      const unreadable: TouchmarkError[] = [];
      const seen = new Set<string>();
      for await (const piece of pieces({ repository: place, image, budget, unreadable }, digest)) {
        const identity = identityOf(piece.bytes);
        if (seen.has(identity)) continue;
        seen.add(identity);
        yield piece;
      }
      if (unreadable[0] !== undefined) throw unreadable[0];
    },
  };
}

interface Reading {
  readonly repository: Repository;
  /** `registry/repository@digest`. */
  readonly image: string;
  readonly budget: EvidenceBudget;
  /** What was wrong with pieces that were left out. */
  readonly unreadable: TouchmarkError[];
}

async function* pieces(reading: Reading, digest: string): AsyncIterable<FetchedEvidence> {
  const { repository, image, budget } = reading;
  for (const referrer of await referrersOf(repository, digest)) {
    const manifest = await aside(reading, async () => {
      budget.open(referrer.size);
      return manifestOrNull(repository.manifest(referrer));
    });
    for (const layer of manifest?.layers ?? []) {
      if (!isBundleType(layer.mediaType)) continue;
      const bytes = await blobOrNull(reading, layer);
      if (bytes !== null) yield { name: `${image} referrer ${referrer.digest}`, bytes };
    }
  }
  for (const layer of await attLayers(repository, digest)) {
    const envelope = await blobOrNull(reading, layer);
    if (envelope === null) continue;
    const bytes = bundleOfAttLayer(envelope, layer.annotations) ?? envelope;
    yield { name: `${image} .att layer ${layer.digest}`, bytes };
  }
}

/** Errors about one piece, whatever the rest of the repository holds. */
const ABOUT_PIECE: readonly Code[] = ["DIGEST_MISMATCH", "EVIDENCE_TOO_LARGE", "INPUT_TOO_LARGE"];

/** Null for a piece that cannot be read by itself, which is then remembered. */
async function aside<T>({ unreadable }: Reading, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!isTouchmarkError(error) || !ABOUT_PIECE.includes(error.code)) throw error;
    unreadable.push(error);
    return null;
  }
}

async function referrersOf(repository: Repository, digest: string): Promise<readonly Descriptor[]> {
  const answer = await repository.referrers(digest);
  const index = answer.kind === "api" ? await parsedOrNull(repository.manifestByTag(referrersTag(digest))) : null;
  const all = [...answer.descriptors, ...(index?.kind === "index" ? index.manifests : [])];
  const byDigest = new Map(all.filter(mayHoldBundle).map((one) => [one.digest, one]));
  return [...byDigest.values()];
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

function blobOrNull(reading: Reading, layer: Descriptor): Promise<Uint8Array | null> {
  return aside(reading, async () => {
    reading.budget.spend(layer.size);
    try {
      return await reading.repository.blob(layer, { max: MAX_EVIDENCE_BYTES });
    } catch (error) {
      if (isTouchmarkError(error) && error.code === "IMAGE_MISSING") return null;
      throw error;
    }
  });
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
