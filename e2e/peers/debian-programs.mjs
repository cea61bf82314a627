// Programs of Debian that the end-to-end tests run; `.ci/run` installs their packages where it may.
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The package that brings each program. */
const PACKAGES = {
  busybox: "busybox-static",
  initdb: "postgresql",
  nix: "nix-bin",
  postgres: "postgresql",
  psql: "postgresql",
  runc: "runc",
  strace: "strace",
};

/**
 * The path of a program, looked for on PATH and where Debian keeps those for root.
 *
 * @returns null when this machine cannot install it: not root, or no apt-get; whoever asks must then name the skipped test.
 * @throws Error when this machine can have it and it is not there: a test must not be skipped for that.
 */
export function debianProgram(name) {
  return onPath(name) ?? notHere(name, PACKAGES[name]);
}

/**
 * The library that shifts the clock of a program which loads it first.
 *
 * @returns null and throws as `debianProgram` does.
 */
export function fakeTimeLibrary() {
  const files = inFolder("/usr/lib").map((folder) => join(folder, "faketime", "libfaketime.so.1"));
  return files.find(existsSync) ?? notHere("libfaketime.so.1", "libfaketime");
}

function notHere(name, packageName) {
  if (process.getuid?.() !== 0 || onPath("apt-get") === null) return null;
  throw new Error(`${name} is not installed; run: apt-get install --no-install-recommends ${packageName}`);
}

/** @returns null when no folder of PATH, nor a system folder, has the program. */
export function onPath(name) {
  // Debian keeps every version of PostgreSQL in a folder of its own.
  const versions = inFolder("/usr/lib/postgresql").map((version) => join(version, "bin"));
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin", ...versions];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function inFolder(folder) {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
