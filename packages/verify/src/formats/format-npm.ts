import {
  type Bundle,
  boundedArray,
  encodeJson,
  isJsonObject,
  issueText,
  type Json,
  parseBundle,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import { MAX_NPM_ATTESTATIONS } from "../limits.ts";
import { NPM_PROVENANCE, NPM_PUBLISH } from "../npm/attestation-types.ts";
import type { Format } from "./format.ts";
import type { StatementPiece } from "./piece.ts";

const Attestation = z.object({
  predicateType: z.string().check(z.minLength(1), z.maxLength(2048)),
  bundle: z.custom<Json>(),
});
const Document = z.object({ attestations: boundedArray(Attestation, MAX_NPM_ATTESTATIONS, 1) });

/**
 * What npm's registry answers for `GET /-/npm/v1/attestations/NAME@VERSION`. One document is one piece of evidence: its
 * provenance, which counts only together with the registry's word beside it.
 *
 * Of either there may be one. slsa-verifier takes the last one of each; then whoever reads the first one sees another
 * document. Other kinds of attestations say nothing here, and are left out.
 */
export const npmFormat: Format = {
  name: "npm",
  title: "npm's attestations",
  recognises: (json) => listOf(json).some((one) => isJsonObject(one) && "predicateType" in one && "bundle" in one),
  read(json) {
    const result = Document.safeParse(json);
    if (!result.success) throw malformed("attestations, each with its type and its bundle", issueText(result.error));
    const { attestations } = result.data;
    const provenance = only(attestations.filter(({ predicateType }) => NPM_PROVENANCE.includes(predicateType)));
    const publish = only(attestations.filter(({ predicateType }) => predicateType === NPM_PUBLISH));
    if (provenance !== null) {
      return [piece(provenance, publish === null ? { kind: "missing" } : { kind: "beside", bundle: publish })];
    }
    if (publish !== null) return [piece(publish, { kind: "alone" })];
    throw malformed(
      "provenance and the registry's publish attestation",
      `${attestations.length} attestations of other types`,
    );
  },
};

function only(attestations: readonly z.output<typeof Attestation>[]): Bundle | null {
  const [one, ...more] = attestations;
  if (one === undefined) return null;
  if (more.length > 0)
    throw malformed("one attestation of each kind", `${attestations.length} of ${one.predicateType}`);
  return parseBundle(encodeJson(one.bundle));
}

function piece(bundle: Bundle, registry: NonNullable<StatementPiece["registry"]>): StatementPiece {
  return { kind: "statement", format: "npm", bundle, registry };
}

function listOf(json: Json): readonly Json[] {
  const list = isJsonObject(json) ? json["attestations"] : undefined;
  return Array.isArray(list) ? list : [];
}

function malformed(expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("BUNDLE_MALFORMED", "the document is not what npm's registry answers", {
    expected,
    actual,
  });
}
