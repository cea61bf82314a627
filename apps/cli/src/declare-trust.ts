import type { Command } from "commander";
import { addGroup } from "./advanced-options.ts";
import { common, type Execute, RULES, repeat } from "./new-program.ts";
import { RELEASE_OPTIONS } from "./verify-options.ts";

/** `touchmark trust …`: who is believed, as files say it. */
export function declareTrust(program: Command, execute: Execute): void {
  const trust = program.command("trust").helpGroup(RULES).description("read files that say whom to believe");
  const declare = (usage: string, description: string) =>
    common(trust.command(usage).description(description)).action(async (...args: unknown[]) => {
      const positional = args
        .slice(0, -2)
        .flat()
        .filter((value) => value !== undefined) as string[];
      await execute(`trust ${usage.split(" ", 1)[0]}`, positional, args.at(-2) as object);
    });
  declare("show <FILE>", "print what a trust file comes to, or a list that comes with Touchmark: preset:NAME@DATE");
  declare("check <FILE>", "check a trust file, and the keys and roots that it names; judges nothing");
  declare("sign <FILE>", "sign a trust file, with the keys and roots that it names")
    .requiredOption("--key <FILE>", "the private key (PKCS#8 PEM); the public key with --signer-exec")
    .requiredOption("--revision <N>", "a number above that of the file of this name that was signed before")
    .requiredOption("--expires <DAY>", "the last day on which it may be used")
    .option("-o, --out <FILE>", "where the signed trust file goes; FILE.sigstore.json when absent")
    .option("--passphrase-file <FILE>", "a file that holds the key's passphrase")
    .option("--passphrase-env <NAME>", "the environment variable that holds the key's passphrase")
    .option("--signer-exec <CMD>", "a command that signs: SHA-256 digest in, signature out");
  const suggest = declare(
    "suggest <TARGET...>",
    "print what evidence says of itself as a trust file, for you to review; believes nobody",
  ).option("--bundle <FILE>", "the evidence, instead of what lies beside the targets (repeatable)", repeat);
  addGroup(suggest, RELEASE_OPTIONS, false);
  declare("diff <OLD> <NEW>", "whom one file or preset believes and another does not; exit 1 where they differ");
  declare("update <FILE>", "which presets a trust file names that this version has newer ones of").requiredOption(
    "--check",
    "change nothing; exit 1 where there are newer ones",
  );
}
