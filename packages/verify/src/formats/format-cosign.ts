import {
  attemptOrNull,
  BUNDLE_V03,
  decodeBase64,
  encodeBase64,
  isJsonObject,
  issueText,
  isTouchmarkError,
  type Json,
  type MessageBundle,
  parseBundle,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import { bundleOfAttLayer, cosignLogEntry } from "@touchmark/oci";
import * as z from "zod/mini";
import type { Format } from "./format.ts";
import { derOfPem, envelopePieces } from "./format-dsse.ts";
import type { Piece } from "./piece.ts";

/** `cert` is PEM, or base64 of PEM: of a certificate, or of the key where a key signed. */
const BlobBundle = z.strictObject({
  base64Signature: z.string().check(z.minLength(1)),
  cert: z.nullish(z.string()),
  rekorBundle: z.nullish(z.record(z.string(), z.unknown())),
});

/** https://github.com/sigstore/rekor/tree/main/pkg/types/hashedrekord/v0.0.1 */
const HashedRekord = z.object({
  kind: z.literal("hashedrekord"),
  spec: z.object({
    data: z.object({
      hash: z.object({ algorithm: z.literal("sha256"), value: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
    }),
  }),
});

const Logged = z.object({ canonicalizedBody: z.string() });

/**
 * What cosign 1 and 2 wrote with `--bundle`, and cosign 3 writes with `--new-bundle-format=false`. After `attest-blob` its
 * signature is an envelope, after `sign-blob` one over the file.
 * Source: https://github.com/sigstore/cosign/blob/v3.0.2/pkg/cosign/fetch.go, `LocalSignedPayload`
 */
export const cosignFormat: Format = {
  name: "cosign",
  title: "a bundle of cosign before it wrote Sigstore's",
  recognises: (json) => isJsonObject(json) && "base64Signature" in json,
  read(json) {
    const { base64Signature, cert, rekorBundle } = checked(BlobBundle, json);
    return reading(() => {
      const signature = decodeBase64(base64Signature, "the signature");
      const pem = pemOf(cert ?? null);
      const entry = rekorBundle == null ? null : JSON.stringify(rekorBundle);
      const envelope = jsonOf(signature);
      return envelope === null
        ? [signaturePiece(signature, pem, entry)]
        : statementPieces(envelope, signature, pem, entry);
    });
  },
};

/** With its log entry it is what a layer of an `.att` tag is; without, an envelope that has lost it. */
function statementPieces(
  envelope: Json,
  bytes: Uint8Array,
  certificate: string | null,
  entry: string | null,
): readonly Piece[] {
  if (entry === null) {
    const bare = envelopePieces(envelope, bytes);
    const chain = certificate === null ? null : [derOfPem(certificate)];
    return bare.map((piece) => ({
      ...piece,
      format: "cosign",
      bundle: chain === null ? piece.bundle : { ...piece.bundle, signer: { kind: "certificate", chain } },
    }));
  }
  const bundle = bundleOfAttLayer(bytes, {
    "dev.sigstore.cosign/bundle": entry,
    ...(certificate === null ? {} : { "dev.sigstore.cosign/certificate": certificate }),
  });
  if (bundle === null) throw malformed("an envelope, a certificate or a log entry that cannot be read");
  return [{ kind: "statement", format: "cosign", bundle: parseBundle(bundle) }];
}

function signaturePiece(signature: Uint8Array, certificate: string | null, entry: string | null): Piece {
  const logged = entry === null ? null : cosignLogEntry(entry);
  return {
    kind: "signature",
    format: "cosign",
    signature: {
      mediaType: BUNDLE_V03,
      signer:
        certificate === null ? { kind: "key", hint: null } : { kind: "certificate", chain: [derOfPem(certificate)] },
      tlogEntries: logged === null ? [] : [logged],
      timestamps: [],
      signature,
      messageDigest: logged === null ? null : loggedDigest(logged),
    },
  };
}

/** What the log's entry says that was signed: the old bundle does not say it itself. */
function loggedDigest(entry: Json): MessageBundle["messageDigest"] {
  const { canonicalizedBody } = checked(Logged, entry);
  const body = HashedRekord.safeParse(jsonOf(decodeBase64(canonicalizedBody, "the log entry")));
  if (!body.success) return null;
  return { algorithm: "SHA2_256", bytes: Buffer.from(body.data.spec.data.hash.value, "hex") };
}

/** The certificate in PEM; null where a key signed. */
function pemOf(text: string | null): string | null {
  if (text === null || text === "") return null;
  const pem = text.startsWith("-----BEGIN ") ? text : new TextDecoder().decode(decodeBase64(text, "the certificate"));
  if (pem.startsWith("-----BEGIN PUBLIC KEY-----")) return null;
  return toPem(derOfPem(pem));
}

/** One certificate and nothing around it. */
function toPem(der: Uint8Array): string {
  return `-----BEGIN CERTIFICATE-----\n${encodeBase64(der)}\n-----END CERTIFICATE-----\n`;
}

/** Null for a signature, which is no JSON. */
function jsonOf(bytes: Uint8Array): Json {
  return attemptOrNull(() => parseJson(bytes, { what: "the signature", maxBytes: bytes.byteLength }));
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isTouchmarkError(error) || error.code === "BUNDLE_MALFORMED") throw error;
    throw malformed(error.message);
  }
}

function checked<T>(schema: z.ZodMiniType<T>, json: Json): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw malformed(issueText(parsed.error));
}

function malformed(actual: string): TouchmarkError {
  return new TouchmarkError("BUNDLE_MALFORMED", "the bundle is not as cosign wrote them", {
    expected: "{base64Signature, cert, rekorBundle}",
    actual,
  });
}
