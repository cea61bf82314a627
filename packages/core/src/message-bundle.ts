import * as z from "zod/mini";
import { decodeBase64 } from "./base64.ts";
import { asMalformed, parseEvidenceJson } from "./bundle.ts";
import type { BundleLine } from "./bundle-file.ts";
import { BundleBase64, type BundleMaterial, BundleMediaType, decodeMaterial, MaterialJson } from "./bundle-material.ts";
import { isTouchmarkError, TouchmarkError } from "./errors.ts";
import { issueText } from "./issue-text.ts";

/**
 * A Sigstore bundle around a signature over a file itself, decoded and not verified. It says that somebody signed these
 * bytes, and nothing of where they came from.
 */
export interface MessageBundle extends BundleMaterial {
  readonly mediaType: string;
  readonly signature: Uint8Array;
  /** What the bundle says that was signed: a hint (sigstore_common.proto, MessageSignature); null where it says nothing. */
  readonly messageDigest: { readonly algorithm: MessageDigestAlgorithm; readonly bytes: Uint8Array } | null;
}

export type MessageDigestAlgorithm = keyof typeof DIGEST_BYTES;

/** Length by algorithm, as sigstore_common.proto names it. Unit: bytes. */
const DIGEST_BYTES = { SHA2_256: 32, SHA2_384: 48, SHA2_512: 64 } as const;

const MessageBundleJson = z.lazy(() =>
  z.strictObject({
    mediaType: BundleMediaType,
    verificationMaterial: MaterialJson,
    messageSignature: z.strictObject({
      messageDigest: z.nullish(
        z.strictObject({ algorithm: z.enum(["SHA2_256", "SHA2_384", "SHA2_512"]), digest: BundleBase64 }),
      ),
      signature: BundleBase64.check(z.minLength(1)),
    }),
  }),
);

/**
 * Reads one Sigstore bundle that carries a message signature. Closed: unknown members are refused.
 *
 * @throws TouchmarkError `EVIDENCE_TOO_LARGE` above 64 MiB; `BUNDLE_MALFORMED` otherwise.
 */
export function parseMessageBundle(bytes: Uint8Array): MessageBundle {
  const parsed = MessageBundleJson.safeParse(parseEvidenceJson(bytes));
  if (!parsed.success) {
    throw new TouchmarkError("BUNDLE_MALFORMED", "this is not a Sigstore bundle with a message signature", {
      expected: "a Sigstore bundle v0.1 to v0.3",
      actual: issueText(parsed.error),
      cause: parsed.error,
    });
  }
  const { mediaType, verificationMaterial, messageSignature } = parsed.data;
  try {
    return {
      mediaType,
      ...decodeMaterial(verificationMaterial),
      signature: decodeBase64(messageSignature.signature, "the signature"),
      messageDigest: messageSignature.messageDigest == null ? null : digestOf(messageSignature.messageDigest),
    };
  } catch (error) {
    throw asMalformed(error);
  }
}

/**
 * What a line of evidence holds instead of a bundle with an envelope.
 *
 * @returns null for a bundle with an envelope, and for whatever is neither.
 */
export function messageBundleIn({ bytes, bundle }: BundleLine): MessageBundle | null {
  if (!isTouchmarkError(bundle) || bundle.code !== "BUNDLE_MALFORMED") return null;
  try {
    return parseMessageBundle(bytes);
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

function digestOf(stated: { readonly algorithm: MessageDigestAlgorithm; readonly digest: string }) {
  const bytes = decodeBase64(stated.digest, "the message digest");
  if (bytes.byteLength !== DIGEST_BYTES[stated.algorithm]) {
    throw new TouchmarkError("BUNDLE_MALFORMED", "the message digest has the wrong length", {
      expected: `${DIGEST_BYTES[stated.algorithm]} bytes for ${stated.algorithm}`,
      actual: `${bytes.byteLength}`,
    });
  }
  return { algorithm: stated.algorithm, bytes };
}
