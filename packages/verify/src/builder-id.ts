import type { Provenance } from "@touchmark/core";
import { isBranchOrTag } from "./builder-ref.ts";
import { isDelegator } from "./certificate/delegator.ts";
import { MAX_BUILDER_IDS, MAX_CERTIFICATE_TEXT } from "./certificate/limits.ts";
import { refused } from "./certificate/refused.ts";
import { usage } from "./match.ts";

/** @throws TouchmarkError `USAGE`. */
export function checkedBuilderIds(ids: readonly string[]): readonly string[] {
  if (ids.length > MAX_BUILDER_IDS) {
    throw usage("too many builders", `at most ${MAX_BUILDER_IDS}`, String(ids.length));
  }
  const wrong = ids.find((id) => id.length > MAX_CERTIFICATE_TEXT || !/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(id));
  if (wrong === undefined) return [...ids];
  throw usage("this is no id of a builder", "a URI", JSON.stringify(wrong.slice(0, 120)));
}

/**
 * Compares the builder that provenance names with those that the user believes: as a whole, or, for one without a ref, at any
 * of its tags. A delegator signs for whichever builder calls it, so that its own name says nothing of who built.
 * An entry of a trust file names its builders, which `checkStanding` compares.
 *
 * @param identity - the signer's, as its certificate has it; null for a key.
 * @throws TouchmarkError `BUILDER_MISMATCH`; `BUILDER_UNSET` where a delegator signed and nobody said for which builder.
 */
export function checkBuilderId(
  { builderId }: Provenance,
  identity: string | null,
  trust: { readonly builderIds: readonly string[]; readonly standing: object | null },
): void {
  const { builderIds: ids } = trust;
  if (ids.length === 0) {
    if (identity === null || !isDelegator(identity) || trust.standing !== null) return;
    throw refused("BUILDER_UNSET", "the trusted workflow signed for a builder that somebody else wrote", {
      expected: "the builder that you expect, with --builder-id ID",
      actual: builderId,
    });
  }
  if (ids.some((id) => isBuilder(builderId, id))) return;
  throw refused("BUILDER_MISMATCH", "another builder than you expect made this", {
    expected: ids.join(" or "),
    actual: builderId,
  });
}

/** Only who may write to the builder's repository makes its tags; a commit there may be a fork's. */
export function isBuilder(stated: string, id: string): boolean {
  return stated === id || (!id.includes("@") && stated.startsWith(`${id}@refs/tags/`) && isBranchOrTag(stated));
}
