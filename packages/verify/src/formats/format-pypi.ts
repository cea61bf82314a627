import {
  BUNDLE_V03,
  boundedArray,
  encodeJson,
  isJsonObject,
  issueText,
  type Json,
  parseBundle,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import { MAX_PYPI_ATTESTATIONS, MAX_PYPI_BUNDLES } from "../limits.ts";
import type { Format } from "./format.ts";
import type { StatementPiece } from "./piece.ts";

/** pydantic before 2.10, with which PyPI wrote, breaks base64 into lines as MIME does (RFC 2045 section 6.8). */
const base64 = z.pipe(
  z.string(),
  z.transform((text) => text.replaceAll("\n", "")),
);

const Attestation = z.strictObject({
  version: z.literal(1),
  verification_material: z.strictObject({
    certificate: base64,
    transparency_entries: z.custom<Json>((value) => Array.isArray(value), "expected an array"),
  }),
  envelope: z.strictObject({ statement: base64, signature: base64 }),
});

/** Who published is PyPI's word, and unsigned: the certificate says who signed. */
const Provenance = z.object({
  version: z.literal(1),
  attestation_bundles: boundedArray(
    z.object({ attestations: boundedArray(Attestation, MAX_PYPI_ATTESTATIONS, 1) }),
    MAX_PYPI_BUNDLES,
    1,
  ),
});

/**
 * An attestation object, or the provenance object in which PyPI's integrity API answers with all that it has of a file.
 * Each attestation is a piece. Source: https://packaging.python.org/en/latest/specifications/index-hosted-attestations/
 */
export const pypiFormat: Format = {
  name: "pypi",
  title: "a PyPI attestation",
  recognises: (json) => isJsonObject(json) && ("verification_material" in json || "attestation_bundles" in json),
  read(json) {
    if (isJsonObject(json) && "attestation_bundles" in json) {
      return parsed(Provenance, json).attestation_bundles.flatMap(({ attestations }) => attestations.map(pieceOf));
    }
    return [pieceOf(parsed(Attestation, json))];
  },
};

function pieceOf({ verification_material: material, envelope }: z.output<typeof Attestation>): StatementPiece {
  const bundle = parseBundle(
    encodeJson({
      mediaType: BUNDLE_V03,
      verificationMaterial: {
        certificate: { rawBytes: material.certificate },
        tlogEntries: material.transparency_entries,
      },
      dsseEnvelope: {
        payloadType: "application/vnd.in-toto+json",
        payload: envelope.statement,
        signatures: [{ sig: envelope.signature }],
      },
    }),
  );
  return { kind: "statement", format: "pypi", bundle };
}

function parsed<T>(schema: z.ZodMiniType<T>, json: Json): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new TouchmarkError("BUNDLE_MALFORMED", "this is not an attestation as PyPI has them", {
    expected: "an attestation object or a provenance object of version 1 (PEP 740)",
    actual: issueText(result.error),
  });
}
