// Writes packages/vectors/cases: node scripts/make-vectors.mjs [FOLDER]
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cases } from "./vector-cases.mjs";
import { keyPair } from "./vector-signing.mjs";

const vectors = fileURLToPath(new URL("../packages/vectors/", import.meta.url));
const committed = join(vectors, "cases");
const target = process.argv[2] ?? committed;

const keys = Object.fromEntries(
  ["ed25519", "p256", "p384", "other"].map((name) => [
    name,
    keyPair(readFileSync(join(vectors, "keys", `${name}.key`))),
  ]),
);

const made = cases(keys, (name, file) => {
  const path = join(committed, name, file);
  return existsSync(path) ? readFileSync(path, "utf8") : null;
});
const folders = made.map((one) => ({
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

function filesOf({ name, why, twin, error, args, files, publicKey }) {
  const title = error === null ? name : `${name}_fail`;
  const verdict = error === null ? "Must verify." : `Must be refused with \`${error}\`. Its twin \`${twin}\` verifies.`;
  const { targets = ["release"], bundles = null, ...flags } = args;
  return {
    "README.md": `# ${title}\n\n${why}\n\n${verdict}\n`,
    "args.json": `${JSON.stringify({ targets, bundles, key: "key.pub", complete: false, anyName: false, recursive: false, ignore: [], ...flags }, null, 2)}\n`,
    "key.pub": publicKey,
    ...(error === null ? {} : { error: `${error}\n` }),
    ...files,
  };
}
