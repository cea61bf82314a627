import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { PBKDF2_ROUNDS } from "./limits.ts";

/**
 * Encrypts a PKCS#8 key: EncryptedPrivateKeyInfo (RFC 5958, 3) with PBES2 (RFC 8018, 6.2), PBKDF2-HMAC-SHA256 and
 * AES-256-CBC. Node's own export does the same with 2,048 rounds and no way to ask for more, which a graphics card tries
 * by the million each second.
 *
 * @param pkcs8 - PrivateKeyInfo in DER.
 * @returns EncryptedPrivateKeyInfo in DER.
 */
export function encryptPkcs8(pkcs8: Uint8Array, passphrase: string): Uint8Array {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", pbkdf2Sync(passphrase, salt, PBKDF2_ROUNDS, 32, "sha256"), iv);
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const keyDerivation = der(
    SEQUENCE,
    OID.pbkdf2,
    der(SEQUENCE, der(OCTET_STRING, salt), integer(PBKDF2_ROUNDS), der(SEQUENCE, OID.hmacWithSha256, der(NULL))),
  );
  const encryption = der(SEQUENCE, OID.aes256Cbc, der(OCTET_STRING, iv));
  return der(
    SEQUENCE,
    der(SEQUENCE, OID.pbes2, der(SEQUENCE, keyDerivation, encryption)),
    der(OCTET_STRING, encrypted),
  );
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const NULL = 0x05;

/** RFC 8018, appendix C, and NIST's AES arc, encoded. */
const OID = {
  pbes2: Buffer.from("06092a864886f70d01050d", "hex"),
  pbkdf2: Buffer.from("06092a864886f70d01050c", "hex"),
  hmacWithSha256: Buffer.from("06082a864886f70d0209", "hex"),
  aes256Cbc: Buffer.from("060960864801650304012a", "hex"),
} as const;

/** One DER value (X.690, 8.1); contents here stay below 64 KiB. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const { byteLength: length } = body;
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), body]);
}

/** A positive INTEGER in the fewest octets, with a leading zero where the sign bit would be set (X.690, 8.3). */
function integer(value: number): Buffer {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return der(INTEGER, (octets[0] ?? 0) < 0x80 ? octets : Buffer.concat([Buffer.from([0]), octets]));
}
