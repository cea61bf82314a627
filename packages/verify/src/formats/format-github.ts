import { encodeJson, isJsonObject, isTouchmarkError, type Json, parseBundle, TouchmarkError } from "@touchmark/core";
import type { Format } from "./format.ts";
import { MAX_ATTESTATIONS } from "./limits.ts";
import type { Piece } from "./piece.ts";

/**
 * What GitHub's API answers about digests: `{"attestations": [{bundle, bundle_url, repository_id, initiator}]}`, and for
 * several digests at once the same under each. Nothing but the bundles counts: the rest is the API's word.
 * Source: https://docs.github.com/en/rest/repos/attestations
 */
export const githubFormat: Format = {
  name: "github",
  title: "an answer of GitHub's attestations API",
  recognises: (json) => listsOf(json) !== null,
  read(json) {
    const all = (listsOf(json) ?? []).flat();
    if (all.length <= MAX_ATTESTATIONS) return all.map(pieceOf);
    throw malformed("too many attestations in one answer", `at most ${MAX_ATTESTATIONS}`, `${all.length}`);
  },
};

/** The lists of attestations in an answer; null for what is none. */
function listsOf(json: Json): readonly (readonly Json[])[] | null {
  if (!isJsonObject(json)) return null;
  const { attestations, attestations_subject_digests: byDigest } = json;
  if (isList(attestations)) return [attestations];
  if (!isJsonObject(byDigest)) return null;
  const lists = Object.values(byDigest).map((one) => (isJsonObject(one) ? one["attestations"] : one));
  return lists.every(isList) ? lists : null;
}

/** npm's document has a list of that name too: an item there says its predicate type, and GitHub's who owns it. */
function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json) && json.length > 0 && json.every((one) => isJsonObject(one) && isOfGithub(one));
}

function isOfGithub(item: { readonly [key: string]: Json }): boolean {
  return !("predicateType" in item) && ("bundle" in item || "bundle_url" in item);
}

function pieceOf(item: Json): Piece | TouchmarkError {
  const bundle = isJsonObject(item) ? item["bundle"] : undefined;
  if (bundle === undefined || bundle === null) {
    return malformed(
      "the attestation is not in the answer, which only says where it lies",
      "a bundle; `gh attestation download` brings them",
      "bundle_url alone",
    );
  }
  try {
    return { kind: "statement", format: "github", bundle: parseBundle(encodeJson(bundle)) };
  } catch (error) {
    if (isTouchmarkError(error)) return error;
    throw error;
  }
}

function malformed(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("BUNDLE_MALFORMED", message, { expected, actual });
}
