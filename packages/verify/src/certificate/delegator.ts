/**
 * True for slsa-github-generator's delegators, delegator_generic_slsa3.yml and delegator_lowperms-generic_slsa3.yml. They sign
 * for a builder that somebody else wrote, under their own name: which builder it was, their provenance alone says.
 *
 * @see https://github.com/slsa-framework/slsa-github-generator/blob/main/BYOB.md
 */
export function isDelegator(identity: string): boolean {
  return identity.startsWith(DELEGATORS);
}

const DELEGATORS = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/delegator_";
