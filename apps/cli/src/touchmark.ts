#!/usr/bin/env node
import { basename } from "node:path";

let finished = false;
let unwritable = false;
let standardError: NodeJS.WriteStream | null = null;

/** Opening it takes a start as long as 25 KiB of code, and most runs that verify have nothing to say there. */
const openStandardError = () => (standardError ??= guarded(process.stderr));

function guarded(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.on("error", (error: NodeJS.ErrnoException) => {
    // `touchmark verify … | head -1`: whoever reads has seen enough. The verdict stays in the exit status.
    if (error.code === "EPIPE" || unwritable) return;
    unwritable = true;
    if (stream === process.stdout)
      openStandardError().write(`E OUTPUT_UNWRITABLE  the result cannot be written (${error.code})\n`);
  });
}
guarded(process.stdout);

// Node ends with 0 where it has nothing to wait for, and with 1 for an exception that nobody caught: both would be verdicts.
process.exitCode = 3;
process.on("exit", () => {
  if (unwritable) process.exitCode = 3;
  if (finished) return;
  openStandardError().write("E INTERNAL  the program ended before its work was done\n");
  process.exitCode = 3;
});

// A link of that name stands in for the tool: ln -s "$(command -v touchmark)" slsa-verifier
const standsIn = basename(process.argv[1] ?? "").replace(/\.(?:cjs|mjs|cmd|exe)$/, "") === "slsa-verifier";
const argv = [...(standsIn ? ["slsa-verifier"] : []), ...process.argv.slice(2)];
void start();

async function start(): Promise<void> {
  // Every other file of the built program asks for it (build.mjs).
  if (process.getBuiltinModule === undefined) await import("./builtin-modules.ts");
  process.exitCode =
    argv[0] === "verify"
      ? await (await import("./run-verify.ts")).runVerify(argv, openStandardError)
      : await (await import("./run-any.ts")).runAny(argv, openStandardError);
  finished = true;
}
