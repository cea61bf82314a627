import { TouchmarkError } from "./errors.ts";

/** Standard base64 with padding (RFC 4648 section 4), in one line. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/**
 * Decodes standard or URL-safe base64, as DSSE allows in JSON
 * (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md), and nothing else: no white space, no trailing
 * bits, no missing padding.
 *
 * @throws TouchmarkError `INPUT_INVALID` when the text is not exactly what encoding the result gives.
 */
export function decodeBase64(text: string, what: string): Uint8Array {
  const standard = /[-_]/.test(text) ? text.replaceAll("-", "+").replaceAll("_", "/") : text;
  const bytes = Buffer.from(standard, "base64");
  if (bytes.toString("base64") !== standard) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is not valid base64`, {
      expected: "standard base64 with padding",
      actual: JSON.stringify(text.slice(0, 40)),
    });
  }
  // A copy: Buffer keeps small values in one pool, which `.buffer` would hand on with everything else that lies in it.
  return new Uint8Array(bytes);
}
