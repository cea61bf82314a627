// Files of other projects' Go modules that end-to-end tests read, from the Go module proxy into .cache/peers; what is there
// stays.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../../.cache/peers", import.meta.url));

/** The module's archive has 110 MB. */
const DOWNLOAD_MS = 15 * 60 * 1000;

/** What is larger is an artifact, of which a test needs the digest alone. Unit: bytes. */
const LARGEST_COPY = 256 * 1024;

/** Pinned; `sum` is the module's hash as go.sum writes it. */
const MODULE = {
  module: "github.com/slsa-framework/slsa-verifier/v2",
  version: "v2.7.1",
  sum: "h1:UofvmqdJysF8K13h42/NVD+7IFQjZBOWMDmfZsLUimw=",
  folder: "cli/slsa-verifier",
  kept: ["main_regression_test.go", "testdata"],
};

const target = join(cache, `slsa-verifier-tables-${MODULE.version}`);

/**
 * The folder with slsa-verifier's own tables and what they are about. Of a file that is too large to copy there is
 * `<name>.sha256`, as sha256sum writes it.
 *
 * @returns null when this machine cannot have it: no Go.
 * @throws Error when it can, and it is not there: a test must not be skipped for that.
 */
export function slsaVerifierFiles() {
  if (existsSync(target)) return target;
  if (!hasGo()) return null;
  throw new Error(`slsa-verifier ${MODULE.version} is not in .cache/peers; run: node e2e/peers/install.mjs`);
}

/**
 * Brings them.
 *
 * @returns one line: what was done, or why it cannot be had here.
 * @throws Error for a module that is not the one whose hash is written here.
 */
export function installGoFiles() {
  const label = `the tables of slsa-verifier ${MODULE.version}`;
  if (existsSync(target)) return [`${label}: there`];
  if (!hasGo()) return [`${label}: not here: no Go on this machine`];
  const source = join(download(), MODULE.folder);
  // A folder under its final name is complete, also when another process makes it at the same time.
  const work = `${target}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  for (const name of MODULE.kept) take(join(source, name), join(work, name));
  rmSync(target, { recursive: true, force: true });
  renameSync(work, target);
  return [`${label}: brought`];
}

function download() {
  const env = { ...process.env, GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local", GOWORK: "off" };
  const args = ["mod", "download", "-json", `${MODULE.module}@${MODULE.version}`];
  const ended = spawnSync("go", args, { cwd: cache, env, encoding: "utf8", timeout: DOWNLOAD_MS });
  if (ended.status !== 0) throw new Error(`${MODULE.module} could not be brought:\n${ended.stdout}${ended.stderr}`);
  const { Dir, Sum } = JSON.parse(ended.stdout);
  if (Sum === MODULE.sum) return Dir;
  throw new Error(`${MODULE.module} ${MODULE.version} is another one: expected ${MODULE.sum}, got ${Sum}`);
}

function take(from, to) {
  const stat = statSync(from);
  if (stat.isDirectory()) {
    for (const name of readdirSync(from)) take(join(from, name), join(to, name));
    return;
  }
  mkdirSync(dirname(to), { recursive: true });
  if (stat.size <= LARGEST_COPY) copyFileSync(from, to);
  else
    writeFileSync(
      `${to}.sha256`,
      `${createHash("sha256").update(readFileSync(from)).digest("hex")}  ${from.split("/").pop()}\n`,
    );
}

function hasGo() {
  return spawnSync("go", ["version"]).status === 0;
}
