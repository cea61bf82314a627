import { createHash } from "node:crypto";
import {
  type Bundle,
  decodeBase64,
  encodeBase64,
  isTouchmarkError,
  MAX_SMALL_FILE_BYTES,
  parseJson,
} from "@touchmark/core";
import * as z from "zod/mini";

type Envelope = Pick<Bundle, "payload" | "payloadType" | "signature"> & { readonly keyid: string };

/** An envelope as Go's library writes it, cosign's among others: https://github.com/secure-systems-lab/go-securesystemslib/tree/main/dsse */
export function envelopeText({ payloadType, payload, signature, keyid }: Envelope): Uint8Array {
  return encode({ payloadType, payload: encodeBase64(payload), signatures: [{ keyid, sig: encodeBase64(signature) }] });
}

/** Of entries for envelopes, in each kind that Rekor v1 has. */
const Body = z.union([
  z.object({ spec: z.object({ envelopeHash: z.object({ value: z.string() }) }) }),
  z.object({ spec: z.object({ content: z.object({ hash: z.object({ value: z.string() }) }) }) }),
]);

/**
 * The very bytes of an envelope of which a log wrote down the hash: cosign compares it with the layer's. They are nowhere in
 * a bundle, and there are few ways in which clients write an envelope.
 *
 * @param body - `canonicalizedBody` of the entry, base64.
 * @returns null where none of them has this hash, or the entry has none.
 */
export function loggedEnvelope(envelope: Envelope, body: string): Uint8Array | null {
  const hash = envelopeHash(body);
  if (hash === null) return null;
  const spelled = spellings(envelope).find((bytes) => createHash("sha256").update(bytes).digest("hex") === hash);
  return spelled ?? null;
}

function envelopeHash(body: string): string | null {
  try {
    const bytes = decodeBase64(body, "the body of a log entry");
    const read = Body.safeParse(parseJson(bytes, { what: "the body", maxBytes: MAX_SMALL_FILE_BYTES }));
    if (!read.success) return null;
    const { spec } = read.data;
    return "envelopeHash" in spec ? spec.envelopeHash.value : spec.content.hash.value;
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

/** In the order of Go's and of protobuf's members, with an empty name of the key and without one. */
function spellings(envelope: Envelope): readonly Uint8Array[] {
  const { payloadType } = envelope;
  const payload = encodeBase64(envelope.payload);
  const sig = encodeBase64(envelope.signature);
  const { keyid } = envelope;
  return [[{ keyid, sig }], [{ sig, keyid }], [{ sig }]].flatMap((signatures) => [
    encode({ payloadType, payload, signatures }),
    encode({ payload, payloadType, signatures }),
  ]);
}

/** Members as they stand: what a log hashed is not in any order of ours. */
function encode(envelope: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(envelope));
}
