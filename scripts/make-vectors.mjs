// Writes packages/vectors/cases: node scripts/make-vectors.mjs [FOLDER]
// Node 20 runs no TypeScript, and the test authorities are written in it: so the cases are bundled first.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { keyPair } from "./vectors/signing.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const vectors = join(root, "packages", "vectors");
const target = process.argv[2] ?? join(vectors, "cases");

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
const { allCases } = await import(pathToFileURL(bundle).href);
rmSync(bundle);

const folders = allCases(keys).map((one) => ({
  folder: one.error === null ? one.name : `${one.name}_fail`,
  files: filesOf(one),
}));

rmSync(target, { recursive: true, force: true });
for (const { folder, files } of folders) {
  for (const [file, content] of Object.entries(files)) {
    const path = join(target, folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
console.log(`${folders.length} vectors`);

function filesOf({ name, why, twin, error, args, files }) {
  const title = error === null ? name : `${name}_fail`;
  const verdict = error === null ? "Must verify." : `Must be refused with \`${error}\`. Its twin \`${twin}\` verifies.`;
  const { targets = ["release"], bundles = null, key = null, ...flags } = args;
  return {
    "README.md": `# ${title}\n\n${why}\n\n${verdict}\n`,
    "args.json": `${JSON.stringify({ targets, bundles, key, complete: false, anyName: false, recursive: false, ignore: [], ...flags }, null, 2)}\n`,
    ...(error === null ? {} : { error: `${error}\n` }),
    ...files,
  };
}
