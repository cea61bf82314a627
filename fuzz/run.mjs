// `npm run fuzz`: README.md says what it does. Bundles the loop, since Node 20 runs no TypeScript, has it run in a process of its
// own, and finds the input that ends that process.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

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

if (task.replay === null) console.log(`seed ${task.seed}, ${task.seconds} s`);
const { signal, status } = watched({ ...task, noted: null });
if (signal === null) process.exit(status ?? 1);
// What ends a process cannot be caught in it. The same seed makes the same inputs in the same order.
console.error(`an input ended the process by ${signal}; once more, with each input written down before it is read`);
const noted = join(cache, "noted.bin");
const again = watched({ ...task, seconds: 10 * task.seconds, noted });
if (again.signal === null) {
  console.error(`DEFECT an input ended the process by ${signal}, and did not do it again`);
  process.exit(1);
}
const parser = readFileSync(`${noted}.parser`, "utf8");
mkdirSync(failures, { recursive: true });
const file = join(failures, `${parser}-crash-${task.seed >>> 0}.bin`);
copyFileSync(noted, file);
console.error(`DEFECT ${parser}: an input ends the process by ${again.signal}: ${file}`);
console.error(`  again: npm run fuzz -- --parser ${parser} --replay ${file}`);
process.exit(1);

function watched(task) {
  return spawnSync(process.execPath, ["fuzz/watch.mjs", JSON.stringify({ ...task, loop, failures })], {
    stdio: "inherit",
  });
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
