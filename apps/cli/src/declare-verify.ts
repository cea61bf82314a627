import type { Command } from "commander";
import { advancedOptions } from "./advanced-options.ts";
import { CHECK, type Declare, type Execute, newProgram, repeat, toDeclare } from "./new-program.ts";

/** The program with `verify` alone: a start that verifies need not declare what else there is. */
export function buildVerifyProgram(execute: Execute): Command {
  const program = newProgram();
  declareVerify(toDeclare(program, execute));
  return program;
}

export function declareVerify(declare: Declare): void {
  const verify = declare("verify", CHECK, "say of every artifact whether it holds, and why not").argument(
    "<TARGET...>",
    "a file or folder; sha256:HEX; an image: oci://HOST/REPO@sha256:HEX, oci-layout:PATH; what Nix built: nix:PATH; a release: gh:OWNER/REPO@TAG, gl:GROUP/PROJECT@TAG, its page's address; a package: npm:NAME@VERSION, pypi:NAME@VERSION; what touchmark fetch wrote: kit:PATH, and with --offline an image in it by its name in a registry",
  );
  verifyOptions(verify)
    .option("--report <FORM=FILE>", "also write the verdict to a file: sarif=, junit= or json= (repeatable)", repeat)
    .option("--explain <ARTIFACT>", "also show what was checked of one artifact, and who alone could have fooled it")
    .option("--into <FOLDER>", "a new folder for what was verified: the bytes that were hashed, and nothing else");
  verify.usage("[options] <TARGET...> [-- COMMAND ARG...]").addHelpText(
    "after",
    `
With -- COMMAND ARG..., a program runs when everything holds, and only then: {} in it and TOUCHMARK_VERIFIED_DIR are a
folder with copies of what was verified. Its exit status is the program's.`,
  );
  advancedOptions(verify);
}

/** What decides about targets, wherever they are judged. */
export function verifyOptions(command: Command): Command {
  return command
    .option("--key <FILE>", "the public key that you trust (repeatable)", repeat)
    .option(
      "--trust <FILE>",
      "whom to believe, as a file says; or preset:NAME@DATE, a list that comes with Touchmark (repeatable)",
      repeat,
    )
    .option("--trust-key <FILE>", "with --trust: the public key that must have signed it")
    .option(
      "--signer-identity <NAME>",
      "a signer that you trust, exactly as its certificate names it (repeatable)",
      repeat,
    )
    .option(
      "--signer-identity-pattern <REGEXP>",
      "the same as a regular expression, which must match the whole name (repeatable)",
      repeat,
    )
    .option("--signer-issuer <URL>", "who identified these signers, exactly")
    .option("--cloud-build", "also believe Google Cloud Build's keys, for its own provenance; needs --source")
    .option(
      "--gcb-keys <FOLDER>",
      "with --cloud-build: its keys, a file REGION.key each; those of this version when absent",
    )
    .option("--source <REPO[@REF]>", "where it must be built from: OWNER/REPO, or a URL; a ref in full (refs/tags/v1)")
    .option("--trusted-root <FILE>", "the roots of certificates; Sigstore's public-good ones when absent")
    .option(
      "--online",
      "with an identity: ask for what is not here: the newest roots, without --trusted-root; entries of the roots' log",
    )
    .option("--mirror <URL>", "with --online: another TUF repository, which needs --root")
    .option("--root <FILE>", "with --mirror: the repository's root.json, from a place that you trust")
    .option("--max-roots-age <SPAN>", "with an identity: older roots cannot tell; 30d, 12h")
    .option("--without-log", "with an identity: also accept what is in no transparency log")
    .option("--rekor-entry <FILE>", "with an identity: log entries of envelopes that lack theirs (repeatable)", repeat)
    .option(
      "--bundle <FILE>",
      "the evidence to use, instead of what lies beside the artifacts; JSON Lines too (repeatable)",
      repeat,
    )
    .option("--evidence <PATH>", "further evidence: a file, or a folder with everything in it (repeatable)", repeat)
    .option("--deny <FILE>", "a list of what must not be used, whoever signed it; YAML or JSON (repeatable)", repeat)
    .option(
      "--policy <FILE>",
      "what is expected of each artifact; that of your or the system's configuration when absent",
    )
    .option("--policy-key <FILE>", "with --policy: the public key that must have signed it")
    .option("--no-policy", "use no policy, also when one is configured")
    .option("--complete", "fail when a subject of the statement is not among the targets")
    .option("--release", "fail unless what is here is exactly what a signed list of the release has")
    .option("--release-version <V>", "the same, of this version of the release")
    .option("--any-name", "accept an artifact under another name than the statement gives it")
    .option("--package <PURL>", "the package that it must be: pkg:npm/NAME@VERSION, pkg:pypi/…, pkg:cargo/…")
    .option("--recursive", "also judge each platform of an image, by itself")
    .option("--offline", "contact nobody; a target in a registry, or a release elsewhere, is then an error")
    .option("--ignore <GLOB>", "files of a folder that are not part of the release (repeatable)", repeat)
    .option("--state <FILE>", "what was seen before: older releases and roots are refused; made when missing")
    .option("--all", "list every artifact, also those that hold");
}
