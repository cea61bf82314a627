import { type Bundle, parseBundle, parseStatement, TouchmarkError } from "@touchmark/core";
import { SIGSTORE_BUNDLE_V03, sha256Text } from "@touchmark/oci";

/** A bundle on its way into registries. */
export interface PushedBundle {
  readonly bytes: Uint8Array;
  /** Of the bytes. */
  readonly digest: string;
  readonly predicateType: string;
  readonly content: Bundle;
}

const V03: readonly string[] = [SIGSTORE_BUNDLE_V03, "application/vnd.dev.sigstore.bundle+json;version=0.3"];

/**
 * Looks at a bundle before it is pushed.
 *
 * @throws TouchmarkError `INPUT_INVALID` for an older one, which a referrer would call v0.3; those of parsing.
 */
export function readPushedBundle(bytes: Uint8Array): PushedBundle {
  const content = parseBundle(bytes);
  if (!V03.includes(content.mediaType)) {
    throw new TouchmarkError("INPUT_INVALID", "the bundle is too old for a registry", {
      expected: "a Sigstore bundle v0.3",
      actual: content.mediaType,
    });
  }
  const { predicateType } = parseStatement(content.payload);
  return { bytes, digest: sha256Text(bytes), predicateType, content };
}
