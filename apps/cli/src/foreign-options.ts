/** What other verifiers call it: the option, whose it is, and what to type to `touchmark verify`. */
const FOREIGN = {
  // https://github.com/sigstore/cosign/blob/main/doc/cosign_verify-blob-attestation.md; sigstore-python has the --cert- ones
  "--certificate-identity": ["cosign", "--signer-identity NAME"],
  "--certificate-identity-regexp": ["cosign", "--signer-identity-pattern REGEXP, which must match the whole name"],
  "--certificate-oidc-issuer": ["cosign", "--signer-issuer URL"],
  "--certificate-oidc-issuer-regexp": ["cosign", "--signer-issuer URL, which is compared exactly"],
  "--certificate-github-workflow-repository": ["cosign", "--source OWNER/REPO"],
  "--certificate-github-workflow-ref": ["cosign", "--source-ref REF"],
  "--certificate-github-workflow-sha": ["cosign", "--source-commit SHA"],
  "--certificate-github-workflow-trigger": ["cosign", "--trigger EVENT"],
  "--insecure-ignore-tlog": ["cosign", "--without-log, which wants a timestamp"],
  "--cert-identity": ["gh, sigstore-python", "--signer-identity NAME"],
  "--cert-oidc-issuer": ["gh, sigstore-python", "--signer-issuer URL"],
  // https://cli.github.com/manual/gh_attestation_verify
  "--cert-identity-regex": ["gh", "--signer-identity-pattern REGEXP, which must match the whole name"],
  "--repo": ["gh", "--source OWNER/REPO, beside --signer-identity and --signer-issuer"],
  "--owner": ["gh", "--source-owner-id ID, beside --signer-identity-pattern and --signer-issuer"],
  "--signer-repo": ["gh", "--signer-identity-pattern REGEXP"],
  "--signer-workflow": ["gh", "--signer-identity NAME, with its ref"],
  "--signer-digest": ["gh", "--builder-commit SHA"],
  "--source-digest": ["gh", "--source-commit SHA"],
  "--deny-self-hosted-runners": ["gh", "--runner github-hosted"],
  "--custom-trusted-root": ["gh", "--trusted-root FILE"],
  // https://github.com/slsa-framework/slsa-verifier#option-list
  "--provenance-path": ["slsa-verifier", "--bundle FILE"],
  "--attestation-path": ["slsa-verifier", "--bundle FILE"],
  "--verifier-id": ["slsa-verifier", "--vsa-verifier ID, beside --vsa-key and --vsa-resource"],
  "--resource-uri": ["slsa-verifier", "--vsa-resource URI, beside --vsa-key and --vsa-verifier"],
  "--verified-level": ["slsa-verifier", "--vsa-level LEVEL"],
  "--public-key-path": ["slsa-verifier", "--vsa-key FILE"],
  "--source-uri": ["slsa-verifier", "--source OWNER/REPO"],
  "--source-tag": ["slsa-verifier", "--source OWNER/REPO@refs/tags/TAG"],
  "--source-branch": ["slsa-verifier", "--source OWNER/REPO@refs/heads/BRANCH"],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

/** Every option of others that is known here. */
export const FOREIGN_OPTIONS = Object.keys(FOREIGN);

/**
 * Words for an option that belongs to another program.
 *
 * @param message - commander's, about an unknown option.
 * @returns null for an option that is nobody's.
 */
export function foreignOption(message: string): { readonly message: string; readonly expected: string } | null {
  const [, name = ""] = /unknown option '(--[a-z-]+)/.exec(message) ?? [];
  if (!isForeign(name)) return null;
  const [whose, here] = FOREIGN[name];
  return { message: `unknown option ${name} (${whose})`, expected: `touchmark verify … ${here}` };
}

function isForeign(name: string): name is keyof typeof FOREIGN {
  return Object.hasOwn(FOREIGN, name);
}
