import { encodeBase64 } from "@touchmark/core";

/** What is signed, and how a bundle holds it. */
export type SignedContent =
  /** A DSSE envelope; what is signed is its pre-authentication encoding. */
  | { readonly kind: "envelope"; readonly payloadType: string; readonly payload: Uint8Array }
  /** A file, signed as it is; a bundle has its digest alone. */
  | { readonly kind: "file" };

/** A DSSE envelope as JSON writes it. */
export function envelopeOf(
  { payloadType, payload }: Extract<SignedContent, { kind: "envelope" }>,
  signature: Uint8Array,
) {
  return {
    payload: encodeBase64(payload),
    payloadType,
    signatures: [{ sig: encodeBase64(signature), keyid: "" }],
  };
}
