import type { Command } from "commander";
import { addAdvancedOptions } from "./advanced-options.ts";
import { addOptions, CHECK, type Declare, type Execute, newProgram, toDeclare } from "./new-program.ts";
import { JUDGING_OPTIONS, VERIFY_OPTIONS } from "./verify-options.ts";

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
  addOptions(verify, JUDGING_OPTIONS);
  addOptions(verify, VERIFY_OPTIONS);
  verify.usage("[options] <TARGET...> [-- COMMAND ARG...]").addHelpText(
    "after",
    `
With -- COMMAND ARG..., a program runs when everything holds, and only then: {} in it and TOUCHMARK_VERIFIED_DIR are a
folder with copies of what was verified. Its exit status is the program's.`,
  );
  addAdvancedOptions(verify);
}
