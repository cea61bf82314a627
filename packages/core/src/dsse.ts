import { TouchmarkError } from "./errors.ts";

/**
 * DSSE pre-authentication encoding: the bytes that are signed.
 * `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in bytes, in ASCII decimal.
 * Source: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 *
 * @throws TouchmarkError `INPUT_INVALID` for a type with a lone surrogate: UTF-8 would turn it into U+FFFD, so that two
 * types had one encoding.
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  if (!payloadType.isWellFormed()) {
    throw new TouchmarkError("INPUT_INVALID", "the payload type is not Unicode text", {
      expected: "no lone surrogate",
      actual: JSON.stringify(payloadType.slice(0, 80)),
    });
  }
  const type = new TextEncoder().encode(payloadType);
  const head = new TextEncoder().encode(`DSSEv1 ${type.byteLength} ${payloadType} ${payload.byteLength} `);
  const encoded = new Uint8Array(head.byteLength + payload.byteLength);
  encoded.set(head);
  encoded.set(payload, head.byteLength);
  return encoded;
}

const ENCODING_START = new TextEncoder().encode("DSSEv1 ");

/**
 * A signature over such bytes is one of a statement: whoever can have a message signed must not be able to have a
 * statement signed.
 *
 * @throws TouchmarkError `INPUT_INVALID` for a message that starts as every pre-authentication encoding does.
 */
export function refuseEnvelope(message: Uint8Array): void {
  if (!ENCODING_START.every((byte, index) => message[index] === byte)) return;
  throw new TouchmarkError(
    "INPUT_INVALID",
    "a message that is the encoding of a statement is not signed as a message",
    {
      expected: "bytes that do not start with DSSEv1",
      actual: "DSSEv1 and a space",
    },
  );
}
