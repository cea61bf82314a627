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
  const packages = publicPackages();
  const tarballs = packed(packages.map(({ manifest }) => manifest.name));
  for (const { directory, manifest } of packages) {
    await checkPackage(directory, manifest, tarballs.get(manifest.name));
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}

function publicPackages() {
  return ["packages", "apps"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((folder) => join(root, parent, folder)))
    .sort()
    .map((directory) => ({ directory, manifest: JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) }))
    .filter(({ manifest }) => manifest.private !== true);
}

async function checkPackage(directory, manifest, filename) {
  const report = (message) => problems.push(`${manifest.name}: ${message}`);
  if (manifest.repository?.directory !== relative(root, directory).replaceAll("\\", "/")) {
    report(`repository.directory is "${manifest.repository?.directory}"`);
  }
  checkPaths(filename, report);
  const tarball = readFileSync(filename);
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

/** Packs all in one go, since pnpm takes longer to start than to pack. @returns the path of the tarball of each. */
function packed(names) {
  const filters = names.map((name) => `--filter=${name}`);
  const printed = output("pnpm", ["--recursive", ...filters, "pack", "--json", "--pack-destination", out], root);
  // What prepack prints stands before the document.
  const made = JSON.parse(printed.slice(printed.indexOf("\n[\n") + 1));
  return new Map(made.map(({ name, filename }) => [name, filename]));
}

/** The list that pnpm prints leaves out the LICENSE that it takes from the root. */
function checkPaths(filename, report) {
  const paths = output("tar", ["-tzf", filename], root).trimEnd().split("\n");
  for (const wanted of ["package/LICENSE", "package/README.md"]) {
    if (!paths.includes(wanted)) {
      report(`the tarball holds no ${wanted}`);
    }
  }
  for (const path of paths.filter((path) => /\.test\.|\/fixtures\//.test(path))) {
    report(`the tarball holds the test file ${path}`);
  }
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
