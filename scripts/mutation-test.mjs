// `node scripts/mutation-test.mjs [--tests GLOB] [FILE…]`: changes the code that decides about evidence, one place at a time, and runs the
// tests of packages/verify for each change: one that no test notices is a test that is missing. docs/mutation-testing.md
// says how to read the result. Takes hours for all files; not a part of `npm test`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** The last that runs under Node 20. Not a dependency of the project: only who runs this needs its 170 packages. */
const VERSION = "9.6.1";
const SOURCE = "packages/verify/src";
/** What decides, and not what shows, explains or loads. */
const FILES = [
  "authenticate.ts",
  "contradiction.ts",
  "cover.ts",
  "fulfilled.ts",
  "judge.ts",
  "match-image.ts",
  "match-name.ts",
  "match-tree.ts",
  "match.ts",
  "presence.ts",
  "source-expectation.ts",
  "subject-index.ts",
  "trust-identity.ts",
  "verify-one.ts",
  "certificate/agreement.ts",
  "certificate/check-identity.ts",
  "certificate/checkpoint.ts",
  "certificate/claims.ts",
  "certificate/demand.ts",
  "certificate/der-work.ts",
  "certificate/digest-content.ts",
  "certificate/extensions.ts",
  "certificate/leaf.ts",
  "certificate/log-body.ts",
  "certificate/log-entry.ts",
  "certificate/parse-der.ts",
  "certificate/stated-value.ts",
  "certificate/timestamp-token.ts",
  "certificate/unknown-authority.ts",
  "certificate/verified-times.ts",
  "certificate/verify-signed.ts",
];

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const cache = join(".cache", "mutation");
const { values, positionals } = parseArgs({ allowPositionals: true, options: { tests: { type: "string" } } });
const files = positionals.length > 0 ? positionals : FILES.map((file) => join(SOURCE, file));
const missing = files.filter((file) => !existsSync(file));
if (missing.length > 0) {
  console.error(`not there: ${missing.join(", ")}`);
  process.exit(2);
}
install();
const report = join(cache, "report.json");
const config = join(cache, "stryker.config.json");
writeFileSync(config, JSON.stringify(configOf(files, report), null, 2));
const bin = join(cache, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
run(process.execPath, [bin, "run", config]);
for (const [file, { mutants }] of Object.entries(JSON.parse(readFileSync(report, "utf8")).files)) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = count("Killed", "Timeout");
  const left = count("Survived", "NoCoverage");
  console.log(`${relative(SOURCE, file).padEnd(36)} ${killed} of ${killed + left}`);
}

/** Beside the project, from where it finds the project's own vitest: two of them in one process do not know each other. */
function install() {
  const core = join(cache, "node_modules", "@stryker-mutator", "core", "package.json");
  if (existsSync(core) && JSON.parse(readFileSync(core, "utf8")).version === VERSION) return;
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "package.json"), '{"private":true}');
  const packages = ["core", "vitest-runner"].map((name) => `@stryker-mutator/${name}@${VERSION}`);
  run("npm", [
    "install",
    "--prefix",
    cache,
    "--legacy-peer-deps",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    ...packages,
  ]);
}

function configOf(mutate, fileName) {
  return {
    mutate,
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "vitest.mutation.config.ts" },
    coverageAnalysis: "perTest",
    concurrency: 2,
    timeoutMS: 20_000,
    // Words of messages, which no test should repeat; a wrong code or kind is seen as an object without it.
    mutator: { excludedMutations: ["StringLiteral"] },
    tempDirName: join(cache, "sandbox"),
    // What the tests of packages/verify read. It would rewrite tsconfig.json, with a compiler that TypeScript 7 is not.
    ignorePatterns: [
      "/*",
      "!/packages",
      "/packages/*",
      "!/packages/verify",
      "!/docs",
      "!/vitest*.config.ts",
      "!/package.json",
      "!/tsconfig.base.json",
    ],
    tsconfigFile: "none.json",
    reporters: ["clear-text", "progress-append-only", "json", "html"],
    clearTextReporter: { allowColor: false, reportTests: false, reportScoreTable: false },
    jsonReporter: { fileName },
    htmlReporter: { fileName: join(cache, "report.html") },
  };
}

function run(command, args) {
  const env = { ...process.env, ...(values.tests === undefined ? {} : { MUTATION_TESTS: values.tests }) };
  const { status } = spawnSync(command, args, { stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}
