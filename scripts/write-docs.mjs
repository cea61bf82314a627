// Writes the pages under docs/ that come from the program: errors, commands, the configuration's schema.
// Node 20 runs no TypeScript, so the pages' source is bundled first; a test compares the result with what is committed.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = join(root, ".cache", "docs", "pages.mjs");

await build({
  absWorkingDir: root,
  entryPoints: ["apps/cli/src/docs/pages.ts"],
  outfile: bundle,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  conditions: ["@touchmark/source"],
  // What the program loads when a command runs; help needs none of it.
  external: ["./commands/*"],
  // Bundled CommonJS parts call require(), which an ES module does not have.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  logLevel: "warning",
});
const { generatedPages } = await import(pathToFileURL(bundle).href);

const pages = await generatedPages();
for (const [path, text] of pages) {
  const file = join(root, "docs", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
// A code that was removed leaves no page behind.
for (const name of readdirSync(join(root, "docs", "errors"))) {
  if (!pages.has(`errors/${name}`)) rmSync(join(root, "docs", "errors", name));
}
console.log(`wrote ${pages.size} files under docs/`);
