// Builds the CLI into one bundle with lazy chunks: each dynamic import of src/ becomes a chunk that loads on first use.
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { commonJs } from "../../scripts/common-js.mjs";
import { leanProgram } from "../../scripts/lean-program.mjs";
import { pastStubs } from "../../scripts/past-stubs.mjs";
import { thirdPartyNotices } from "../../scripts/third-party-notices.mjs";
import {
  withoutJsonSchemas,
  withoutLocales,
  withoutMessages,
  withoutSubprograms,
  zodApart,
} from "../../scripts/unused-parts.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here("package.json"), "utf8"));
// Bundled CommonJS parts call require(), which an ES module does not have, for what is Node's own; some try what only a later
// version has. Making one by `createRequire` in each file takes longer, and so does a module `process`, for which Node opens
// the three streams.
const banner = `const require = (name) => {
  const found = name === "node:process" ? process : process.getBuiltinModule(name);
  if (found === undefined) throw Object.assign(new Error("No such built-in module: " + name), { code: "ERR_UNKNOWN_BUILTIN_MODULE" });
  return found;
};`;

// Stale chunks of an earlier build would be cached and published.
rmSync(here("dist"), { recursive: true, force: true });

const options = {
  absWorkingDir: here("."),
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  conditions: ["@touchmark/source"],
  define: { TOUCHMARK_VERSION: JSON.stringify(version) },
  minify: true,
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
  plugins: [withoutLocales, withoutMessages, withoutSubprograms],
};
const inChunks = {
  ...options,
  splitting: true,
  // Beside the entry, not in a folder: the chunk that starts the worker looks for it beside itself.
  chunkNames: "[name]-[hash]",
  banner: { js: banner },
};

// What starts, and only asks for what is built apart from it.
const APART = /\/((?:run-verify|run-any|builtin-modules)\.)ts$/;
const builtApart = {
  name: "built-apart",
  setup: ({ onResolve }) => {
    onResolve({ filter: APART }, ({ path }) => ({ path: path.replace(APART, "/$1mjs"), external: true }));
  },
};
const start = await build({
  ...inChunks,
  entryPoints: { touchmark: "src/touchmark.ts" },
  plugins: [...options.plugins, builtApart],
});

const cli = await build({
  ...inChunks,
  entryPoints: {
    "run-any": "src/run-any.ts",
    "builtin-modules": "src/builtin-modules.ts",
    // For sigstore-conformance, which takes it from package.json at the root.
    conformance: "src/conformance.ts",
  },
});

// Apart from all other commands, so that it brings no more than it needs, in few files.
const verify = await build({
  ...inChunks,
  entryPoints: { "run-verify": "src/run-verify.ts" },
  plugins: [
    ...options.plugins,
    withoutJsonSchemas,
    zodApart,
    leanProgram(here("src/run-verify.ts"), here("../../packages/verify/src/roots/roots.ts")),
  ],
});

pastStubs(here("dist"), banner, ["touchmark.mjs", "conformance.mjs"]);
const namesOf = (...built) =>
  built
    .flatMap(({ metafile }) => Object.keys(metafile.outputs).map((path) => basename(path)))
    .filter((name) => name.endsWith(".mjs") && existsSync(here(`dist/${name}`)));
commonJs(here("dist"), banner, namesOf(start, verify), namesOf(cli));

// By this name scripts and links start what was built from a clone.
writeFileSync(here("dist/touchmark.mjs"), '#!/usr/bin/env node\nimport "./touchmark.cjs";\n');

chmodSync(here("dist/touchmark.cjs"), 0o755);
chmodSync(here("dist/touchmark.mjs"), 0o755);
chmodSync(here("dist/conformance.mjs"), 0o755);

// The worker is an entry of its own, beside the CLI: `new Worker(new URL("./hash-worker.mjs", import.meta.url))`.
const hostNode = createRequire(here("package.json")).resolve("@touchmark/host-node/package.json");
const worker = await build({
  ...options,
  entryPoints: { "hash-worker": `${hostNode.slice(0, -"package.json".length)}src/hash-worker.mjs` },
});

// So is what verifies signatures, with all that it needs, so that a thread loads one file.
const signingWorker = await build({
  ...inChunks,
  splitting: false,
  // Threads have a `process` of their own.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  entryPoints: { "signing-worker": "src/signing-worker.ts" },
});

writeFileSync(
  here("dist/THIRD-PARTY-NOTICES.txt"),
  thirdPartyNotices(
    [start.metafile, cli.metafile, verify.metafile, worker.metafile, signingWorker.metafile],
    here("."),
  ),
);

// Editors and pipelines find the schemas beside the program, whatever network they have.
cpSync(here("../../docs/schemas"), here("dist/schemas"), { recursive: true });
