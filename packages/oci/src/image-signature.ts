import { createPublicKey, verify } from "node:crypto";
import {
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeJson,
  issueText,
  isTouchmarkError,
  namedCurve,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import { parseDigestText } from "./image-digest.ts";
import { MAX_IMAGE_SIGNATURE_BYTES, MAX_IMAGE_SIGNATURES } from "./limits.ts";
import { SIMPLE_SIGNING } from "./media-types.ts";
import { parseReference } from "./reference.ts";

/** A signature of an image as cosign 2 and many cluster policies read it, made but perhaps not yet in the registry. */
export interface ImageSignature {
  /** Registry and repository, as `parseReference` gives it. */
  readonly name: string;
  /** Of the manifest or index. */
  readonly digest: string;
  /** What is signed. */
  readonly payload: Uint8Array;
  /** DER for ECDSA over SHA-256, 64 bytes for Ed25519. */
  readonly signature: Uint8Array;
  /** SPKI PEM: by which an equal signature is recognised, since ECDSA gives other bytes each time. */
  readonly publicKey: string;
}

/**
 * What cosign signs of an image, byte for byte, and without a time, so that it is the same each time.
 * Source: https://github.com/sigstore/cosign/blob/v3.0.2/specs/SIGNATURE_SPEC.md#payloads
 */
export function simpleSigningPayload(image: { readonly name: string; readonly digest: string }): Uint8Array {
  return encodeJson({
    critical: {
      identity: { "docker-reference": image.name },
      image: { "docker-manifest-digest": image.digest },
      type: "cosign container image signature",
    },
    optional: null,
  });
}

const Payload = z.lazy(() =>
  z.strictObject({
    critical: z.strictObject({
      identity: z.strictObject({ "docker-reference": z.string() }),
      image: z.strictObject({ "docker-manifest-digest": z.string() }),
      type: z.literal("cosign container image signature"),
    }),
    optional: z.null(),
  }),
);

const Line = z.lazy(() =>
  z.strictObject({
    mediaType: z.literal(SIMPLE_SIGNING),
    payload: z.string(),
    signature: z.string(),
    publicKey: z.string(),
  }),
);

/** One block and nothing around it, which the parser would pass over. The longest that we know has 215 characters. */
const PEM = /^-----BEGIN PUBLIC KEY-----\n(?:[A-Za-z0-9+/=]{1,64}\n){1,8}-----END PUBLIC KEY-----\n$/;

/** Of keys that we sign with; others can make one signature cost many milliseconds. */
const CURVES = ["prime256v1", "secp384r1"];

/** True when the key made this signature over this payload. */
export function isSignatureOver(payload: Uint8Array, signature: Uint8Array, publicKey: string): boolean {
  if (!PEM.test(publicKey)) return false;
  try {
    const key = createPublicKey({ key: publicKey, format: "pem" });
    // RFC 8032: Ed25519 hashes by itself.
    if (key.asymmetricKeyType === "ed25519") return verify(null, payload, key, signature);
    return CURVES.includes(namedCurve(key) ?? "") && verify("sha256", payload, key, signature);
  } catch {
    return false;
  }
}

/** Signatures as a file: one JSON object a line, by name and digest of the image. */
export function encodeImageSignatures(signatures: readonly ImageSignature[]): Uint8Array {
  return Buffer.concat(
    signatures.flatMap(({ payload, signature, publicKey }) => [
      encodeJson({
        mediaType: SIMPLE_SIGNING,
        payload: encodeBase64(payload),
        publicKey,
        signature: encodeBase64(signature),
      }),
      Buffer.from("\n"),
    ]),
  );
}

/**
 * Reads such a file.
 *
 * @param what - how messages call the file.
 * @throws TouchmarkError `INPUT_INVALID` for a line that is none, or whose signature its own key did not make;
 * `LIMIT_EXCEEDED`.
 */
export function parseImageSignatures(bytes: Uint8Array, what: string): readonly ImageSignature[] {
  const lines = decodeUtf8(bytes, what).split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length > MAX_IMAGE_SIGNATURES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${what} has too many lines`, {
      expected: `at most ${MAX_IMAGE_SIGNATURES}`,
      actual: String(lines.length),
    });
  }
  return lines.map((line, index) => parseLine(line, `${what} line ${index + 1}`));
}

function parseLine(text: string, what: string): ImageSignature {
  const line = read(Line, new TextEncoder().encode(text), what);
  const payload = decodeBase64(line.payload, `${what}: the payload`);
  const { critical } = read(Payload, payload, `${what}: the payload`);
  const { name, tag, digest: pinned } = parseReference(critical.identity["docker-reference"], what);
  const digest = parseDigestText(critical.image["docker-manifest-digest"], what);
  const signature = decodeBase64(line.signature, `${what}: the signature`);
  if (tag !== null || pinned !== null || !isSignatureOver(payload, signature, line.publicKey)) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is not a signature of an image`, {
      expected: "a signature over its payload, by its key",
      actual: tag !== null || pinned !== null ? "a reference with tag or digest" : "another signature",
    });
  }
  return { name, digest, payload, signature, publicKey: line.publicKey };
}

function read<T>(schema: z.ZodMiniType<T>, bytes: Uint8Array, what: string): T {
  const parsed = schema.safeParse(parsedJson(bytes, what));
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("INPUT_INVALID", `${what} is not as cosign's image signatures are`, {
    expected: SIMPLE_SIGNING,
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}

function parsedJson(bytes: Uint8Array, what: string): unknown {
  try {
    return parseJson(bytes, { what, maxBytes: MAX_IMAGE_SIGNATURE_BYTES });
  } catch (cause) {
    if (!isTouchmarkError(cause) || cause.code !== "INPUT_TOO_LARGE") throw cause;
    throw new TouchmarkError("LIMIT_EXCEEDED", cause.message, {
      expected: cause.expected,
      actual: cause.actual,
      cause,
    });
  }
}
