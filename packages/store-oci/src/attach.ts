import { type Code, isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { type Descriptor, isSignatureOver, parseAnyManifest, SIMPLE_SIGNING, sha256Text } from "@touchmark/oci";
import type { Host, Receipt } from "@touchmark/plugin";
import type { PushedBundle } from "./bundle.ts";
import { MAX_COMPARED_REFERRERS } from "./limits.ts";
import type { Place } from "./place.ts";
import { EMPTY_BLOB, mayHoldBundle, PREDICATE_TYPE, referrerOf } from "./referrer.ts";
import { applyEdit, type TagEdit } from "./tag-edit.ts";
import { referrersIndexEdit } from "./tag-index.ts";
import { cosignTag, layersEdit, type TagLayer } from "./tag-layers.ts";
import type { Target } from "./target.ts";

/** What became of one image. */
export interface Attached {
  readonly receipts: readonly Receipt[];
  /** Tags that were written, and that others may write too. */
  readonly written: readonly TagEdit[];
}

/**
 * Attaches to one image what belongs to it: one thing after another, since all of it may change the same tags.
 *
 * @throws TouchmarkError those of the registry; `IMAGE_MISSING` when the image itself was never pushed.
 */
export async function attach(target: Target, place: Place, host: Host): Promise<Attached> {
  const receipts: Receipt[] = [];
  const written: TagEdit[] = [];
  const edit = async (change: TagEdit): Promise<boolean> => {
    const wrote = await applyEdit(change, host);
    if (wrote) written.push(change);
    return wrote;
  };
  const layers = async (suffix: "att" | "sig", wanted: readonly TagLayer[]): Promise<void> => {
    if (wanted.length === 0) return;
    const tag = cosignTag(target.digest, suffix);
    const existed = !(await edit(layersEdit(place, tag, wanted)));
    receipts.push({ subject: target.subject, uri: `${target.name}:${tag}`, existed });
  };
  if (target.bundles.length > 0) receipts.push(...(await attachReferrers(target, place, edit)));
  await layers("att", target.attLayers);
  await layers("sig", target.signatures.map(signatureLayer));
  return { receipts, written };
}

async function attachReferrers(
  target: Target,
  { repository, upload }: Place,
  edit: (change: TagEdit) => Promise<boolean>,
): Promise<readonly Receipt[]> {
  const image = await repository.manifest({ digest: target.digest });
  const listed = await repository.referrers(target.digest);
  const receipts: Receipt[] = [];
  const unlisted: Descriptor[] = [];
  const seen = (digest: string, existed: boolean) =>
    receipts.push({ subject: target.subject, uri: `${target.name}@${digest}`, existed });
  for (const bundle of target.bundles) {
    const { bytes, descriptor } = referrerOf(bundle, image);
    const isListed = listed.descriptors.some(({ digest }) => digest === descriptor.digest);
    // Where clients keep the list, one that broke off can have left a referrer that is not in it.
    if ((isListed || listed.kind === "tag-schema") && (await repository.hasManifest(descriptor.digest))) {
      seen(descriptor.digest, isListed);
      if (!isListed) unlisted.push(descriptor);
      continue;
    }
    const { existed } = await upload(bundle.bytes);
    const equal = existed ? await findEqual(bundle, listed.descriptors, repository) : null;
    if (equal !== null) {
      seen(equal, true);
      continue;
    }
    await upload(EMPTY_BLOB);
    const pushed = await repository.pushManifest(bytes, { mediaType: descriptor.mediaType });
    seen(descriptor.digest, false);
    // "the response ... MUST include an OCI-Subject header" where the registry lists the referrer by itself:
    // https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject
    if (pushed.subject !== target.digest) unlisted.push(descriptor);
  }
  if (unlisted.length > 0) await listReferrers(target, unlisted, repository, edit);
  return receipts;
}

/** For a registry that did not say that it lists what was pushed. */
async function listReferrers(
  target: Target,
  referrers: readonly Descriptor[],
  repository: Place["repository"],
  edit: (change: TagEdit) => Promise<boolean>,
): Promise<void> {
  const answer = await repository.referrers(target.digest);
  if (answer.kind === "tag-schema") {
    await edit(referrersIndexEdit(repository, target.digest, referrers));
    return;
  }
  const listed = new Set(answer.descriptors.map(({ digest }) => digest));
  const missing = referrers.find(({ digest }) => !listed.has(digest));
  if (missing === undefined) return;
  throw new TouchmarkError("REGISTRY_INVALID", `${target.name} took a referrer and does not list it`, {
    expected: missing.digest,
    actual: `${listed.size} other referrers of ${target.digest}`,
  });
}

/** A referrer that somebody else made of the same bundle: with a time of creation, say. */
async function findEqual(
  bundle: PushedBundle,
  listed: readonly Descriptor[],
  repository: Place["repository"],
): Promise<string | null> {
  const candidates = listed.filter((one) => {
    const predicateType = one.annotations?.[PREDICATE_TYPE];
    return mayHoldBundle(one) && (predicateType === undefined || predicateType === bundle.predicateType);
  });
  for (const candidate of candidates.slice(0, MAX_COMPARED_REFERRERS)) {
    if (!(await repository.hasManifest(candidate.digest))) continue;
    if (await holds(candidate, bundle, repository)) return candidate.digest;
  }
  return null;
}

async function holds(candidate: Descriptor, bundle: PushedBundle, repository: Place["repository"]): Promise<boolean> {
  try {
    const manifest = parseAnyManifest(await repository.manifest(candidate));
    return manifest.kind === "manifest" && manifest.layers.some(({ digest }) => digest === bundle.digest);
  } catch (error) {
    // A list may name anything; what cannot be read holds nothing, and must not keep the evidence from being attached.
    if (isTouchmarkError(error) && UNREADABLE.includes(error.code)) return false;
    throw error;
  }
}

const UNREADABLE: readonly Code[] = ["DIGEST_MISMATCH", "IMAGE_MALFORMED", "IMAGE_MISSING", "INPUT_TOO_LARGE"];

function signatureLayer({ payload, signature, publicKey }: Target["signatures"][number]): TagLayer {
  const annotation = "dev.cosignproject.cosign/signature";
  const digest = sha256Text(payload);
  return {
    bytes: payload,
    mediaType: SIMPLE_SIGNING,
    annotations: { [annotation]: Buffer.from(signature).toString("base64") },
    // ECDSA signatures are never the same twice: one by the same key over the same payload says the same.
    equals: (there) =>
      there.digest === digest &&
      isSignatureOver(payload, Buffer.from(there.annotations?.[annotation] ?? "", "base64"), publicKey),
  };
}
