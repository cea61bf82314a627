import type { Extension } from "./certificate.ts";
import { concat, type Der, octets, oid, sequence, tlv } from "./der.ts";
import { contentOf, partsOf } from "./der-parts.ts";
import { sha256, type TestKey } from "./test-key.ts";

const SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";
const POISON = "1.3.6.1.4.1.11129.2.4.3";

/** A SignedCertificateTimestamp before it is encoded (RFC 6962, 3.2). */
export interface Sct {
  readonly logId: Uint8Array;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly extensions: Uint8Array;
  /** ASN.1 signature over the precertificate entry. */
  readonly signature: Uint8Array;
}

export interface Precertificate {
  /** TBSCertificate with neither poison nor list. */
  readonly tbs: Der;
  /** SubjectPublicKeyInfo of whoever issues it. */
  readonly issuerSpki: Der;
}

/** RFC 6962, 3.2: the log identifies itself by the SHA-256 of its key. */
export function ctLogId(log: TestKey): Uint8Array {
  return sha256(log.spki);
}

export function promise(log: TestKey, { tbs, issuerSpki }: Precertificate, time: Date): Sct {
  const head = Buffer.alloc(12);
  // version v1, type certificate_timestamp, the time, entry type precert_entry.
  head.writeBigUInt64BE(BigInt(time.getTime()), 2);
  head.writeUInt16BE(1, 10);
  const extensions = new Uint8Array();
  const signed = concat(head, sha256(issuerSpki), sized(3, tbs), sized(2, extensions));
  return { logId: ctLogId(log), timestamp: time.getTime(), extensions, signature: log.sign(signed) };
}

/** The list that a certificate carries (RFC 6962, 3.3). */
export function sctList(scts: readonly Sct[]): Extension {
  const list = concat(...scts.map((sct) => sized(2, encodeSct(sct))));
  return { oid: SCT_LIST, critical: false, value: octets(sized(2, list)) };
}

/** `digitally-signed` of RFC 5246, 4.7: SHA-256 and ECDSA, then the signature. */
export function digitallySigned({ signature }: Sct): Uint8Array {
  return concat(Uint8Array.of(4, 3), sized(2, signature));
}

/** A precertificate as it is submitted, without its poison: what the promise is about (RFC 6962, 3.2). */
export function withoutPoison(certificate: Der): Der {
  const [tbs = certificate] = partsOf(certificate);
  const fields = partsOf(tbs).map((field) => (field[0] === 0xa3 ? keepOthers(field) : field));
  return sequence(...fields);
}

function keepOthers(field: Der): Der {
  const [extensions = field] = partsOf(field);
  const poison = oid(POISON);
  const kept = partsOf(extensions).filter((extension) => {
    const { start } = contentOf(extension);
    return Buffer.compare(extension.subarray(start, start + poison.length), poison) !== 0;
  });
  return tlv(0xa3, sequence(...kept));
}

function encodeSct(sct: Sct): Uint8Array {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(sct.timestamp));
  return concat(Uint8Array.of(0), sct.logId, time, sized(2, sct.extensions), digitallySigned(sct));
}

/** A vector of TLS: its length in so many bytes, then itself (RFC 5246, 4.3). */
function sized(bytes: number, content: Uint8Array): Uint8Array {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(content.length, 0, bytes);
  return concat(length, content);
}
