// `npm run fuzz`: README.md says what it does. Bundles the loop, since Node 20 runs no TypeScript, starts it in a thread, and
// ends it when an input takes so long that the loop itself could not tell.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

/** No input takes so long, not even on a machine that is busy. Unit: milliseconds of wall time. */
const HANG_MS = 60_000;
/** More than mutate/mutate.ts lets an input be. Unit: bytes. */
const MAX_NOTED = 1024 * 1024;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const cache = join(".cache", "fuzz");
const failures = join(cache, "failures");
const task = readTask();
const loop = join(cache, "loop.mjs");
await build({
  entryPoints: ["fuzz/loop.ts"],
  outfile: loop,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  conditions: ["@touchmark/source"],
  // Only the laws of the testkit use it, and nothing here uses these.
  external: ["vitest"],
  banner: {
    js: `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`,
  },
  logLevel: "warning",
});

const seen = new SharedArrayBuffer(12 + MAX_NOTED);
const head = new Int32Array(seen, 0, 3);
if (task.replay === null) console.log(`seed ${task.seed}, ${task.seconds} s`);
const worker = new Worker(pathToFileURL(loop), { workerData: { ...task, failures, seen } });
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
  mkdirSync(failures, { recursive: true });
  const file = join(failures, `hang-${Date.now()}.bin`);
  writeFileSync(file, new Uint8Array(seen, 12, head[2]));
  console.error(`DEFECT ${names[head[1]]} has been reading one input for ${HANG_MS / 1_000} s: ${file}`);
  process.exit(1);
}

function readTask() {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string" },
      parser: { type: "string" },
      replay: { type: "string" },
    },
  });
  const seconds = Number(values.seconds);
  const seed = values.seed === undefined ? Date.now() | 0 : Number(values.seed);
  if (!(seconds > 0) || !Number.isInteger(seed)) {
    console.error("expected --seconds above 0 and a whole number as --seed");
    process.exit(2);
  }
  return { seconds, seed: seed | 0, parser: values.parser ?? null, replay: values.replay ?? null };
}
