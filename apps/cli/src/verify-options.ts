/**
 * An option of a command as data, for two readers of it: commander, which also knows the help and what is wrong with a command
 * line, and `readArguments`, for a start that only wants the values.
 */
export interface DeclaredOption {
  /** `--key <FILE>`; without a value `--online`; `--no-policy` says false to `--policy`. */
  readonly flags: string;
  readonly text: string;
  /** Each value counts, in order; otherwise the last one. */
  readonly repeatable?: true;
  /** The only values that there are. */
  readonly choices?: readonly string[];
}

/** Options under a heading of `--help-advanced`, which `--help` leaves out: few people need them. */
export interface AdvancedGroup {
  readonly heading: string;
  readonly options: readonly DeclaredOption[];
}

const repeatable = true;

/** Every command has these. */
export const COMMON_OPTIONS: readonly DeclaredOption[] = [
  { flags: "--json", text: "print one JSON document" },
  { flags: "-q, --quiet", text: "print errors and results only" },
  { flags: "-v, --verbose", text: "print more about what is done" },
];

/** What decides about targets, wherever they are judged. */
export const JUDGING_OPTIONS: readonly DeclaredOption[] = [
  { flags: "--key <FILE>", text: "the public key that you trust (repeatable)", repeatable },
  {
    flags: "--trust <FILE>",
    text: "whom to believe, as a file says; or preset:NAME@DATE, a list that comes with Touchmark (repeatable)",
    repeatable,
  },
  { flags: "--trust-key <FILE>", text: "with --trust: the public key that must have signed it" },
  {
    flags: "--signer-identity <NAME>",
    text: "a signer that you trust, exactly as its certificate names it (repeatable)",
    repeatable,
  },
  {
    flags: "--signer-identity-pattern <REGEXP>",
    text: "the same as a regular expression, which must match the whole name (repeatable)",
    repeatable,
  },
  { flags: "--signer-issuer <URL>", text: "who identified these signers, exactly" },
  { flags: "--cloud-build", text: "also believe Google Cloud Build's keys, for its own provenance; needs --source" },
  {
    flags: "--gcb-keys <FOLDER>",
    text: "with --cloud-build: its keys, a file REGION.key each; those of this version when absent",
  },
  {
    flags: "--source <REPO[@REF]>",
    text: "where it must be built from: OWNER/REPO, or a URL; a ref in full (refs/tags/v1)",
  },
  { flags: "--trusted-root <FILE>", text: "the roots of certificates; Sigstore's public-good ones when absent" },
  {
    flags: "--online",
    text: "with an identity: ask for what is not here: the newest roots, without --trusted-root; entries of the roots' log",
  },
  { flags: "--mirror <URL>", text: "with --online: another TUF repository, which needs --root" },
  { flags: "--root <FILE>", text: "with --mirror: the repository's root.json, from a place that you trust" },
  { flags: "--max-roots-age <SPAN>", text: "with an identity: older roots cannot tell; 30d, 12h" },
  { flags: "--without-log", text: "with an identity: also accept what is in no transparency log" },
  {
    flags: "--rekor-entry <FILE>",
    text: "with an identity: log entries of envelopes that lack theirs (repeatable)",
    repeatable,
  },
  {
    flags: "--bundle <FILE>",
    text: "the evidence to use, instead of what lies beside the artifacts; JSON Lines too (repeatable)",
    repeatable,
  },
  {
    flags: "--evidence <PATH>",
    text: "further evidence: a file, or a folder with everything in it (repeatable)",
    repeatable,
  },
  {
    flags: "--deny <FILE>",
    text: "a list of what must not be used, whoever signed it; YAML or JSON (repeatable)",
    repeatable,
  },
  {
    flags: "--policy <FILE>",
    text: "what is expected of each artifact; that of your or the system's configuration when absent",
  },
  { flags: "--policy-key <FILE>", text: "with --policy: the public key that must have signed it" },
  { flags: "--no-policy", text: "use no policy, also when one is configured" },
  { flags: "--complete", text: "fail when a subject of the statement is not among the targets" },
  { flags: "--release", text: "fail unless what is here is exactly what a signed list of the release has" },
  { flags: "--release-version <V>", text: "the same, of this version of the release" },
  { flags: "--any-name", text: "accept an artifact under another name than the statement gives it" },
  { flags: "--package <PURL>", text: "the package that it must be: pkg:npm/NAME@VERSION, pkg:pypi/…, pkg:cargo/…" },
  { flags: "--recursive", text: "also judge each platform of an image, by itself" },
  { flags: "--offline", text: "contact nobody; a target in a registry, or a release elsewhere, is then an error" },
  { flags: "--ignore <GLOB>", text: "files of a folder that are not part of the release (repeatable)", repeatable },
  { flags: "--state <FILE>", text: "what was seen before: older releases and roots are refused; made when missing" },
  { flags: "--all", text: "list every artifact, also those that hold" },
];

