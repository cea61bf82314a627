import { isTouchmarkError, type TouchmarkError } from "@touchmark/core";
import type { Context } from "../context.ts";
import { safe, type Terminal } from "../render/terminal.ts";
import { VERSION } from "../version.ts";
import { type Judged, judgedBy } from "./commands.ts";
import { isCommandName } from "./flags.ts";
import { helpOf, overview } from "./help.ts";
import { parseFlags } from "./parse-flags.ts";
import { UsageError } from "./usage-error.ts";

const PASSED = "PASSED: SLSA verification passed";
const FAILED = "FAILED: SLSA verification failed";

/**
 * `touchmark slsa-verifier …`: that tool's commands, verdicts, texts and exit status.
 * Source: https://github.com/slsa-framework/slsa-verifier/blob/v2.7.1/cli/slsa-verifier/verify.go
 *
 * @returns 0 for a pass, 1 for everything else.
 */
export async function slsaVerifier(context: Context, args: readonly string[]): Promise<number> {
  const { terminal } = context;
  const [command = "", ...rest] = args;
  if (command === "version") {
    terminal.result(`slsa-verifier: the rules of 2.7.1, by touchmark ${VERSION}`);
    return 0;
  }
  if (["-h", "--help", "help"].includes(command)) {
    const [about = ""] = rest;
    terminal.result(isCommandName(about) ? helpOf(about) : overview());
    return 0;
  }
  if (!isCommandName(command)) {
    say(
      terminal,
      command === "" ? "expected command" : `unknown command ${JSON.stringify(command)} for "slsa-verifier"`,
    );
    return 1;
  }
  try {
    const typed = parseFlags(command, rest);
    if (typed.asksHelp) {
      terminal.result(helpOf(command));
      return 0;
    }
    const prints = typed.switch("print-provenance") ?? typed.switch("print-attestation") ?? false;
    return await report(context, judgedBy(context, command, typed), prints);
  } catch (error) {
    if (error instanceof UsageError) say(terminal, `${FAILED}: ${error.message}`);
    else if (isTouchmarkError(error)) say(terminal, `${FAILED}: ${shown(error)}`);
    else if (isSystemError(error)) say(terminal, `${FAILED}: ${error.message}`);
    else throw error;
    return 1;
  }
}

async function report({ terminal }: Context, judged: AsyncIterable<Judged>, prints: boolean): Promise<number> {
  let builder: string | null = null;
  for await (const { subject, outcome } of judged) {
    if (!outcome.passed) return refuse(terminal, subject, `${outcome.message} (${outcome.reason})`);
    const { builderId, commit, statement } = outcome;
    if (builderId !== null && commit !== null) {
      say(terminal, `Verified build using builder "${builderId}" at commit ${commit}`);
    }
    if (prints) terminal.resultBytes(Buffer.concat([statement, Buffer.from("\n")]));
    if (builder !== null && builder !== builderId) {
      return refuse(terminal, subject, `encountered different builderIDs ${builder} ${builderId}`);
    }
    builder = builderId;
    if (subject !== null) say(terminal, `Verifying ${subject}: PASSED`, "");
  }
  say(terminal, PASSED);
  return 0;
}

function refuse(terminal: Terminal, subject: string | null, message: string): number {
  if (subject !== null) say(terminal, `Verifying ${subject}: FAILED: ${message}`, "");
  say(terminal, `${FAILED}: ${message}`);
  return 1;
}

function say(terminal: Terminal, ...lines: readonly string[]): void {
  for (const line of lines) terminal.note(safe(line));
}

function shown({ message, expected, actual }: TouchmarkError): string {
  return [
    message,
    ...(expected === null ? [] : [`expected ${expected}`]),
    ...(actual === null ? [] : [`got ${actual}`]),
  ].join(", ");
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
