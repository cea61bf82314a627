// Writes packages/vectors/cases and packages/vectors/services: node scripts/make-vectors.mjs [FOLDER]
// Node 20 runs no TypeScript, and the test authorities are written in it: so the cases are bundled first.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { keyPair } from "./vectors/signing.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const vectors = join(root, "packages", "vectors");
const target = process.argv[2] ?? vectors;

const keys = Object.fromEntries(
  ["ed25519", "p256", "p384", "other"].map((name) => [
    name,
    keyPair(readFileSync(join(vectors, "keys", `${name}.key`))),
  ]),
);

// A test may write vectors while another one does: each has a bundle of its own.
const bundle = join(root, ".cache", "vectors", `all-cases-${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: ["scripts/vectors/all-cases.mjs"],
  outfile: bundle,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
});
const { allCases, serviceCases } = await import(pathToFileURL(bundle).href);
rmSync(bundle);

/** What a vector of releases has unless it says otherwise. */
const RELEASE = {
  targets: ["release"],
  bundles: null,
  key: null,
  complete: false,
  anyName: false,
  recursive: false,
  ignore: [],
};

console.log(`${write("cases", allCases(keys), RELEASE) + write("services", serviceCases(), {})} vectors`);

function write(folder, cases, defaults) {
  rmSync(join(target, folder), { recursive: true, force: true });
  for (const one of cases) {
    const name = one.error === null ? one.name : `${one.name}_fail`;
    for (const [file, content] of Object.entries(filesOf(one, name, defaults))) {
      const path = join(target, folder, name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }
  return cases.length;
}

function filesOf({ why, twin, error, args, files }, title, defaults) {
  const verdict = error === null ? "Must verify." : `Must be refused with \`${error}\`. Its twin \`${twin}\` verifies.`;
  return {
    "README.md": `# ${title}\n\n${why}\n\n${verdict}\n`,
    "args.json": `${JSON.stringify({ ...defaults, ...args }, null, 2)}\n`,
    ...(error === null ? {} : { error: `${error}\n` }),
    ...files,
  };
}
