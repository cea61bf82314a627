import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import type { RegistryCredentials } from "@touchmark/plugin";
import type { Env } from "./child-environment.ts";
import { type CommandEnding, runToEnd } from "./command-ending.ts";
import {
  type CredentialSource,
  credentialSource,
  parseDockerConfig,
  parseHelperOutput,
  saysNotFound,
} from "./docker-config.ts";
import { aborted, throwIfAborted } from "./file-error.ts";

/** A helper may have to ask a cloud. Unit: milliseconds. */
const HELPER_TIMEOUT = 30_000;

/** Tokens of cloud registries have some 10 KiB. Unit: bytes. */
const HELPER_MAX_OUTPUT = 256 * 1024;

/** A file with credentials, and what messages call it: paths of a user's home are nobody's business. */
interface ConfigFile {
  readonly path: string;
  readonly what: string;
}

/**
 * What the user's configuration knows for a registry: the file in `$DOCKER_CONFIG`, else in `~/.docker`; where there is
 * none, podman's in `$REGISTRY_AUTH_FILE`.
 *
 * @returns null where it knows nothing, or there is none.
 * @throws TouchmarkError `CREDENTIALS_UNREADABLE`; never with anything that a file or a helper said. `ABORTED`.
 */
export async function registryCredentials(
  registry: string,
  env: Env,
  signal: AbortSignal,
): Promise<RegistryCredentials | null> {
  throwIfAborted(signal);
  for (const file of configFiles(env)) {
    const bytes = readConfig(file);
    if (bytes === null) continue;
    const source = credentialSource(parseDockerConfig(bytes, file.what), registry, file.what);
    switch (source.kind) {
      case "none":
        return null;
      case "stored":
        return source.credentials;
      case "helper":
        return askHelper(source, dirname(file.path), env, signal);
    }
  }
  return null;
}

function configFiles(env: Env): readonly ConfigFile[] {
  const home = env["HOME"] || env["USERPROFILE"] || "";
  const docker = env["DOCKER_CONFIG"] || (home === "" ? "" : join(home, ".docker"));
  const podman = env["REGISTRY_AUTH_FILE"] || "";
  return [
    ...(docker === "" ? [] : [{ path: join(docker, "config.json"), what: "the docker configuration" }]),
    ...(podman === "" ? [] : [{ path: podman, what: "the file of REGISTRY_AUTH_FILE" }]),
  ];
}

/** Links are followed: a home may be made of them. */
function readConfig({ path, what }: ConfigFile): Uint8Array | null {
  let fd: number;
  try {
    // A FIFO in its place would wait for a writer; O_NONBLOCK does not.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "an error of the system";
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw unreadable(what, "a file that this user may read", code);
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw unreadable(what, "a regular file", "something else");
    return readAtMost(fd, MAX_SMALL_FILE_BYTES, what);
  } finally {
    closeSync(fd);
  }
}

function readAtMost(fd: number, max: number, what: string): Uint8Array {
  const buffer = Buffer.alloc(max + 1);
  let length = 0;
  while (length <= max) {
    const count = readSync(fd, buffer, length, buffer.length - length, null);
    if (count === 0) return new Uint8Array(buffer.subarray(0, length));
    length += count;
  }
  throw unreadable(what, `at most ${max} bytes`, "more");
}

/** https://github.com/docker/docker-credential-helpers#development */
async function askHelper(
  { command, server }: Extract<CredentialSource, { kind: "helper" }>,
  folder: string,
  env: Env,
  signal: AbortSignal,
): Promise<RegistryCredentials | null> {
  const ending = await runToEnd(command, ["get"], {
    // Not the workspace, where a command of that name might lie.
    cwd: folder,
    env: helperEnvironment(env),
    input: new TextEncoder().encode(server),
    timeoutMs: HELPER_TIMEOUT,
    maxOutput: HELPER_MAX_OUTPUT,
    signal,
  });
  if (ending.kind === "interrupted") throw aborted();
  if (ending.kind !== "ended") throw unreadable(command, "a short answer in time", ending.kind);
  if (ending.exitCode === 0) return parseHelperOutput(ending.stdout, `the answer of ${command}`);
  if (saysNotFound(ending.stdout)) return null;
  throw unreadable(command, "exit code 0", howItEnded(ending));
}

/** All that docker would give it: helpers of clouds live on variables. Ours are for nobody else. */
function helperEnvironment(env: Env): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].toUpperCase().startsWith("TOUCHMARK_"),
  );
  return Object.fromEntries(kept);
}

/** Without its words: they may hold what it knows. */
function howItEnded({ exitCode, signal, code }: Extract<CommandEnding, { kind: "ended" }>): string {
  if (exitCode !== undefined) return `exit code ${exitCode}`;
  if (signal !== undefined) return `signal ${signal}`;
  return code === "ENOENT" ? "it is not installed, or not on PATH" : `it did not start: ${code ?? "unknown"}`;
}

function unreadable(what: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("CREDENTIALS_UNREADABLE", `${what} gives no credentials`, { expected, actual });
}
