import { type Command, CommanderError, Option } from "commander";

/** What few people need: `--help` leaves it out and says so, `--help-advanced` shows all. */
const FIELDS = "Certificate fields, each compared exactly; one that the certificate does not have is refused:";
const BUILDERS = "What the provenance must say:";
const SUMMARIES = "Verification summaries (VSA), accepted instead of provenance:";
const SUMMARIES_OUT = "Verification summaries (VSA) of what is verified here:";
const DEPENDENCIES = "What the artifacts were built from:";
const KEYS = "Keys that are known by themselves:";
const RELEASES = "Where releases and packages are asked for:";
const ADVANCED: readonly (string | undefined)[] = [
  FIELDS,
  BUILDERS,
  SUMMARIES,
  SUMMARIES_OUT,
  DEPENDENCIES,
  KEYS,
  RELEASES,
];

/** Fields of certificates, verification summaries and keys of registries, for `verify`. */
export function advancedOptions(command: Command): Command {
  const repeat = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  const options = [
    new Option("--builder-commit <SHA>", "a commit that the signing workflow's owners released (repeatable)").argParser(
      repeat,
    ),
    new Option("--source-ref <REF>", "the ref, in full (refs/tags/v1)"),
    new Option("--source-commit <SHA>", "the commit"),
    new Option("--source-repository-id <ID>", "the platform's id of the repository, which outlives its name"),
    new Option("--source-owner-id <ID>", "the platform's id of the repository's owner"),
    new Option("--runner <KIND>", "where the job ran").choices(["github-hosted", "gitlab-hosted", "self-hosted"]),
    new Option("--trigger <EVENT>", "what started the run: push, release, schedule and others"),
    new Option("--environment <NAME>", "the deployment environment of the job"),
    new Option("--build-config <URI>", "the workflow that was started, with its ref"),
    new Option("--build-config-digest <SHA>", "its commit"),
    new Option("--build-signer-digest <SHA>", "the commit of the signing workflow"),
  ];
  for (const option of options) command.addOption(option.helpGroup(FIELDS).hideHelp());
  const builder = new Option(
    "--builder-id <ID>",
    "the builder that it names; without a ref, at any tag; needed where a delegator signs (repeatable)",
  ).argParser(repeat);
  command.addOption(builder.helpGroup(BUILDERS).hideHelp());
  const summaries = [
    new Option(
      "--accept-vsa",
      "accept the summaries of verifiers that trust files name, within what they may say there",
    ),
    new Option("--vsa-key <FILE>", "the verifier's public key, which signs nothing else here"),
    new Option("--vsa-signer-identity <NAME>", "instead: the verifier's signer, exactly as its certificate names it"),
    new Option("--vsa-signer-issuer <URL>", "who identified it, exactly"),
    new Option("--vsa-trusted-root <FILE>", "the roots of its certificates; Sigstore's public-good ones when absent"),
    new Option("--vsa-without-log", "also accept its summaries that are in no transparency log"),
    new Option("--vsa-verifier <ID>", "the verifier, exactly as it names itself"),
    new Option("--vsa-resource <URI>", "what the artifacts must have been verified as, exactly"),
    new Option(
      "--vsa-level <LEVEL>",
      "SLSA_BUILD_LEVEL_2: at least that; other results as they are (repeatable)",
    ).argParser(repeat),
    new Option("--vsa-max-age <SPAN>", "older summaries are refused; 30d, 12h"),
  ];
  for (const option of summaries) command.addOption(option.helpGroup(SUMMARIES).hideHelp());
  const written = [
    new Option("--vsa-out <FILE>", "write a summary of each artifact, FAILED ones too, to a new file: JSON Lines"),
    new Option("--vsa-verifier-id <URI>", "with --vsa-out: what this verifier calls itself"),
    new Option(
      "--vsa-resource-prefix <URI>",
      "with --vsa-out: each artifact is verified as this with its name behind; an image as oci://REPOSITORY@DIGEST",
    ),
    new Option("--vsa-release <URI>", "with --vsa-out: one summary for all, verified as this, with the lowest levels"),
    new Option("--vsa-policy-uri <URI>", "with --vsa-out: where the policy is published"),
    new Option("--vsa-signing-key <FILE>", "the private key that signs summaries; --key is a public one"),
    new Option("--vsa-signer-exec <COMMAND>", "a command that signs them; --vsa-signing-key is then its public key"),
    new Option("--vsa-passphrase-file <FILE>", "a file with the key's passphrase in its first line"),
    new Option("--vsa-passphrase-env <NAME>", "the environment variable that holds the passphrase"),
    new Option("--vsa-keyless", "sign them by the identity of this CI job: names become public"),
    new Option("--vsa-signing-config <FILE>", "with --vsa-keyless: other services than Sigstore's public ones"),
    new Option("--vsa-signing-root <FILE>", "with --vsa-keyless: the roots of these services"),
    new Option(
      "--vsa-identity-token <FILE>",
      "with --vsa-keyless: the identity token of a job that has none; - is stdin",
    ),
    new Option("--vsa-acknowledge-private", "with --vsa-keyless: a private repository's name may become public"),
  ];
  for (const option of written) command.addOption(option.helpGroup(SUMMARIES_OUT).hideHelp());
  const dependencies = new Option(
    "--deps <STEPS>",
    "also look, by the same evidence and trust, at what builds used, so many steps far; it decides nothing",
  );
  command.addOption(dependencies.helpGroup(DEPENDENCIES).hideHelp());
  const keys = new Option(
    "--npm-keys <FILE>",
    "the keys of npm's registry (keys.json); a kit's, or those that came with Touchmark, when absent",
  );
  releaseOptions(command, true);
  return offerAdvancedHelp(command.addOption(keys.helpGroup(KEYS).hideHelp()));
}

/** Endpoints of targets that are releases elsewhere. */
export function releaseOptions(command: Command, hidden: boolean): Command {
  const repeat = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  const options = [
    new Option("--github-api <URL>", "of GitHub Enterprise: https://HOST/api/v3; https://api.github.com when absent"),
    new Option("--gitlab-url <URL>", "for gl:GROUP/PROJECT@TAG; https://gitlab.com when absent"),
    new Option("--npm-registry <URL>", "for npm:NAME@VERSION; https://registry.npmjs.org when absent"),
    new Option("--pypi-index <URL>", "for pypi:NAME@VERSION; https://pypi.org/simple when absent"),
    new Option("--also-contact <HOST>", "a further host that files may lie at (repeatable)").argParser(repeat),
  ];
  for (const option of options) command.addOption(option.helpGroup(RELEASES).hideHelp(hidden));
  return command;
}

/** True for an option that only `--help-advanced` shows. */
export function isAdvanced(option: Option): boolean {
  return ADVANCED.includes(option.helpGroupHeading);
}

/** The text of `--help-advanced`; null for a command without such options. */
export function advancedHelp(command: Command): string | null {
  const advanced = command.options.filter(isAdvanced);
  if (advanced.length === 0) return null;
  for (const option of advanced) option.hidden = false;
  try {
    return command.helpInformation();
  } finally {
    for (const option of advanced) option.hidden = true;
  }
}

/** Answers before the arguments are looked at, as `--help` does. */
function offerAdvancedHelp(command: Command): Command {
  return command
    .option(
      "--help-advanced",
      "also show the options for fields of certificates, verification summaries, keys of registries and places of releases",
    )
    .on("option:help-advanced", () => {
      command.configureOutput().writeOut?.(advancedHelp(command) ?? "");
      throw new CommanderError(0, "commander.helpDisplayed", "(outputHelp)");
    });
}
