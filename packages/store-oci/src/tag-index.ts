import { encodeJson, type Json, parseJson, TouchmarkError } from "@touchmark/core";
import {
  type Descriptor,
  MAX_IMAGE_MANIFESTS,
  MAX_MANIFEST_BYTES,
  OCI_INDEX,
  parseAnyManifest,
  type Repository,
  referrersTag,
} from "@touchmark/oci";
import type { TagEdit } from "./tag-edit.ts";

/**
 * Lists referrers under the tag `sha256-<hex>`, for registries without a referrers API; entries of others stay as they
 * are. Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
export function referrersIndexEdit(repository: Repository, digest: string, referrers: readonly Descriptor[]): TagEdit {
  const tag = referrersTag(digest);
  return {
    repository,
    tag,
    async next(current) {
      const what = `${repository.label}:${tag}`;
      if (current === null) return encoded({ schemaVersion: 2, mediaType: OCI_INDEX }, [], referrers, what);
      const parsed = parseAnyManifest(current);
      if (parsed.kind !== "index") {
        throw new TouchmarkError("REGISTRY_INVALID", `${what} holds something else than a list of referrers`, {
          expected: OCI_INDEX,
          actual: parsed.mediaType,
        });
      }
      const there = new Set(parsed.manifests.map((entry) => entry.digest));
      const missing = referrers.filter((entry) => !there.has(entry.digest));
      if (missing.length === 0) return null;
      const index = parseJson(current.bytes, { what, maxBytes: MAX_MANIFEST_BYTES }) as Readonly<Record<string, Json>>;
      return encoded(index, index["manifests"] as readonly Json[], missing, what);
    },
  };
}

function encoded(
  index: Readonly<Record<string, Json>>,
  there: readonly Json[],
  missing: readonly Descriptor[],
  what: string,
): { readonly bytes: Uint8Array; readonly mediaType: string } {
  const bytes = encodeJson({ ...index, manifests: [...there, ...missing] });
  if (there.length + missing.length > MAX_IMAGE_MANIFESTS || bytes.byteLength > MAX_MANIFEST_BYTES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${what} lists more referrers than anybody reads`, {
      expected: `at most ${MAX_IMAGE_MANIFESTS} entries and ${MAX_MANIFEST_BYTES} bytes`,
      actual: `${there.length + missing.length} entries, ${bytes.byteLength} bytes`,
    });
  }
  return { bytes, mediaType: typeof index["mediaType"] === "string" ? index["mediaType"] : OCI_INDEX };
}
