#!/usr/bin/env node
import { run } from "./run.ts";

// `touchmark verify … | head -1`: whoever reads has seen enough. The verdict stays in the exit status.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

// Node ends with 13, or with 1 for an exception that nobody caught, and 1 is what a failed verification ends with.
let finished = false;
process.on("exit", () => {
  if (finished) return;
  process.stderr.write("E INTERNAL  the program ended before its work was done\n");
  process.exitCode = 3;
});

const status = await run(process.argv.slice(2));
finished = true;
process.exitCode = status;
