import { type Finding, finding } from "@touchmark/core";

/** What cosign writes with --output-signature and --output-certificate has some kilobytes. Unit: bytes. */
const MAX_LOOSE_BYTES = 64 * 1024;

/**
 * Says what a file is that holds a signature or a certificate and nothing else, as cosign's `--output-signature` and
 * `--output-certificate` write them: neither says of what, nor when.
 *
 * @returns null for what may be evidence.
 */
export function looseSignature(bytes: Uint8Array, called: string): Finding | null {
  if (bytes.byteLength > MAX_LOOSE_BYTES) return null;
  const text = Buffer.from(bytes).toString("latin1").trim();
  const inside = isBase64(text) ? Buffer.from(text, "base64").toString("latin1") : text;
  const isCertificate = inside.startsWith("-----BEGIN CERTIFICATE-----");
  const isSignature = inside !== text && !isCertificate && !inside.trimStart().startsWith("{");
  if (!isCertificate && !isSignature) return null;
  const what = isCertificate ? "a certificate alone" : "a signature alone";
  return finding("BUNDLE_MALFORMED", `${called}: it is ${what}, which is no evidence of where a file came from`, {
    expected: "the statement, its signature and, of a certificate, the log's entry in one file: cosign's --bundle",
    actual: what,
  });
}

function isBase64(text: string): boolean {
  return text.length >= 64 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}
