// `node scripts/mutation-test.mjs [FILE…]`: changes the code that decides about evidence, one place at a time, and runs the
// tests that are about it: a change that none of them notices is a test that is missing.
// docs/mutation-testing.md says how to read the result. Takes hours for all files; not a part of `npm test`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GROUPS } from "./mutation-groups.mjs";

/** The last that runs under Node 20. Not a dependency of the project: only who runs this needs its 170 packages. */
const VERSION = "9.6.1";
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const cache = join(".cache", "mutation");
const wanted = process.argv.slice(2);
const groups = GROUPS.map(({ folder, files, tests }) => ({
  files: files
    .map((file) => join("packages", folder, `${file}.ts`))
    .filter((file) => wanted.length === 0 || wanted.includes(file)),
  // Braces around one name alone are a part of the name.
  tests: join("packages", folder, tests.includes(",") ? `{${tests}}.test.ts` : `${tests}.test.ts`),
})).filter(({ files }) => files.length > 0);
const known = groups.flatMap(({ files }) => files);
const unknown = [...wanted.filter((file) => !known.includes(file)), ...known.filter((file) => !existsSync(file))];
if (unknown.length > 0) {
  console.error(`not there, or in no group of this script: ${unknown.join(", ")}`);
  process.exit(2);
}
install();
const counts = groups.flatMap(mutate);
for (const { file, noticed, all } of counts) console.log(`${file.padEnd(36)} ${noticed} of ${all}`);
const [noticed, all] = ["noticed", "all"].map((key) => counts.reduce((sum, count) => sum + count[key], 0));
console.log(`${noticed} of ${all}: ${((100 * noticed) / all).toFixed(1)} %`);

/** Beside the project, from where it finds the project's own vitest: two of them in one process do not know each other. */
function install() {
  const core = join(cache, "node_modules", "@stryker-mutator", "core", "package.json");
  if (existsSync(core) && JSON.parse(readFileSync(core, "utf8")).version === VERSION) return;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "package.json"), '{"private":true}');
  const packages = ["core", "vitest-runner"].map((name) => `@stryker-mutator/${name}@${VERSION}`);
  const flags = ["--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"];
  run("npm", ["install", "--prefix", cache, ...flags, ...packages], {});
}

function mutate({ files, tests }) {
  const [report, config] = [join(cache, "report.json"), join(cache, "stryker.config.json")];
  writeFileSync(config, JSON.stringify(configOf(files, report), null, 2));
  const bin = join(cache, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  run(process.execPath, [bin, "run", config], { MUTATION_TESTS: tests });
  return Object.entries(JSON.parse(readFileSync(report, "utf8")).files).map(([path, { mutants, source }]) => {
    const file = path.replace("packages/", "");
    const counted = mutants.filter(({ status }) => status !== "Ignored");
    const left = counted.filter((mutant) => !isNoticed(mutant));
    for (const mutant of left) console.log(`${file}:${shown(mutant, source.split("\n"))}`);
    return { file, noticed: counted.length - left.length, all: counted.length };
  });
}

/** A test file that the change keeps from loading runs no test: Stryker then says that it survived. */
function isNoticed({ status, coveredBy = [], testsCompleted = 0 }) {
  return status === "Killed" || status === "Timeout" || (status === "Survived" && testsCompleted < coveredBy.length);
}

function shown({ location: { start, end }, replacement }, lines) {
  const line = lines[start.line - 1] ?? "";
  const before = line.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
  return `${start.line}: ${before}  →  ${replacement.replaceAll(/\s+/g, " ")}`;
}

function configOf(mutated, fileName) {
  return {
    mutate: mutated,
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "vitest.mutation.config.ts" },
    coverageAnalysis: "perTest",
    concurrency: 1,
    timeoutMS: 20_000,
    // Words of messages, which no test should repeat; a wrong code or kind is seen as an object without it.
    mutator: { excludedMutations: ["StringLiteral"] },
    tempDirName: join(cache, "sandbox"),
    // What the tests read. It would rewrite tsconfig.json, with a compiler that TypeScript 7 is not.
    ignorePatterns: [
      "/*",
      ...["/packages", "/docs", "/scripts", "/vitest*.config.ts", "/package.json", "/tsconfig.base.json"].map(
        (path) => `!${path}`,
      ),
    ],
    tsconfigFile: "none.json",
    reporters: ["progress-append-only", "json"],
    jsonReporter: { fileName },
  };
}

function run(command, args, more) {
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...more } });
  if (status !== 0) process.exit(status ?? 1);
}
