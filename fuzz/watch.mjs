// The process in which the loop runs, in a thread, which this one ends when an input takes so long that the loop itself could not tell.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

/** No input takes so long, not even on a machine that is busy. Unit: milliseconds of wall time. */
const HANG_MS = 60_000;
/** More than mutate/mutate.ts lets an input be. Unit: bytes. */
const MAX_NOTED = 1024 * 1024;

const { loop, ...task } = JSON.parse(process.argv[2]);
const seen = new SharedArrayBuffer(12 + MAX_NOTED);
const head = new Int32Array(seen, 0, 3);
const worker = new Worker(pathToFileURL(loop), { workerData: { ...task, seen } });
let count = 0;
let since = performance.now();
const watch = setInterval(() => {
  const now = Atomics.load(head, 0);
  if (now !== count) [count, since] = [now, performance.now()];
  else if (performance.now() - since > HANG_MS) hang();
}, 1_000);
let names = [];
worker.on("message", (all) => {
  names = all;
});
worker.on("error", (error) => {
  console.error(error);
  process.exitCode = 1;
});
worker.on("exit", (code) => {
  clearInterval(watch);
  process.exitCode ||= code;
});

function hang() {
  mkdirSync(task.failures, { recursive: true });
  const file = join(task.failures, `hang-${Date.now()}.bin`);
  writeFileSync(file, new Uint8Array(seen, 12, head[2]));
  console.error(`DEFECT ${names[head[1]]} has been reading one input for ${HANG_MS / 1_000} s: ${file}`);
  process.exit(1);
}
