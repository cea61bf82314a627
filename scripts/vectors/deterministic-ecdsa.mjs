// ECDSA as RFC 6979 has it, without a random part, so that the vectors are the same bytes each time they are made. Slow,
// and not for secrets: whatever signs with it here is published.
import { createECDH, createHash, createHmac } from "node:crypto";

/** Orders of the groups: https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-186.pdf, 3.2.1 */
const CURVES = {
  prime256v1: { bytes: 32, order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n },
  secp384r1: {
    bytes: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
};

/**
 * @param privateKey - a KeyObject on P-256 or P-384.
 * @param hash - "sha256", "sha384" or "sha512", not longer than the curve's order.
 * @param skip - how many of the numbers that RFC 6979 comes to are left out: each other one gives another signature.
 * @returns the signature in DER.
 */
export function signDeterministically(privateKey, hash, message, skip = 0) {
  const name = privateKey.asymmetricKeyDetails.namedCurve;
  const { bytes, order } = CURVES[name];
  const secret = numberOf(Buffer.from(privateKey.export({ format: "jwk" }).d, "base64url"));
  const digest = createHash(hash).update(message).digest();
  let left = skip;
  for (const k of candidates(hash, bytes, order, secret, digest)) {
    if (left > 0) {
      left -= 1;
      continue;
    }
    const ecdh = createECDH(name);
    ecdh.setPrivateKey(bytesOf(k, bytes));
    const r = numberOf(ecdh.getPublicKey().subarray(1, 1 + bytes)) % order;
    const s = (inverse(k, order) * (numberOf(digest) + r * secret)) % order;
    if (r !== 0n && s !== 0n) return sequence(integer(r), integer(s));
  }
}

/** RFC 6979, 3.2. */
function* candidates(hash, bytes, order, secret, digest) {
  const seed = Buffer.concat([bytesOf(secret, bytes), bytesOf(numberOf(digest) % order, bytes)]);
  const mac = (key, ...parts) => createHmac(hash, key).update(Buffer.concat(parts)).digest();
  let value = Buffer.alloc(digest.length, 1);
  let key = Buffer.alloc(digest.length, 0);
  for (const separator of [0, 1]) {
    key = mac(key, value, Buffer.of(separator), seed);
    value = mac(key, value);
  }
  for (;;) {
    let wide = Buffer.alloc(0);
    while (wide.length < bytes) {
      value = mac(key, value);
      wide = Buffer.concat([wide, value]);
    }
    const k = numberOf(wide.subarray(0, bytes));
    if (k > 0n && k < order) yield k;
    key = mac(key, value, Buffer.of(0));
    value = mac(key, value);
  }
}

/** By Euclid's extended algorithm. */
function inverse(number, order) {
  let [left, right, x, y] = [number, order, 1n, 0n];
  while (right !== 0n) {
    const quotient = left / right;
    [left, right] = [right, left - quotient * right];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % order) + order) % order;
}

function numberOf(buffer) {
  return BigInt(`0x${buffer.toString("hex")}`);
}

function bytesOf(number, length) {
  return Buffer.from(number.toString(16).padStart(length * 2, "0"), "hex");
}

function integer(number) {
  const hex = number.toString(16);
  const content = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const positive = content[0] > 0x7f ? Buffer.concat([Buffer.of(0), content]) : content;
  return Buffer.concat([Buffer.of(2, positive.length), positive]);
}

function sequence(...parts) {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(0x30, content.length), content]); // below 128 bytes on both curves
}