/** What `verify` does besides. */
export const VERIFY_OPTIONS: readonly DeclaredOption[] = [
  {
    flags: "--report <FORM=FILE>",
    text: "also write the verdict to a file: sarif=, junit= or json= (repeatable)",
    repeatable,
  },
  {
    flags: "--explain <ARTIFACT>",
    text: "also show what was checked of one artifact, and who alone could have fooled it",
  },
  {
    flags: "--into <FOLDER>",
    text: "a new folder for what was verified: the bytes that were hashed, and nothing else",
  },
];

/** Endpoints of targets that are releases elsewhere. */
export const RELEASE_OPTIONS: AdvancedGroup = {
  heading: "Where releases and packages are asked for:",
  options: [
    {
      flags: "--github-api <URL>",
      text: "of GitHub Enterprise: https://HOST/api/v3; https://api.github.com when absent",
    },
    { flags: "--gitlab-url <URL>", text: "for gl:GROUP/PROJECT@TAG; https://gitlab.com when absent" },
    { flags: "--npm-registry <URL>", text: "for npm:NAME@VERSION; https://registry.npmjs.org when absent" },
    { flags: "--pypi-index <URL>", text: "for pypi:NAME@VERSION; https://pypi.org/simple when absent" },
    { flags: "--also-contact <HOST>", text: "a further host that files may lie at (repeatable)", repeatable },
  ],
};

