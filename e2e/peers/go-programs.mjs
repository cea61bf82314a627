// Other projects' programs that are written in Go, built from the Go module proxy into .cache/peers; what is there stays.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../../.cache/peers", import.meta.url));

/** What the modules below ask for in their own go.mod. */
const OLDEST_GO = [1, 26];

/** A build with an empty Go cache took at most 2 minutes on two cores; a hanging download must not take the whole run. */
const BUILD_MS = 15 * 60 * 1000;

/**
 * Pinned: what a program accepts is a fact about its version. A module's own go.mod pins its dependencies, and Go checks
 * both against its checksum database. `programs` says where in the module each one is, "" for the module itself; `own`
 * programs are ours, built against the module; `files` are read from the module's source; `linuxOnly` ones serve nobody
 * elsewhere.
 */
const MODULES = [
  { module: "github.com/sigstore/cosign/v3", version: "v3.1.3", programs: { cosign: "cmd/cosign" } },
  {
    module: "github.com/slsa-framework/slsa-verifier/v2",
    version: "v2.7.1",
    programs: { "slsa-verifier": "cli/slsa-verifier" },
  },
  { module: "github.com/cli/cli/v2", version: "v2.86.0", programs: { gh: "cmd/gh" } },
  {
    module: "github.com/google/go-containerregistry",
    version: "v0.22.1",
    programs: { crane: "cmd/crane" },
    own: ["referrers-registry"],
  },
  { module: "github.com/distribution/distribution/v3", version: "v3.1.2", programs: { registry: "cmd/registry" } },
  {
    module: "github.com/moby/buildkit",
    version: "v0.32.2",
    programs: { buildkitd: "cmd/buildkitd", buildctl: "cmd/buildctl" },
    linuxOnly: true,
  },
  // The newest whose dependencies the proxy has.
  { module: "github.com/docker/buildx", version: "v0.33.0", programs: { buildx: "cmd/buildx" }, linuxOnly: true },
  // Sigstore's own servers; they run in a network namespace, which only Linux has. The newest that Go 1.26 builds.
  {
    module: "github.com/sigstore/fulcio",
    version: "v1.8.8",
    programs: { fulcio: "" },
    files: ["config/identity/config.yaml"],
    linuxOnly: true,
  },
  {
    module: "github.com/sigstore/timestamp-authority/v2",
    version: "v2.1.3",
    programs: { "timestamp-server": "cmd/timestamp-server" },
    linuxOnly: true,
  },
  {
    module: "github.com/sigstore/rekor-tiles/v2",
    version: "v2.3.0",
    programs: { "rekor-server-posix": "cmd/rekor-server/posix" },
    linuxOnly: true,
  },
  {
    module: "github.com/sigstore/rekor",
    version: "v1.5.4",
    programs: { "rekor-server": "cmd/rekor-server" },
    linuxOnly: true,
  },
  {
    module: "github.com/google/trillian",
    version: "v1.7.3",
    programs: {
      trillian_log_server: "cmd/trillian_log_server",
      trillian_log_signer: "cmd/trillian_log_signer",
      createtree: "cmd/createtree",
    },
    files: ["storage/postgresql/schema/storage.sql"],
    linuxOnly: true,
  },
].map((module) => ({ own: [], files: [], linuxOnly: false, ...module }));

/**
 * The path of a program that `installGoPrograms` built.
 *
 * @returns null when this machine cannot have it: no Go, an older one than the programs need, or not Linux where the
 *   program is for Linux only; whoever asks must then name the skipped test.
 * @throws Error when this machine can have it and it is not there: a test must not be skipped for that.
 */
export function goProgram(name) {
  const module = moduleOf(name);
  const program = join(folderOf(module), name);
  if (existsSync(program)) return program;
  if (whyNot(module) !== null) return null;
  throw new Error(`${name} ${module.version} is not in .cache/peers; run: node e2e/peers/install.mjs`);
}

/**
 * A file from the source of the module that a program is built from.
 *
 * @returns null where `goProgram` would.
 */
export function goSourceFile(program, file) {
  const module = moduleOf(program);
  if (!module.files.includes(file)) throw new Error(`${file} is not among the files of ${module.module} that are kept`);
  return goProgram(program) === null ? null : join(folderOf(module), basename(file));
}

