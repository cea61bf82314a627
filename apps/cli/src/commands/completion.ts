import { nearest, TouchmarkError } from "@touchmark/core";
import type { Command } from "commander";
import { bashScript } from "../completion/bash.ts";
import { type CommandWords, commandWords } from "../completion/command-words.ts";
import { fishScript } from "../completion/fish.ts";
import { zshScript } from "../completion/zsh.ts";
import type { Context } from "../context.ts";
import type { CommonOptions } from "../render/terminal.ts";

const SCRIPTS: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  fish: fishScript,
  zsh: zshScript,
};

/**
 * `touchmark completion SHELL`: a script that completes commands, options and their fixed values, and files elsewhere.
 * Static: completing starts no Touchmark.
 *
 * @param program - whose commands are completed; handed in, since the program loads this file.
 * @throws TouchmarkError `USAGE` for another shell.
 */
export function completionCommand(program: Command) {
  return async (context: Context, positional: readonly string[], _options: CommonOptions): Promise<number> => {
    const [shell = ""] = positional;
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (script === undefined) throw unknownShell(shell);
    const text = script(commandWords(program)).trimEnd();
    context.terminal.result(context.terminal.json ? JSON.stringify({ shell, script: text }, null, 2) : text);
    return 0;
  };
}

function unknownShell(shell: string): TouchmarkError {
  const known = Object.keys(SCRIPTS);
  const guess = nearest(shell, known);
  return new TouchmarkError(
    "USAGE",
    `there is no completion for ${JSON.stringify(shell)}${guess === null ? "" : `; did you mean ${guess}?`}`,
    { expected: known.join(", "), actual: shell },
  );
}