/** Fields of certificates, verification summaries, endpoints and keys of registries. */
export const ADVANCED_OPTIONS: readonly AdvancedGroup[] = [
  {
    heading: "Certificate fields, each compared exactly; one that the certificate does not have is refused:",
    options: [
      {
        flags: "--builder-commit <SHA>",
        text: "a commit that the signing workflow's owners released (repeatable)",
        repeatable,
      },
      { flags: "--source-ref <REF>", text: "the ref, in full (refs/tags/v1)" },
      { flags: "--source-commit <SHA>", text: "the commit" },
      { flags: "--source-repository-id <ID>", text: "the platform's id of the repository, which outlives its name" },
      { flags: "--source-owner-id <ID>", text: "the platform's id of the repository's owner" },
      {
        flags: "--runner <KIND>",
        text: "where the job ran",
        choices: ["github-hosted", "gitlab-hosted", "self-hosted"],
      },
      { flags: "--trigger <EVENT>", text: "what started the run: push, release, schedule and others" },
      { flags: "--environment <NAME>", text: "the deployment environment of the job" },
      { flags: "--build-config <URI>", text: "the workflow that was started, with its ref" },
      { flags: "--build-config-digest <SHA>", text: "its commit" },
      { flags: "--build-signer-digest <SHA>", text: "the commit of the signing workflow" },
    ],
  },
  {
    heading: "What the provenance must say:",
    options: [
      {
        flags: "--builder-id <ID>",
        text: "the builder that it names; without a ref, at any tag; needed where a delegator signs (repeatable)",
        repeatable,
      },
    ],
  },
  {
    heading: "Verification summaries (VSA), accepted instead of provenance:",
    options: [
      {
        flags: "--accept-vsa",
        text: "accept the summaries of verifiers that trust files name, within what they may say there",
      },
      { flags: "--vsa-key <FILE>", text: "the verifier's public key, which signs nothing else here" },
      {
        flags: "--vsa-signer-identity <NAME>",
        text: "instead: the verifier's signer, exactly as its certificate names it",
      },
      { flags: "--vsa-signer-issuer <URL>", text: "who identified it, exactly" },
      {
        flags: "--vsa-trusted-root <FILE>",
        text: "the roots of its certificates; Sigstore's public-good ones when absent",
      },
      { flags: "--vsa-without-log", text: "also accept its summaries that are in no transparency log" },
      { flags: "--vsa-verifier <ID>", text: "the verifier, exactly as it names itself" },
      { flags: "--vsa-resource <URI>", text: "what the artifacts must have been verified as, exactly" },
      {
        flags: "--vsa-level <LEVEL>",
        text: "SLSA_BUILD_LEVEL_2: at least that; other results as they are (repeatable)",
        repeatable,
      },
      { flags: "--vsa-max-age <SPAN>", text: "older summaries are refused; 30d, 12h" },
    ],
  },
  {
    heading: "Verification summaries (VSA) of what is verified here:",
    options: [
      {
        flags: "--vsa-out <FILE>",
        text: "write a summary of each artifact, FAILED ones too, to a new file: JSON Lines",
      },
      { flags: "--vsa-verifier-id <URI>", text: "with --vsa-out: what this verifier calls itself" },
      {
        flags: "--vsa-resource-prefix <URI>",
        text: "with --vsa-out: each artifact is verified as this with its name behind; an image as oci://REPOSITORY@DIGEST",
      },
      {
        flags: "--vsa-release <URI>",
        text: "with --vsa-out: one summary for all, verified as this, with the lowest levels",
      },
      { flags: "--vsa-policy-uri <URI>", text: "with --vsa-out: where the policy is published" },
      { flags: "--vsa-signing-key <FILE>", text: "the private key that signs summaries; --key is a public one" },
      {
        flags: "--vsa-signer-exec <COMMAND>",
        text: "a command that signs them; --vsa-signing-key is then its public key",
      },
      { flags: "--vsa-passphrase-file <FILE>", text: "a file with the key's passphrase in its first line" },
      { flags: "--vsa-passphrase-env <NAME>", text: "the environment variable that holds the passphrase" },
      { flags: "--vsa-keyless", text: "sign them by the identity of this CI job: names become public" },
      { flags: "--vsa-signing-config <FILE>", text: "with --vsa-keyless: other services than Sigstore's public ones" },
      { flags: "--vsa-signing-root <FILE>", text: "with --vsa-keyless: the roots of these services" },
      {
        flags: "--vsa-identity-token <FILE>",
        text: "with --vsa-keyless: the identity token of a job that has none; - is stdin",
      },
      { flags: "--vsa-acknowledge-private", text: "with --vsa-keyless: a private repository's name may become public" },
    ],
  },
  {
    heading: "What the artifacts were built from:",
    options: [
      {
        flags: "--deps <STEPS>",
        text: "also look, by the same evidence and trust, at what builds used, so many steps far; it decides nothing",
      },
    ],
  },
  RELEASE_OPTIONS,
  {
    heading: "Keys that are known by themselves:",
    options: [
      {
        flags: "--npm-keys <FILE>",
        text: "the keys of npm's registry (keys.json); a kit's, or those that came with Touchmark, when absent",
      },
    ],
  },
];

/** All that `verify` has, but what prints a help. */
export const OPTIONS_OF_VERIFY: readonly DeclaredOption[] = [
  ...COMMON_OPTIONS,
  ...JUDGING_OPTIONS,
  ...VERIFY_OPTIONS,
  ...ADVANCED_OPTIONS.flatMap(({ options }) => options),
];
