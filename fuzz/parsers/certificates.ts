import { fulcioLeaf, newTestKey, publicPem, signBundle } from "../../packages/testkit/src/sigstore/index.ts";
import { digestContent } from "../../packages/verify/src/certificate/digest-content.ts";
import { readLeaf } from "../../packages/verify/src/certificate/leaf.ts";
import { readTimestamps } from "../../packages/verify/src/certificate/timestamp-token.ts";
import { checkKnown } from "../../packages/verify/src/certificate/unknown-authority.ts";
import { trustedKey } from "../../packages/verify/src/trust.ts";
import { PAYLOAD, sign, sigstore } from "../../packages/verify/test/certificate-cases.ts";
import type { Parser } from "../parser.ts";
import { base64 } from "./sound-inputs.ts";
import { LATE, material } from "./trusted-material.ts";

const { certificate, timestampVerificationData } = sign().verificationMaterial;
const email = fulcioLeaf(sigstore.fulcio, newTestKey("P-384"), LATE, {
  names: [{ email: "jo@example.com" }],
  ctLogs: [sigstore.ctLog],
});

const curves = ["P-256", "P-384", "P-521"] as const;

/** DER: what a certificate authority, a timestamp authority and a signer made. */
export const certificateParsers: readonly Parser[] = [
  {
    name: "certificate",
    sound: [base64(certificate?.rawBytes), email.der],
    codes: ["CERTIFICATE_INVALID", "ROOTS_STALE"],
    read: (der) => checkKnown({ leaf: readLeaf(der), entries: [], tokens: [] }, material, LATE),
  },
  {
    name: "timestamp",
    sound: [base64(timestampVerificationData?.rfc3161Timestamps[0]?.signedTimestamp)],
    codes: ["TIMESTAMP_INVALID"],
    read: (der) => readTimestamps([{ signedTimestamp: Buffer.from(der).toString("base64") }]),
  },
  ...curves.map((curve): Parser => {
    const key = newTestKey(curve);
    const { signature } = signBundle(sigstore, PAYLOAD, { key, content: "message" });
    return {
      name: `signature-over-digest-${curve}`,
      sound: [signature],
      codes: [],
      read: (changed) => digestContent(key.hash, Buffer.alloc(32, 7), changed).isSignedBy(key.publicKey),
    };
  }),
  {
    name: "public-key",
    sound: (["P-256", "P-384", "ed25519"] as const).map((kind) =>
      new TextEncoder().encode(publicPem(newTestKey(kind))),
    ),
    codes: ["KEY_INVALID", "KEY_IS_PRIVATE", "KEY_UNSUPPORTED"],
    read: (pem) => trustedKey(pem, "key.pub"),
  },
];
