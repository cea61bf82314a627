import { type Command, Option } from "commander";
import { addAdvancedOptions } from "./advanced-options.ts";
import { declareTrust } from "./declare-trust.ts";
import { declareVerify } from "./declare-verify.ts";
import {
  addOptions,
  CHECK,
  common,
  type Execute,
  newProgram,
  PLUMBING,
  RELEASE,
  RULES,
  repeat,
  toDeclare,
} from "./new-program.ts";
import { JUDGING_OPTIONS } from "./verify-options.ts";

/** Declares every command; what a command does is loaded when it runs. */
export function buildProgram(execute: Execute): Command {
  const program = newProgram();
  const command = toDeclare(program, execute);
  const whole = (text: string) => text; // checked by the command, with a code

  const inputs = (target: Command) =>
    target
      .option(
        "--from <ADAPTER[:PATH]>",
        "what to collect: goreleaser:dist, buildx:METADATA, npm-pack:DIR, nix:result, files:GLOB, checksums:FILE and others (repeatable)",
        repeat,
      )
      .option("--subjects <FILE>", "a subjects file that another job wrote (repeatable)", repeat)
      .option("-c, --config <FILE>", "the configuration; touchmark.yaml when it is there")
      .option("--no-config", "use no configuration, also when one is there")
      .option(
        "--expect <N|NAME>",
        "how many artifacts a listing must find, or a name that must be there (repeatable)",
        repeat,
      )
      .option("--allow-read <PATH>", "a further folder that adapters may read (repeatable)", repeat)
      .option("--platform <NAME>", "the CI platform; detected when absent; kubernetes and tekton only by this")
      .option("--github-issuer <URL>", "on GitHub Enterprise: who makes the job's identity tokens");

  command("init", RELEASE, "look at this repository and write touchmark.yaml").option(
    "--force",
    "replace a touchmark.yaml that is there",
  );

  command("check", RELEASE, "check the configuration, and nothing else").option(
    "-c, --config <FILE>",
    "the configuration; touchmark.yaml when it is there",
  );

  inputs(command("collect [ARTIFACT...]", RELEASE, "hash what was built and write a subjects file; signs nothing"))
    .option("--part <NAME>", "which part of the artifact this job built")
    .requiredOption("-o, --output <FILE>", "where the subjects file goes");

  inputs(command("attest", RELEASE, "state where a release came from, and sign it"))
    .option("--dry-run", "show what would be signed; sign nothing and write no evidence")
    .option("--key <FILE>", "the private key (PKCS#8 PEM); the public key with --signer-exec")
    .option("--passphrase-file <FILE>", "a file that holds the key's passphrase")
    .option("--passphrase-env <NAME>", "the environment variable that holds the key's passphrase")
    .option("--signer-exec <CMD>", "a command that signs: SHA-256 digest in, signature out")
    .option("--keyless", "sign by the CI job's own identity, with a Sigstore certificate; names become public")
    .option("--identity-token <FILE>", "an identity token (OIDC) to sign with, - for standard input; never shown")
    .option("--login [HOW]", "sign as yourself: log in with a browser here, or =device with one anywhere")
    .option("--no-browser", "with --login: show the address and open nothing")
    .option("--oidc-issuer <URL>", "with --login: whom to log in with; that of the signing services when absent")
    .option("--oidc-client-id <ID>", "with --login: as which client; sigstore when absent")
    .option(
      "--signing-config <FILE>",
      "with --keyless: the signing services, or a client trust config; the public-good ones when absent",
    )
    .option("--fulcio-url <URL>", "with --keyless: a certificate authority, instead of a signing config")
    .option("--rekor-url <URL>", "with --fulcio-url: a transparency log")
    .option("--rekor-version <N>", "of that log: 1 or 2; 2 when absent")
    .option("--tsa-url <URL>", "with --fulcio-url: a timestamp authority")
    .option("--trusted-root <FILE>", "with --keyless: the roots of signing services of your own")
    .option("--log <MODE>", "with --keyless: auto, public or none; auto leaves private repositories out of the log")
    .option("--acknowledge-private", "with --keyless: the names of a private repository may become public")
    .option("--out <FOLDER>", "where the evidence goes; touchmark-out when absent")
    .option("--name <STEM>", "the stem of the files that are written")
    .option("--per-subject", "one statement for each subject")
    .option("--split-directories", "a statement of its own for directories, which sigstore-python cannot read")
    .option("--max-subjects <N>", "split statements above this many subjects", whole)
    .option("--release-manifest", "also sign a list of everything that the release contains, the evidence included")
    .option("--release-version <V>", "with --release-manifest: the release's version; that of the tag when absent")
    .option("--predecessor <FILE>", "with --release-manifest: the list of the release before")
    .option("--push", "then attach the evidence to the images, in the registries that they are in")
    .option("--no-push", "push nothing, whatever the configuration says")
    .option("--att-tag", "with --push: also under cosign's .att tag, for readers that do not know referrers")
    .option("--cosign-signature", "with --push: also sign each image, so that cosign verify accepts it");

  command("publish <BUNDLE...>", RELEASE, "put evidence that was signed earlier where it belongs; never signs")
    .option("-c, --config <FILE>", "the configuration; touchmark.yaml when it is there")
    .option("--no-config", "use no configuration, also when one is there")
    .option("--out <FOLDER>", "where the evidence goes; touchmark-out when absent")
    .option("--name <STEM>", "the stem of the files that are written")
    .option("--to <PLACE>", "files or oci, the registries of the images (repeatable); files when absent", repeat)
    .option("--att-tag", "with --to oci: also under cosign's .att tag, for readers that do not know referrers");

  declareVerify(command);

  const fetch = command(
    "fetch <TARGET...>",
    CHECK,
    "gather targets, evidence and, with --online, roots and npm's keys into a folder for a machine without a network; then verify it",
  ).requiredOption("--out <FOLDER>", "the new folder: touchmark verify kit:FOLDER reads it");
  addAdvancedOptions(addOptions(fetch, JUDGING_OPTIONS));

  command(
    "verify-guide <TARGET...>",
    CHECK,
    "verify a release, and write how others can: touchmark, cosign, gh and others",
  )
    .option("--key <FILE>", "the public key that you trust (repeatable)", repeat)
    .option(
      "--signer-identity <NAME>",
      "a signer that you trust, exactly as its certificate names it (repeatable)",
      repeat,
    )
    .option("--signer-identity-pattern <REGEXP>", "the same as a regular expression; the page names who signed", repeat)
    .option("--signer-issuer <URL>", "who identified these signers, exactly")
    .option("--source <REPO[@REF]>", "where it must be built from: OWNER/REPO, or a URL; a ref in full (refs/tags/v1)")
    .option("--trusted-root <FILE>", "the roots of certificates; Sigstore's public-good ones when absent")
    .option("--without-log", "with an identity: also accept what is in no transparency log")
    .option("--bundle <FILE>", "the evidence to use, instead of what lies beside the artifacts (repeatable)", repeat)
    .option("--ignore <GLOB>", "files of a folder that are not part of the release (repeatable)", repeat)
    .option("-o, --output <FILE>", "write to a new file, such as VERIFY.md, instead of standard output");

  command(
    "inspect <FILE...>",
    CHECK,
    "show what evidence of any format says, or what a file is: also oci-layout:PATH; verifies nothing",
  ).option("--payload", "print the signed payload, byte for byte");

  program
    .command("slsa-verifier [ARGS...]")
    .helpGroup(CHECK)
    .allowUnknownOption()
    .description("stand in for slsa-verifier: its commands, flags and verdicts, offline (slsa-verifier --help)")
    .helpOption(false);

  const keys = program.command("keys").helpGroup(RULES).description("make keys, and show their public half");
  const keyCommand = (usage: string, description: string) =>
    common(keys.command(usage).description(description)).action(async (...args: unknown[]) => {
      const positional = args.slice(0, -2).filter((value) => value !== undefined) as string[];
      await execute(`keys ${usage.split(" ", 1)[0]}`, positional, args.at(-2) as object);
    });
  keyCommand("generate", "write touchmark.key (0600) and touchmark.pub; never overwrites")
    .option("--out <FOLDER>", "where the keys go; here when absent")
    .addOption(
      new Option("--algorithm <NAME>", "the kind of key")
        .choices(["ecdsa-p256", "ecdsa-p384", "ed25519"])
        .default("ecdsa-p256"),
    )
    .option("--passphrase-file <FILE>", "encrypt the key with the passphrase in this file")
    .option("--passphrase-env <NAME>", "encrypt the key with the passphrase in this environment variable");
  keyCommand("public <KEY>", "print the public half of a private key")
    .option("--passphrase-file <FILE>", "a file that holds the key's passphrase")
    .option("--passphrase-env <NAME>", "the environment variable that holds the key's passphrase");

  const policy = program.command("policy").helpGroup(RULES).description("check, try, sign and export policies");
  const policyCommand = (usage: string, description: string) =>
    common(policy.command(usage).description(description)).action(async (file: string, options: object) => {
      await execute(`policy ${usage.split(" ", 1)[0]}`, [file], options);
    });
  policyCommand("check <FILE>", "list everything in a policy that is not understood or means nothing");
  policyCommand("test <FILE>", "say of releases that are at hand what a policy would refuse, and why")
    .requiredOption("--against <FOLDER>", "a release, or a folder of releases, each in a folder of its own")
    .option("--key <FILE>", "the public key that you trust (repeatable)", repeat)
    .option("--trust <FILE>", "whom to believe, beside those whom the policy names (repeatable)", repeat)
    .option("--trusted-root <FILE>", "the roots of certificates; Sigstore's public-good ones when absent");
  policyCommand("sign <FILE>", "sign a policy, with the trust and keys that it names")
    .requiredOption("--key <FILE>", "the private key (PKCS#8 PEM); the public key with --signer-exec")
    .requiredOption("--revision <N>", "a number above that of the policy that was signed before", whole)
    .option("--expires <DAY>", "the last day on which it may be used; the policy's own when absent")
    .option("-o, --out <FILE>", "where the signed policy goes; FILE.sigstore.json when absent")
    .option("--passphrase-file <FILE>", "a file that holds the key's passphrase")
    .option("--passphrase-env <NAME>", "the environment variable that holds the key's passphrase")
    .option("--signer-exec <CMD>", "a command that signs: SHA-256 digest in, signature out");
  policyCommand("export <FILE>", "write a policy for another tool, as far as that can say it").addOption(
    new Option("--to <TOOL>", "for whom").choices(["kyverno", "policy-controller"]).makeOptionMandatory(),
  );

  const roots = program
    .command("roots")
    .helpGroup(RULES)
    .description("show the trusted roots of certificates, and write them out");
  const rootsCommand = (usage: string, description: string) =>
    common(roots.command(usage).description(description)).action(async (...args: unknown[]) => {
      await execute(`roots ${usage}`, [], args.at(-2) as object);
    });
  rootsCommand("show", "list authorities and logs, and for which time they count")
    .option("--trusted-root <FILE>", "the file to show; the roots that came with Touchmark when absent")
    .option("--online", "those that Sigstore's TUF repository has now")
    .option("--mirror <URL>", "with --online: another TUF repository, which needs --root")
    .option("--root <FILE>", "with --mirror: the repository's root.json, from a place that you trust");
  rootsCommand("update", "ask a TUF repository for its newest roots, and keep them for --online")
    .option("-o, --output <FILE>", "also write them to this file, which is replaced")
    .option("--mirror <URL>", "another repository than Sigstore's public-good one; needs --root")
    .option("--root <FILE>", "with --mirror: the repository's root.json, from a place that you trust");
  rootsCommand("export", "print the roots that came with Touchmark, byte for byte").option(
    "-o, --output <FILE>",
    "write them to a new file",
  );

  declareTrust(program, execute);

  command("combine <FILE...>", PLUMBING, "fold subjects files into one")
    .option("-c, --config <FILE>", "a configuration whose parts must all be there")
    .requiredOption("-o, --output <FILE>", "where the subjects file goes");
  command(
    "convert <FILE...>",
    PLUMBING,
    "write evidence in another form, one a line; keeps every signature, never signs",
  )
    .requiredOption(
      "--to <FORM>",
      "bundle, bundle-v0.3, bundle-v0.2, bundle-v0.1, dsse (an envelope alone), cosign-att (a layer of cosign's .att tag)",
    )
    .option("-o, --output <FILE>", "write to a new file instead of standard output")
    .option(
      "--lossy <WHAT>",
      "go on although it is lost: certificate, certificate-chain, log-entries, log-proofs, logged-envelope, timestamps (repeatable)",
      repeat,
    );
  command("explain [CODE]", PLUMBING, "what an error code means and what to do");
  command("doctor", PLUMBING, "look at what Touchmark needs on this machine").option(
    "-c, --config <FILE>",
    "the configuration; touchmark.yaml when it is there",
  );
  command("completion <SHELL>", PLUMBING, "print the completion script for bash, zsh or fish");
  return program;
}
