// What the vectors are signed with: DSSE and Sigstore bundles, written here a second time and on purpose, so that the
// vectors do not agree with packages/core by construction.
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { signDeterministically } from "./deterministic-ecdsa.mjs";

/** https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function pae(payloadType, payload) {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `),
    payload,
  ]);
}

/** A key pair from PEM; `spki` is what hints and digests are made of. */
export function keyPair(pem) {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    privateKey,
    publicKey,
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    hint: createHash("sha256").update(spki).digest("base64"),
    hash: privateKey.asymmetricKeyType === "ed25519" ? null : "sha256",
  };
}

/** A bundle as an object, to be changed before it is written. */
export function bundle(
  key,
  payload,
  { payloadType = "application/vnd.in-toto+json", hash = key.hash, encoded = (signature) => signature } = {},
) {
  const bytes = pae(payloadType, payload);
  const signature = encoded(
    hash === null ? sign(null, bytes, key.privateKey) : signDeterministically(key.privateKey, hash, bytes),
  );
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: key.hint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType,
      signatures: [{ sig: signature.toString("base64"), keyid: "" }],
    },
  };
}

/** A signature of ECDSA on P-256 as its two numbers, 32 bytes each: DER with short lengths is read. */
export function twoNumbers(der) {
  const numbers = [];
  for (let at = 2; at < der.length; at += 2 + der[at + 1]) {
    const number = der.subarray(at + 2, at + 2 + der[at + 1]);
    numbers.push(Buffer.concat([Buffer.alloc(32), number]).subarray(-32));
  }
  return Buffer.concat(numbers);
}
