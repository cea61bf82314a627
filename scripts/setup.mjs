// From a clean clone, with nothing but node and npm: brings the pinned pnpm, installs, then runs one task.
// Needs no global rights, no git, no stdin; leaves everything under node_modules.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tools = join(root, "node_modules", ".touchmark-tools");
const toolsBin = join(tools, "node_modules", ".bin");
const windows = process.platform === "win32";
const reports = join(root, ".cache", "reports");

const env = {
  ...withoutNpmVariables(process.env),
  PATH: [toolsBin, join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
};

const unitReport = join(reports, `unit-node${process.versions.node.split(".")[0]}.json`);
const e2eReport = join(reports, "e2e.json");

/** Each step: what the line says, then the command. */
const buildAll = ["build", "turbo", ["run", "build", "--output-logs=errors-only"]];
const buildCli = ["build of the CLI", "turbo", ["run", "build", "--filter=touchmark", "--output-logs=errors-only"]];
const peers = ["other projects' programs, minutes the first time", "node", ["e2e/peers/install.mjs"]];
const types = ["types", "tsc", ["-p", "tsconfig.json"]];
const lint = ["lint", "biome", ["check", "--error-on-warnings", "."]];
const layers = ["layers", "node", ["scripts/check-layers.mjs"]];
const unused = ["unused code and dependencies", "knip", ["--no-progress"]];
const published = ["packages as published", "node", ["scripts/check-published.mjs"]];
// Coverage is for CI, which keeps its floors: it makes tests slower, and everybody runs these.
const coverage = process.env.CI ? ["--coverage"] : [];
const tests = ["tests", "vitest", ["run", ...coverage, ...jsonReport(unitReport)]];

/** Those that wait for each other stand in one row; `beside` says which rows run at the same time, each on a processor. */
const beside = (...rows) => ({ rows });
const steps = {
  install: [],
  build: [buildAll],
  typecheck: [types],
  lint: [lint],
  layers: [layers],
  knip: [unused],
  start: [buildCli],
  bench: [buildAll],
  fuzz: [],
  e2e: [buildCli, peers],
  // What is published is packed from what was built; the others read sources.
  test: [beside([buildAll, published], [types, layers, lint, unused]), tests],
};

/** What runs in the foreground after the steps. */
const foreground = {
  start: ["node", ["examples/polyglot-release/story.mjs"]],
  bench: ["node", ["bench/run.mjs"]],
  fuzz: ["node", ["fuzz/run.mjs"]],
  e2e: ["vitest", ["run", "-c", "vitest.e2e.config.ts", ...jsonReport(e2eReport)]],
};

const task = process.argv[2] ?? "install";
const extra = process.argv.slice(3);
if (!(task in steps)) {
  fail(`unknown task "${task}", expected one of ${Object.keys(steps).join(", ")}`, 2);
}
const began = Date.now();
step("set-up", install);
mkdirSync(reports, { recursive: true });
for (const one of steps[task]) {
  if ("rows" in one) {
    await runBeside(one.rows);
    continue;
  }
  const [label, command, args] = one;
  step(label, () => quietly(command, one === tests ? [...args, ...extra] : args));
}
if (task in foreground) {
  const [command, args] = foreground[task];
  process.exit(run(command, [...args, ...extra], { stdio: ["ignore", "inherit", "inherit"] }).status ?? 1);
}
const count = steps[task].flatMap((one) => ("rows" in one ? one.rows.flat() : [one])).length;
console.log(`all ${count + 1} steps passed in ${seconds(began)}`);

/** @returns what the line adds when there was nothing to do. */
function install() {
  const manifest = readJson("package.json");
  const pin = /^pnpm@(\d+\.\d+\.\d+)\+sha512\.([0-9a-f]{128})$/.exec(manifest.packageManager);
  if (pin === null) {
    fail(`package.json#packageManager is "${manifest.packageManager}", expected pnpm@VERSION+sha512.HEX`, 2);
  }
  const stampFile = join(tools, "installed");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === inputsDigest()) {
    return "up to date";
  }
  if (!existsSync(join(tools, "node_modules", "pnpm", "package.json")) || toolsVersion() !== pin[1]) {
    installPnpm(pin[1], Buffer.from(pin[2], "hex").toString("base64"));
  }
  quietly("pnpm", ["install", "--frozen-lockfile", "--reporter=append-only"]);
  writeFileSync(stampFile, inputsDigest());
  return "";
}

