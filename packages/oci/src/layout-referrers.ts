import { isTouchmarkError } from "@touchmark/core";
import * as z from "zod";
import type { Descriptor } from "./descriptor.ts";
import { checkBytes, isImageDigest } from "./image-digest.ts";
import { readImageJson } from "./image-json.ts";
import type { LayoutFiles } from "./layout-files.ts";
import { MAX_LOOKED_AT_BLOBS, MAX_REFERRER_BYTES } from "./limits.ts";
import { OCI_MANIFEST } from "./media-types.ts";

/** What makes a manifest a referrer: https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md */
const Referrer = z.object({ mediaType: z.literal(OCI_MANIFEST), subject: z.object({ digest: z.string() }) });

/**
 * Manifests in a layout that say what they refer to, and that its index does not name; see `ImageLayout.referrers`. What
 * cannot be read is none.
 */
export async function unlistedReferrers(
  files: LayoutFiles,
  listed: readonly { readonly descriptor: Descriptor }[],
): Promise<readonly Descriptor[]> {
  const paths = await files.smallBlobs(MAX_REFERRER_BYTES);
  if (paths.length > MAX_LOOKED_AT_BLOBS) return [];
  const named = new Set(listed.map(({ descriptor }) => descriptor.digest));
  const found: Descriptor[] = [];
  for (const path of [...paths].sort()) {
    const digest = digestAt(path);
    if (digest === null || named.has(digest)) continue;
    const descriptor = await referrerAt(path, digest, files);
    if (descriptor !== null) found.push(descriptor);
  }
  return found;
}

/** Null for a path where no content has its place. */
function digestAt(path: string): string | null {
  const digest = path.replace(/^blobs\//, "").replace("/", ":");
  return isImageDigest(digest) ? digest : null;
}

async function referrerAt(path: string, digest: string, files: LayoutFiles): Promise<Descriptor | null> {
  const what = `${digest} of ${files.label}`;
  try {
    const bytes = await files.read(path, MAX_REFERRER_BYTES);
    if (bytes === null) return null;
    readImageJson(Referrer, bytes, what);
    checkBytes(bytes, { digest }, what);
    return { mediaType: OCI_MANIFEST, digest, size: bytes.byteLength };
  } catch (error) {
    if (isTouchmarkError(error) && error.code !== "ABORTED") return null;
    throw error;
  }
}
