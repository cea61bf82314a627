import {
  BUNDLE_V03,
  boundedArray,
  boundedText,
  decodeBase64,
  issueText,
  isTouchmarkError,
  type Json,
  nullishAs,
  PayloadType,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import type { CloudBuildRecord } from "../cloud-build/record.ts";
import type { Format } from "./format.ts";
import { MAX_CLOUD_BUILD_RECORDS, MAX_ENVELOPE_SIGNATURES } from "./limits.ts";
import type { StatementPiece } from "./piece.ts";

const text = nullishAs(boundedText(4096), null);

const Description = z.object({
  image_summary: nullishAs(z.object({ digest: text, fully_qualified_digest: text }), {
    digest: null,
    fully_qualified_digest: null,
  }),
  provenance_summary: z.object({
    // What parseJson gave is JSON: each record is read by itself, so that a broken one spoils no other.
    provenance: boundedArray(z.unknown(), MAX_CLOUD_BUILD_RECORDS, 1),
  }),
});

const Record = z.object({
  kind: text,
  resourceUri: text,
  build: nullishAs(
    z.object({ intotoStatement: z.optional(z.unknown()), inTotoSlsaProvenanceV1: z.optional(z.unknown()) }),
    {},
  ),
  envelope: z.object({
    payloadType: PayloadType,
    payload: z.string().check(z.minLength(1)),
    signatures: boundedArray(
      z.object({
        keyid: z.nullish(z.string().check(z.maxLength(1024))),
        sig: z.nullish(z.string().check(z.maxLength(4096))),
      }),
      MAX_ENVELOPE_SIGNATURES,
      1,
    ),
  }),
});

/**
 * What `gcloud artifacts docker images describe IMAGE --show-provenance --format json` prints. Each signature of each record is
 * a piece: one that holds suffices.
 * Source: https://cloud.google.com/build/docs/securing-builds/generate-validate-build-provenance
 */
export const cloudBuildFormat: Format = {
  name: "cloud-build",
  title: "provenance of Google Cloud Build",
  recognises: (json) => json !== null && typeof json === "object" && "provenance_summary" in json,
  read(json) {
    const parsed = Description.safeParse(json);
    if (!parsed.success) throw malformed(issueText(parsed.error));
    const { image_summary: image, provenance_summary: summary } = parsed.data;
    return summary.provenance.flatMap((record): readonly (StatementPiece | TouchmarkError)[] => {
      try {
        return piecesOf(record, image);
      } catch (error) {
        if (isTouchmarkError(error)) return [error];
        throw error;
      }
    });
  },
};

function piecesOf(
  json: unknown,
  image: { readonly digest: string | null; readonly fully_qualified_digest: string | null },
): readonly StatementPiece[] {
  const parsed = Record.safeParse(json);
  if (!parsed.success) throw malformed(issueText(parsed.error));
  const { kind, resourceUri, build, envelope } = parsed.data;
  const cloudBuild: CloudBuildRecord = {
    kind,
    resourceUri,
    imageDigest: image.digest,
    imageName: image.fully_qualified_digest,
    shown: shownIn(build),
  };
  const payload = decoded(envelope.payload, "the payload");
  return envelope.signatures.map(({ keyid, sig }) => ({
    kind: "statement",
    format: "cloud-build",
    bundle: {
      mediaType: BUNDLE_V03,
      payloadType: envelope.payloadType,
      payload,
      signature: signatureIn(sig ?? ""),
      signer: { kind: "key", hint: keyid || null },
      tlogEntries: [],
      timestamps: [],
    },
    cloudBuild,
  }));
}

function shownIn(build: {
  readonly intotoStatement?: unknown;
  readonly inTotoSlsaProvenanceV1?: unknown;
}): CloudBuildRecord["shown"] {
  const { intotoStatement: older, inTotoSlsaProvenanceV1: newer } = build;
  if (older != null && newer != null) throw malformed("a text of each version");
  return (newer ?? older ?? null) as Json;
}

/** One that is not base64 holds as little as any other wrong one, and must not hide those beside it. */
function signatureIn(sig: string): Uint8Array {
  try {
    return decodeBase64(sig, "the signature");
  } catch (error) {
    if (isTouchmarkError(error)) return new Uint8Array();
    throw error;
  }
}

function decoded(base64: string, what: string): Uint8Array {
  try {
    return decodeBase64(base64, what);
  } catch (error) {
    if (isTouchmarkError(error)) throw malformed(error.message);
    throw error;
  }
}

function malformed(actual: string): TouchmarkError {
  return new TouchmarkError("BUNDLE_MALFORMED", "this is not provenance as Google Cloud Build's is printed", {
    expected: "what gcloud artifacts docker images describe --show-provenance --format json prints",
    actual,
  });
}
