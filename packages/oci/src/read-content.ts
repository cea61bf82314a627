import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { HttpResponse } from "@touchmark/plugin";
import { checkSize, checkTag } from "./content-name.ts";
import { checkBytes, parseDigestText, sha256Text } from "./image-digest.ts";
import type { ImageSource, ManifestBytes } from "./image-source.ts";
import { MAX_MANIFEST_BYTES } from "./limits.ts";
import { statedMediaType } from "./manifest.ts";
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from "./media-types.ts";
import { MAX_ANSWER_BYTES, TRANSFER_TIMEOUT_MS } from "./registry-limits.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Registries answer with another kind, converted, to who does not say that he knows this one. */
const ACCEPT = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");

export async function manifestByDigest(
  wanted: Parameters<ImageSource["manifest"]>[0],
  label: string,
  session: RegistrySession,
): Promise<ManifestBytes> {
  const digest = parseDigestText(wanted.digest, `a digest in ${label}`);
  const what = `the manifest ${digest} of ${label}`;
  if (wanted.size !== undefined) checkSize(wanted.size, MAX_MANIFEST_BYTES, what);
  const response = await readManifest(digest, session);
  if (response.status !== 200) throw session.failure(response, what, "a manifest or index");
  checkBytes(response.body, { ...wanted, digest }, what);
  return { bytes: response.body, mediaType: statedMediaType(response.body, what), digest };
}

export async function manifestByTag(
  tag: string,
  label: string,
  session: RegistrySession,
): Promise<ManifestBytes | null> {
  const what = `the manifest under ${JSON.stringify(checkTag(tag, label))} of ${label}`;
  const response = await readManifest(tag, session);
  if (response.status === 404) return null;
  if (response.status !== 200) throw session.failure(response, what, "a manifest or index");
  const { body: bytes } = response;
  return { bytes, mediaType: statedMediaType(bytes, what), digest: sha256Text(bytes) };
}

function readManifest(reference: string, session: RegistrySession): Promise<HttpResponse> {
  const url = session.url(`manifests/${reference}`);
  return session.send({ method: "GET", url, headers: { accept: ACCEPT }, maxBody: MAX_MANIFEST_BYTES });
}

export async function hasManifest(digest: string, label: string, session: RegistrySession): Promise<boolean> {
  const url = session.url(`manifests/${digest}`);
  const response = await session.send({ method: "HEAD", url, headers: { accept: ACCEPT } });
  if (response.status === 200) return true;
  if (response.status === 404) return false;
  throw session.failure(response, `the manifest ${digest} of ${label}`, "to hear whether it is there");
}

export async function readBlob(
  descriptor: Parameters<ImageSource["blob"]>[0],
  max: number,
  label: string,
  session: RegistrySession,
): Promise<Uint8Array> {
  const digest = parseDigestText(descriptor.digest, `a digest in ${label}`);
  const what = `the blob ${digest} of ${label}`;
  checkSize(descriptor.size, max, what);
  const response = await sized(descriptor.size, what, () =>
    session.send({
      method: "GET",
      url: session.url(`blobs/${digest}`),
      // Room for the words of a refusal too.
      maxBody: Math.max(descriptor.size, MAX_ANSWER_BYTES),
      timeoutMs: TRANSFER_TIMEOUT_MS,
    }),
  );
  if (response.status !== 200) throw session.failure(response, what, "a blob");
  checkBytes(response.body, { digest, size: descriptor.size }, what);
  return response.body;
}

/** A body longer than its descriptor says is the wrong one, not one that is too large for us. */
async function sized<T>(size: number, what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "INPUT_TOO_LARGE") throw error;
    throw new TouchmarkError("DIGEST_MISMATCH", `${what} has another size than its descriptor says`, {
      expected: `${size} bytes`,
      actual: "more",
    });
  }
}