/** The pinned version of a program, to name it in a test's title. */
export function goProgramVersion(name) {
  return moduleOf(name).version;
}

/**
 * Builds what is missing, one module after the other: each build uses every core.
 *
 * @returns one line for each module, what was done or why it cannot be had here.
 * @throws Error with the compiler's words when a build fails.
 */
export function installGoPrograms() {
  return MODULES.map((module) => {
    const label = `${programsOf(module).join(", ")} ${module.version}`;
    if (existsSync(folderOf(module))) return `${label}: there`;
    const reason = whyNot(module);
    if (reason !== null) return `${label}: not here: ${reason}`;
    const began = Date.now();
    build(module);
    return `${label}: built in ${((Date.now() - began) / 1000).toFixed(0)} s`;
  });
}

function build(module) {
  // A folder under its final name is complete, also when another process builds it at the same time.
  const work = `${folderOf(module)}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "bin"), { recursive: true });
  for (const own of module.own) cpSync(ownSource(own), join(work, own), { recursive: true });
  // `go install` refuses modules with replace or exclude directives; requiring one from a module of our own does not.
  const needed = `require ${module.module} ${module.version}`;
  writeFileSync(join(work, "go.mod"), `module peers\n\ngo ${OLDEST_GO.join(".")}\n\n${needed}\n`);
  const go = (...args) => {
    const env = { GOFLAGS: "-mod=mod -buildvcs=false", CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOWORK: "off" };
    const options = { cwd: work, env: { ...process.env, ...env }, encoding: "utf8", timeout: BUILD_MS };
    const ended = spawnSync("go", args, options);
    if (ended.status === 0) return ended.stdout;
    const why = ended.error?.message ?? ended.stderr;
    throw new Error(`${module.module} ${module.version} could not be built:\n${why}`);
  };
  const mains = [
    ...Object.values(module.programs).map((path) => packageOf(module, path)),
    ...module.own.map((own) => `./${own}`),
  ];
  go("build", "-trimpath", "-ldflags=-s -w", "-o", "bin/", ...mains);
  for (const [name, path] of Object.entries(module.programs)) {
    renameSync(join(work, "bin", basename(packageOf(module, path))), join(work, "bin", name));
  }
  for (const file of module.files) {
    const source = go("list", "-m", "-f", "{{.Dir}}", module.module).trim();
    writeFileSync(join(work, "bin", basename(file)), readFileSync(join(source, file)));
  }
  rmSync(folderOf(module), { recursive: true, force: true });
  renameSync(join(work, "bin"), folderOf(module));
  rmSync(work, { recursive: true, force: true });
}

/** Named by the version, and by the bytes of our own source where there is some. */
function folderOf({ module, version, own }) {
  const name = `${module.replace(/\/v\d+$/, "").replace(/^.*\//, "")}-${version}`;
  if (own.length === 0) return join(cache, name);
  const hash = createHash("sha256");
  for (const program of own) hash.update(readFileSync(join(ownSource(program), "main.go")));
  return join(cache, `${name}-${hash.digest("hex").slice(0, 8)}`);
}

function packageOf({ module }, path) {
  return path === "" ? module : `${module}/${path}`;
}

function ownSource(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

function programsOf({ programs, own }) {
  return [...Object.keys(programs), ...own];
}

function moduleOf(name) {
  const found = MODULES.find((module) => programsOf(module).includes(name));
  if (found === undefined) {
    throw new Error(`no Go program "${name}", expected one of ${MODULES.flatMap(programsOf).join(", ")}`);
  }
  return found;
}

function whyNot({ linuxOnly }) {
  if (linuxOnly && process.platform !== "linux") return "for Linux only";
  return hasGo() ? null : `no Go ${OLDEST_GO.join(".")} or newer on this machine`;
}

function hasGo() {
  // `go version go1.26.8 linux/amd64`; a build of its own has `devel` in between.
  const { status, stdout } = spawnSync("go", ["version"], { encoding: "utf8" });
  const found = status === 0 ? /\bgo(\d+)\.(\d+)/.exec(stdout) : null;
  if (found === null) return false;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > OLDEST_GO[0] || (major === OLDEST_GO[0] && minor >= OLDEST_GO[1]);
}
