import { createHash } from "node:crypto";
import type { Extension } from "./certificate.ts";
import { ascii, boolean, contextString, type Der, integer, octets, oid, sequence, TAG, tlv } from "./der.ts";
import type { TestKey } from "./test-key.ts";

/** RFC 5280, 4.2.1.12; the last one is what RFC 3161, 2.3 asks of a timestamp authority. */
export const EKU = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  any: "2.5.29.37.0",
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;

export type GeneralName =
  | { readonly uri: string }
  | { readonly email: string }
  | { readonly dns: string }
  /** Fulcio's `otherName` for a user name, in UTF-8. */
  | { readonly username: string };

export function basicConstraints(ca: boolean, pathLength?: number): Extension {
  const length = pathLength === undefined ? [] : [integer(pathLength)];
  return { oid: "2.5.29.19", critical: true, value: sequence(...(ca ? [boolean(true)] : []), ...length) };
}

/** RFC 5280, 4.2.1.3: digitalSignature is bit 0, keyCertSign 5, cRLSign 6. */
export function keyUsage(...uses: readonly ("digitalSignature" | "keyCertSign" | "cRLSign")[]): Extension {
  const bit = { digitalSignature: 0x80, keyCertSign: 0x04, cRLSign: 0x02 };
  const byte = uses.reduce((sum, use) => sum | bit[use], 0);
  const unused = byte === 0 ? 0 : Math.log2(byte & -byte);
  return { oid: "2.5.29.15", critical: true, value: tlv(TAG.bitString, Uint8Array.of(unused, byte)) };
}

export function extendedKeyUsage(purposes: readonly string[], critical = false): Extension {
  return { oid: "2.5.29.37", critical, value: sequence(...purposes.map(oid)) };
}

/** Critical where the subject is empty (RFC 5280, 4.2.1.6), as in Fulcio's leaves. */
export function subjectAltName(names: readonly GeneralName[], critical = true): Extension {
  return { oid: "2.5.29.17", critical, value: sequence(...names.map(encodeGeneralName)) };
}

export function subjectKeyId(key: TestKey): Extension {
  return { oid: "2.5.29.14", critical: false, value: octets(keyId(key)) };
}

export function authorityKeyId(key: TestKey): Extension {
  return { oid: "2.5.29.35", critical: false, value: sequence(contextString(0, keyId(key))) };
}

/** RFC 5280, 4.2.1.2 leaves the method open; this is the first one there, over all of the SubjectPublicKeyInfo. */
function keyId({ spki }: TestKey): Uint8Array {
  return new Uint8Array(createHash("sha1").update(spki).digest());
}

function encodeGeneralName(name: GeneralName): Der {
  if ("uri" in name) return contextString(6, ascii(name.uri));
  if ("email" in name) return contextString(1, ascii(name.email));
  if ("dns" in name) return contextString(2, ascii(name.dns));
  const value = tlv(TAG.utf8String, ascii(name.username));
  return tlv(0xa0, oid("1.3.6.1.4.1.57264.1.7"), tlv(0xa0, value));
}
