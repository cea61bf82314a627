import type { Command } from "commander";
import type { Action } from "./context.ts";
import { inTerminal } from "./in-terminal.ts";
import { buildProgram } from "./program.ts";
import type { OpenStream } from "./render/terminal.ts";
import { run } from "./run.ts";

/** Runs the command line, as `run` does, with any command. */
export async function runAny(argv: readonly string[], openStandardError: OpenStream): Promise<number> {
  if (argv[0] === "slsa-verifier") return standIn(argv.slice(1), openStandardError);
  return run(argv, openStandardError, buildProgram, loadAction);
}

/** Another tool's command line: its own options, texts and exit status. */
async function standIn(args: readonly string[], openStandardError: OpenStream): Promise<number> {
  return inTerminal({}, openStandardError, async (context) => {
    const { slsaVerifier } = await import("./slsa-verifier/main.ts");
    return slsaVerifier(context, args);
  });
}

/** Each command is a chunk of its own, loaded on first use, so that `--help` and `verify` start quickly. */
export async function loadAction(program: Command, name: string): Promise<Action> {
  switch (name) {
    case "init":
      return (await import("./commands/init.ts")).init;
    case "check":
      return (await import("./commands/check.ts")).check;
    case "collect":
      return (await import("./commands/collect.ts")).collectCommand;
    case "attest":
      return (await import("./commands/attest.ts")).attestCommand;
    case "publish":
      return (await import("./commands/publish.ts")).publishCommand;
    case "verify":
      return (await import("./commands/verify.ts")).verifyCommand;
    case "fetch":
      return (await import("./commands/fetch.ts")).fetchCommand;
    case "verify-guide":
      return (await import("./commands/verify-guide.ts")).verifyGuideCommand;
    case "inspect":
      return (await import("./commands/inspect.ts")).inspectCommand;
    case "keys generate":
      return (await import("./commands/keys.ts")).keysGenerate;
    case "keys public":
      return (await import("./commands/keys.ts")).keysPublic;
    case "policy check":
      return (await import("./commands/policy-check.ts")).policyCheck;
    case "policy test":
      return (await import("./commands/policy-test.ts")).policyTest as Action;
    case "policy sign":
      return (await import("./commands/policy-sign.ts")).policySign as Action;
    case "policy export":
      return (await import("./commands/policy-export.ts")).policyExport as Action;
    case "roots show":
      return (await import("./commands/roots.ts")).rootsShow;
    case "roots export":
      return (await import("./commands/roots.ts")).rootsExport;
    case "roots update":
      return (await import("./commands/roots-update.ts")).rootsUpdate;
    case "trust show":
      return (await import("./commands/trust.ts")).trustShow;
    case "trust check":
      return (await import("./commands/trust.ts")).trustCheck;
    case "trust sign":
      return (await import("./commands/trust-sign.ts")).trustSign as Action;
    case "trust suggest":
      return (await import("./commands/trust-suggest.ts")).trustSuggest;
    case "trust diff":
      return (await import("./commands/trust-changes.ts")).trustDiff;
    case "trust update":
      return (await import("./commands/trust-changes.ts")).trustUpdate as Action;
    case "combine":
      return (await import("./commands/combine.ts")).combineCommand;
    case "convert":
      return (await import("./commands/convert.ts")).convertCommand;
    case "explain":
      return (await import("./commands/explain.ts")).explainCommand;
    case "doctor":
      return (await import("./commands/doctor.ts")).doctorCommand;
    case "slsa-verifier":
      return (await import("./slsa-verifier/main.ts")).slsaVerifier;
    case "completion":
      return (await import("./commands/completion.ts")).completionCommand(program);
    default:
      throw new Error(`the command "${name}" is declared and has no code`);
  }
}
