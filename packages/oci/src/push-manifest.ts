import { TouchmarkError } from "@touchmark/core";
import { checkSize, checkTag } from "./content-name.ts";
import { sha256Text } from "./image-digest.ts";
import { MAX_MANIFEST_BYTES } from "./limits.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface PushedManifest {
  readonly digest: string;
  /** What the registry says in `OCI-Subject` that it refers to; null where it says nothing, though it may list it. */
  readonly subject: string | null;
}

/** Sends a manifest, under a tag or its digest alone. */
export async function pushManifest(
  bytes: Uint8Array,
  { mediaType, tag }: { readonly mediaType: string; readonly tag?: string },
  label: string,
  session: RegistrySession,
): Promise<PushedManifest> {
  const digest = sha256Text(bytes);
  const what = `the manifest ${digest} to ${label}`;
  checkSize(bytes.byteLength, MAX_MANIFEST_BYTES, what);
  const url = session.url(`manifests/${tag === undefined ? digest : checkTag(tag, label)}`);
  const response = await session.send({ method: "PUT", url, headers: { "content-type": mediaType }, body: bytes });
  if (response.status !== 201) throw session.failure(response, what, "status 201");
  const stored = response.headers["docker-content-digest"] ?? digest;
  if (stored !== digest) {
    throw new TouchmarkError("REGISTRY_INVALID", `${what} was stored as something else`, {
      expected: digest,
      actual: stored.slice(0, 160),
    });
  }
  return { digest, subject: response.headers["oci-subject"] ?? null };
}
