import { type Code, isTouchmarkError, TouchmarkError } from "@touchmark/core";
import { textOf } from "../error-texts.ts";
import { type CommonOptions, safe, type Terminal } from "./terminal.ts";

/**
 * Prints what went wrong: code, what, expected, got, what to do.
 *
 * @returns the exit status.
 */
export function printError(terminal: Terminal, thrown: unknown, options: CommonOptions): number {
  const error = isTouchmarkError(thrown) ? thrown : unexpected(thrown);
  if (options.json === true) {
    terminal.result(JSON.stringify({ error: errorDocument(error) }, null, 2));
  }
  terminal.prompt(errorLines(error).join("\n"));
  if (options.verbose === true && error.cause instanceof Error && error.code === "INTERNAL") {
    terminal.prompt(error.cause.stack ?? error.cause.message);
  }
  return error.exitStatus;
}

/** The `error` member of the JSON document. */
function errorDocument(error: TouchmarkError): {
  readonly code: Code;
  readonly message: string;
  readonly expected: string | null;
  readonly actual: string | null;
} {
  return { code: error.code, message: error.message, expected: error.expected, actual: error.actual };
}

/** The lines that a person reads. */
export function errorLines(error: TouchmarkError): readonly string[] {
  const text = textOf(error.code);
  return [
    `E ${error.code}  ${safe(error.message)}`,
    ...(error.expected === null ? [] : [`    expected   ${safe(error.expected)}`]),
    ...(error.actual === null ? [] : [`    got        ${safe(error.actual)}`]),
    `    do         ${text.remedy}`,
  ];
}

function unexpected(thrown: unknown): TouchmarkError {
  return new TouchmarkError("INTERNAL", "something failed in a way that Touchmark did not foresee", {
    actual: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    cause: thrown,
  });
}
