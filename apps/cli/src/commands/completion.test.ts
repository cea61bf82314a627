import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { commandWords } from "../completion/command-words.ts";
import { buildProgram } from "../program.ts";
import { completionCommand } from "./completion.ts";

const program = buildProgram(async () => {});

async function completion(shell: string, json = false): Promise<string> {
  const terminal = recordingTerminal({ json });
  const context = { terminal, env: {}, cwd: "/", signal: new AbortController().signal };
  expect(await completionCommand(program)(context, [shell], {})).toBe(0);
  return terminal.text();
}

/** What bash offers for the last of these words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const script = `${await completion("bash")}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _touchmark; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["-c", script, "bash", ...words], { encoding: "utf8" });
  return output.split("\n").filter((line) => line !== "");
}

test("every command and option stands in every script", async () => {
  const words = commandWords(program);
  expect(words.map(({ path }) => path)).toContain("keys generate");
  for (const shell of ["bash", "zsh", "fish"]) {
    const script = await completion(shell);
    for (const { commands, options } of words) {
      for (const { name } of commands) expect(script).toContain(name);
      for (const { long } of options) expect(script).toContain(shell === "fish" ? `-l ${long.slice(2)}` : long);
    }
  }
});

test("bash offers commands", async () => {
  expect(await offered("touchmark", "veri")).toEqual(["verify", "verify-guide"]);
  expect(await offered("touchmark", "keys", "g")).toEqual(["generate"]);
});

test("bash offers the options of the command that stands before", async () => {
  expect(await offered("touchmark", "verify", "dist", "--any")).toEqual(["--any-name"]);
  expect(await offered("touchmark", "inspect", "dist", "--any")).toEqual([]);
  expect(await offered("touchmark", "verify", "dist", "--build-s")).toEqual(["--build-signer-digest"]);
  expect(await offered("touchmark", "keys", "generate", "--alg")).toEqual(["--algorithm"]);
});

test("bash offers the fixed values of an option", async () => {
  expect(await offered("touchmark", "keys", "generate", "--algorithm", "ecdsa")).toEqual(["ecdsa-p256", "ecdsa-p384"]);
});

test("bash is left to complete files where a file is wanted", async () => {
  expect(await offered("touchmark", "verify", "--key", "")).toEqual([]);
  expect(await offered("touchmark", "verify", "")).toEqual([]);
});

test("descriptions cannot end a quotation", async () => {
  const { Command } = await import("commander");
  const hostile = new Command("touchmark");
  hostile.command("it").description("what's [here]: \\ $(touch x)").option("--a <FILE>", "don't: [x]");
  const terminal = recordingTerminal();
  const context = { terminal, env: {}, cwd: "/", signal: new AbortController().signal };
  await completionCommand(hostile)(context, ["zsh"], {});
  expect(terminal.text()).toContain(String.raw`'it:what'\''s [here]\: \ $(touch x)'`);
  expect(terminal.text()).toContain(String.raw`'--a[don'\''t\: \[x\]]:file:_files'`);
});

test("--json holds the script", async () => {
  const document = JSON.parse(await completion("fish", true));
  expect(document.shell).toBe("fish");
  expect(`${document.script}\n`).toBe(await completion("fish"));
});

test.each([
  ["fsh", "; did you mean fish?"],
  ["powershell", ""],
])("%s is refused", async (shell, guess) => {
  await expect(completion(shell)).rejects.toMatchObject({
    code: "USAGE",
    message: `there is no completion for "${shell}"${guess}`,
  });
});
