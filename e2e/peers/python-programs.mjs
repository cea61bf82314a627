// Other projects' programs that are written in Python, each in a virtual environment in .cache/peers; what is there stays.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../../.cache/peers", import.meta.url));

/** What they ask for. */
const OLDEST_PYTHON = [3, 10];
const INSTALL_MS = 10 * 60 * 1000;

/** The pinned versions, those of what they need included, stand in `requirements`; Python runs `args`, and what a test adds. */
const PROGRAMS = [
  // A library: our own scripts in e2e/servers use it.
  { name: "python-tuf", version: "7.0.1", args: [], requirements: "python-tuf.txt" },
  // A library too: PyPI's own form of attestations, which signs with sigstore-python.
  { name: "pypi-attestations", version: "0.0.30", args: [], requirements: "pypi-attestations.txt" },
  { name: "sigstore-python", version: "4.5.1", args: ["-m", "sigstore"], requirements: "sigstore-python.txt" },
];

/**
 * The command that runs a program which `installPythonPrograms` brought. It has no path of this checkout in it but the
 * one to Python, so that the folder may be copied.
 *
 * @returns null when this machine cannot have it: no Python, an older one, or one without venv; whoever asks must then
 *   name the skipped test.
 * @throws Error when this machine can have it and it is not there: a test must not be skipped for that.
 */
export function pythonProgram(name) {
  const program = programOf(name);
  const python = pythonOf(program);
  if (existsSync(python)) return [python, ...program.args];
  if (whyNot() !== null) return null;
  throw new Error(`${name} ${program.version} is not in .cache/peers; run: node e2e/peers/install.mjs`);
}

/** The pinned version of a program, to name it in a test's title. */
export function pythonProgramVersion(name) {
  return programOf(name).version;
}

/**
 * Brings what is missing.
 *
 * @returns one line for each program, what was done or why it cannot be had here.
 * @throws Error with pip's words when it fails.
 */
export function installPythonPrograms() {
  return PROGRAMS.map((program) => {
    const label = `${program.name} ${program.version}`;
    // Also false where the Python that it was made with is gone.
    if (existsSync(pythonOf(program))) return `${label}: there`;
    const reason = whyNot();
    if (reason !== null) return `${label}: not here: ${reason}`;
    const began = Date.now();
    install(program);
    return `${label}: installed in ${((Date.now() - began) / 1000).toFixed(0)} s`;
  });
}

function install(program) {
  // A folder under its final name is complete, also when another process makes it at the same time.
  const work = `${folderOf(program)}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  run("python3", ["-m", "venv", work]);
  const requirements = fileURLToPath(new URL(program.requirements, import.meta.url));
  // Wheels only: nothing of theirs runs at install.
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
  run(join(work, "bin", "python"), [...pip, "--requirement", requirements]);
  rmSync(folderOf(program), { recursive: true, force: true });
  renameSync(work, folderOf(program));
}

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: INSTALL_MS });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${error?.message ?? stderr}`);
}

function pythonOf(program) {
  return join(folderOf(program), "bin", "python");
}

function folderOf({ name, version }) {
  return join(cache, `${name}-${version}`);
}

function programOf(name) {
  const found = PROGRAMS.find((program) => program.name === name);
  if (found !== undefined) return found;
  throw new Error(`no Python program "${name}", expected one of ${PROGRAMS.map((program) => program.name).join(", ")}`);
}

function whyNot() {
  const script = `import ensurepip, sys, venv; sys.exit(sys.version_info < (${OLDEST_PYTHON.join(", ")}))`;
  if (process.platform !== "win32" && spawnSync("python3", ["-c", script]).status === 0) return null;
  return `no Python ${OLDEST_PYTHON.join(".")} or newer with venv on this machine`;
}
