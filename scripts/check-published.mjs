// Packs every public package as `pnpm publish` would and looks at what users would get.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "touchmark-pack-"));
const problems = [];
try {
  for (const parent of ["packages", "apps"]) {
    for (const folder of readdirSync(join(root, parent)).sort()) {
      await checkPackage(join(root, parent, folder));
    }
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}

async function checkPackage(directory) {
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  if (manifest.private === true) {
    return;
  }
  const report = (message) => problems.push(`${manifest.name}: ${message}`);
  if (manifest.repository?.directory !== relative(root, directory).replaceAll("\\", "/")) {
    report(`repository.directory is "${manifest.repository?.directory}"`);
  }
  const tarball = readFileSync(packed(directory));
  const bytes = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytes } });
  for (const message of messages) {
    report(formatMessage(message, pkg) ?? message.code);
  }
  // The manifest in the tarball, which pnpm rewrites.
  const text = JSON.stringify({ ...pkg, devDependencies: undefined, publishConfig: undefined });
  for (const leftover of ["@touchmark/source", "workspace:", "catalog:"]) {
    if (text.includes(leftover)) {
      report(`the published package.json still holds "${leftover}"`);
    }
  }
}

/** @returns the path of the tarball. */
function packed(directory) {
  const printed = output("pnpm", ["pack", "--json", "--pack-destination", out], directory);
  // What prepack prints stands before the document.
  const { filename } = JSON.parse(printed.slice(printed.indexOf("\n{\n") + 1));
  // The list that pnpm prints leaves out the LICENSE that it takes from the root.
  const paths = output("tar", ["-tzf", filename], directory).trimEnd().split("\n");
  for (const wanted of ["package/LICENSE", "package/README.md"]) {
    if (!paths.includes(wanted)) {
      problems.push(`${directory}: the tarball holds no ${wanted}`);
    }
  }
  for (const path of paths.filter((path) => /\.test\.|\/fixtures\//.test(path))) {
    problems.push(`${directory}: the tarball holds the test file ${path}`);
  }
  return filename;
}

function output(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
  if (result.status !== 0) {
    throw new Error(
      `${command} ${args[0]} in ${cwd} failed: ${result.error?.message ?? result.stderr + result.stdout}`,
    );
  }
  return result.stdout;
}
