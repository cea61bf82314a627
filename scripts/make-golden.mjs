// `node scripts/make-golden.mjs`: writes the golden files of packages/core and the JSON Schema of subjects files anew.
// By hand only, and the difference is for review: whoever signed before this has other bytes. Tests only compare.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "touchmark-golden-"));
try {
  const outfile = join(folder, "cases.mjs");
  const entryPoints = [join(root, "packages/core/golden/cases.ts")];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", logLevel: "warning" });
  const { goldenFiles } = await import(pathToFileURL(outfile).href);
  for (const [path, bytes] of goldenFiles((input) => createHash("sha256").update(input).digest("hex"))) {
    console.log(`${path}: ${write(join(root, path), bytes)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function write(file, bytes) {
  if (existsSync(file) && readFileSync(file).equals(bytes)) {
    return "as before";
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return "written";
}
