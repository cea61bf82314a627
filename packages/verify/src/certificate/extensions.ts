import type { ASN1Obj, X509Certificate } from "../sigstore-library.ts";
import { MAX_CERTIFICATE_TEXT } from "./limits.ts";
import { parseDer } from "./parse-der.ts";
import { refused } from "./refused.ts";

/** One extension of a certificate (RFC 5280 section 4.2). */
export interface Extension {
  readonly critical: boolean;
  /** The content of extnValue. */
  readonly value: Buffer;
}

/**
 * Every extension by its OID.
 *
 * @throws TouchmarkError `CERTIFICATE_INVALID` where one OID comes twice (RFC 5280 section 4.2): two readers could see two
 * different identities.
 */
export function extensionsOf(certificate: X509Certificate): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const { subs } of certificate.extensions) {
    const [oid, ...rest] = subs;
    const [value, critical, ...more] = rest.reverse();
    if (oid === undefined || value === undefined || more.length > 0 || !value.tag.isOctetString()) {
      throw refused("CERTIFICATE_INVALID", "the certificate has an extension of another shape");
    }
    const id = oid.toOID();
    if (extensions.has(id)) {
      throw refused("CERTIFICATE_INVALID", "the certificate has an extension twice", {
        expected: "each once",
        actual: id,
      });
    }
    extensions.set(id, { critical: critical?.toBoolean() === true, value: value.value });
  }
  return extensions;
}

/** The one DER value that an extension holds. */
export function derOf({ value }: Extension): ASN1Obj {
  return parseDer(value);
}

/** DER UTF8String (X.690 section 8.23), as Fulcio writes its extensions from 1.3.6.1.4.1.57264.1.8 on. */
export function utf8String(extension: Extension): string {
  const { tag, value } = derOf(extension);
  if (!tag.isUniversal() || tag.number !== UTF8_STRING || tag.constructed) {
    throw refused("CERTIFICATE_INVALID", "an extension of the certificate is not the text that it should be", {
      expected: "a UTF8String",
      actual: `tag ${tag.number}`,
    });
  }
  return plainText(value);
}

/** The bytes themselves are the text, as in Fulcio's extensions up to 1.3.6.1.4.1.57264.1.6. */
export function rawString({ value }: Extension): string {
  return plainText(value);
}

/**
 * Bytes as text. Strict, since `toString("ascii")` drops each highest bit: other bytes would then spell a trusted name.
 *
 * @throws TouchmarkError `CERTIFICATE_INVALID` for bytes that are not UTF-8, control characters, or too many of them.
 */
export function plainText(bytes: Uint8Array): string {
  let text: string | null;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    text = null;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  if (text === null || text.length > MAX_CERTIFICATE_TEXT || /[\u0000-\u001f\u007f-\u009f]/.test(text)) {
    throw refused("CERTIFICATE_INVALID", "the certificate holds a text that cannot be shown", {
      expected: `UTF-8 without control characters, at most ${MAX_CERTIFICATE_TEXT} characters`,
      actual: `${bytes.byteLength} bytes`,
    });
  }
  return text;
}

const UTF8_STRING = 0x0c;
