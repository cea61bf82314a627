import { encodeBase64, encodeJson, TouchmarkError } from "@touchmark/core";
import { DSSE_LAYER, sha256Text } from "@touchmark/oci";
import type { PushedBundle } from "./bundle.ts";
import type { TagLayer } from "./tag-layers.ts";

/**
 * The bundle's envelope as a layer of cosign's `.att` tag.
 * Source: https://github.com/sigstore/cosign/blob/v3.0.2/specs/ATTESTATION_SPEC.md
 *
 * @throws TouchmarkError `INPUT_INVALID` for a bundle with a certificate, log entries or timestamps: such a layer has no
 * place for them as they are.
 */
export function attLayer({ content, predicateType }: PushedBundle): TagLayer {
  if (content.signer.kind === "certificate" || content.tlogEntries.length + content.timestamps.length > 0) {
    throw new TouchmarkError("INPUT_INVALID", "the bundle holds more than an .att tag can carry", {
      expected: "a bundle signed with a key, without log entries and timestamps; or no .att tag",
      actual: content.signer.kind === "certificate" ? "a certificate" : "log entries or timestamps",
    });
  }
  const bytes = encodeJson({
    payload: encodeBase64(content.payload),
    payloadType: content.payloadType,
    signatures: [{ keyid: "", sig: encodeBase64(content.signature) }],
  });
  const digest = sha256Text(bytes);
  return {
    bytes,
    mediaType: DSSE_LAYER,
    annotations: { "dev.cosignproject.cosign/signature": "", predicateType },
    equals: (there) => there.digest === digest,
  };
}
