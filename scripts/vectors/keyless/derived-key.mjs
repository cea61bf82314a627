// Keys that follow from their names, so that as many as the attacks need can be made again anywhere. See
// packages/vectors/keys/README.md.
import { createECDH, createHash, createPrivateKey } from "node:crypto";
import { testKeyOf } from "../../../packages/testkit/src/sigstore/index.ts";
import { signDeterministically } from "../deterministic-ecdsa.mjs";

const CURVES = { "P-256": "prime256v1", "P-384": "secp384r1" };

/**
 * @param name - whose key it is.
 * @param kind - "P-256", "P-384" or "ed25519".
 * @param skip - for a second signature over the same bytes (`signDeterministically`).
 * @returns a TestKey of the testkit whose signatures have no random part.
 */
export function derivedKey(name, kind = "P-256", skip = 0) {
  const secret = createHash("sha256").update(`touchmark vectors: ${name}`).digest();
  if (kind === "ed25519") {
    // PKCS #8 of RFC 8410, 7.
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secret]);
    return testKeyOf(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  }
  const ecdh = createECDH(CURVES[kind]);
  ecdh.setPrivateKey(secret);
  const point = ecdh.getPublicKey().subarray(1);
  const [d, x, y] = [secret, point.subarray(0, point.length / 2), point.subarray(point.length / 2)].map((bytes) =>
    bytes.toString("base64url"),
  );
  const key = testKeyOf(createPrivateKey({ format: "jwk", key: { kty: "EC", crv: kind, d, x, y } }));
  return { ...key, sign: (bytes) => new Uint8Array(signDeterministically(key.privateKey, key.hash, bytes, skip)) };
}
