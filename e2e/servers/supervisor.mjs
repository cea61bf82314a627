// `node supervisor.mjs LOG PROGRAM ARGS…` runs a server until standard input closes. The test process holds the other
// end, so that the server ends with it in whatever way it ends.
import { spawn } from "node:child_process";
import { openSync, writeSync } from "node:fs";

/** What a server gets to end by itself before it is killed, with everything it started. */
const GRACE_MS = 10_000;
/** BuildKit waits for its builds to end at the first SIGTERM, and no longer at the third. */
const REPEAT_MS = 300;

const [logFile = "", program = "", ...args] = process.argv.slice(2);
const log = openSync(logFile, "a");
// A process group of its own, to signal its children too.
const server = spawn(program, args, { stdio: ["ignore", log, log], detached: true });

server.on("error", (error) => {
  writeSync(log, `${error.message}\n`);
  process.exit(127);
});
server.on("exit", (code) => {
  signalGroup("SIGKILL");
  process.exit(code ?? 1);
});
process.stdin.resume().on("end", () => {
  signalGroup("SIGTERM");
  setInterval(() => signalGroup("SIGTERM"), REPEAT_MS);
  setTimeout(() => signalGroup("SIGKILL"), GRACE_MS);
});

function signalGroup(signal) {
  try {
    process.kill(-server.pid, signal);
  } catch (error) {
    // ESRCH: nobody is left in the group.
    if (error.code !== "ESRCH") throw error;
  }
}
