import { TouchmarkError } from "@touchmark/core";

/** How every DSSE pre-authentication encoding starts: https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md */
const ENCODING_START = new TextEncoder().encode("DSSEv1 ");

/**
 * A signature over such bytes is one of a statement, which only `sign` may make: whoever can have a message signed must
 * not be able to have a statement signed.
 *
 * @throws TouchmarkError `INPUT_INVALID`.
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