/** `npm ci` against a lock of our own, so that npm compares the tarball with the pinned sha512. */
function installPnpm(version, sha512) {
  mkdirSync(tools, { recursive: true });
  const dependencies = { pnpm: version };
  const pnpm = { version, integrity: `sha512-${sha512}`, bin: { pnpm: "bin/pnpm.cjs" } };
  const lock = { lockfileVersion: 3, packages: { "": { dependencies }, "node_modules/pnpm": pnpm } };
  writeFileSync(join(tools, "package.json"), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(tools, "package-lock.json"), JSON.stringify(lock));
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith("npm-cli.js")) {
    quietly("node", [npm, ...args], tools);
  } else {
    quietly("npm", args, tools);
  }
}

function toolsVersion() {
  return JSON.parse(readFileSync(join(tools, "node_modules", "pnpm", "package.json"), "utf8")).version;
}

/** Digest of everything that decides what an install gives; a workspace folder without its node_modules changes it too. */
function inputsDigest() {
  const hash = createHash("sha256");
  const files = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml"];
  for (const parent of ["packages", "apps"]) {
    for (const folder of readdirSync(join(root, parent)).sort()) {
      files.push(`${parent}/${folder}/package.json`, `${parent}/${folder}/node_modules`);
    }
  }
  for (const file of files) {
    const path = join(root, file);
    const content = file.endsWith("node_modules") ? `${existsSync(path)}` : existsSync(path) ? readFileSync(path) : "";
    hash.update(`${file}\0`).update(content).update("\0");
  }
  return hash.digest("hex");
}

function step(label, action) {
  const start = Date.now();
  process.stdout.write(`${label} … `);
  const note = action();
  console.log(`ok${note ? `, ${note}` : ""} (${seconds(start)})`);
}

/** Each row from left to right, all rows at once; a line for each step as it ends. One that fails ends its row only. */
async function runBeside(rows) {
  const failures = [];
  await Promise.all(
    rows.map(async (row) => {
      for (const [label, command, args] of row) {
        const start = Date.now();
        const result = await runAlong(command, args);
        const passed = result.status === 0;
        console.log(`${label} … ${passed ? "ok" : "failed"} (${seconds(start)})`);
        if (!passed) {
          failures.push(() => show(result, command, args));
          return;
        }
      }
    }),
  );
  if (failures.length > 0) {
    fail(failures.map((why) => why()).join("\nset-up: "), 1);
  }
}

/** Runs to the end and shows the output only if it failed; then nothing further runs. */
function quietly(command, args, cwd = root) {
  const result = run(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 256 * 1024 * 1024 });
  if (result.status !== 0) {
    console.log("failed");
    fail(show(result, command, args), 1);
  }
}

/** @returns how it ended, in a sentence; what it printed is printed. */
function show(result, command, args) {
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`);
  const why = result.error?.message ?? (result.signal ? `signal ${result.signal}` : `exit code ${result.status}`);
  return `\`${[command, ...args].join(" ")}\` ended with ${why}`;
}

function run(command, args, options) {
  return spawnSync(...invocation(command, args, options));
}

/** `run` without waiting: what both streams print, in its order. */
function runAlong(command, args) {
  return new Promise((resolve) => {
    const chunks = [];
    const child = spawn(...invocation(command, args, { stdio: ["ignore", "pipe", "pipe"] }));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => chunks.push(chunk));
    }
    child.on("error", (error) => resolve({ status: null, error }));
    child.on("close", (status, signal) => resolve({ status, signal, stdout: Buffer.concat(chunks) }));
  });
}

function invocation(command, args, options) {
  const program = command === "node" ? process.execPath : command;
  return [program, args, { cwd: root, env, shell: windows && command !== "node", ...options }];
}

/** npm exports its own settings to the scripts it starts; pnpm and turbo would take them for the user's. */
function withoutNpmVariables(variables) {
  const network = /^npm_config_(registry|userconfig|cache|cafile|proxy|https_proxy|noproxy)$/i;
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !/^(npm_|pnpm_|INIT_CWD$)/i.test(name) || network.test(name)),
  );
}

function jsonReport(file) {
  return ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

function seconds(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

function fail(message, code) {
  console.error(`set-up: ${message}`);
  process.exit(code);
}
