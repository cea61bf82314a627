import { createHash } from "node:crypto";
import { posix } from "node:path";
import { type Code, compareText, type DigestSet, decodeUtf8, TouchmarkError } from "@touchmark/core";
import type { HashAlgorithm, Host, HostFile } from "@touchmark/plugin";

/** Path → bytes, in slashes, relative to a workspace that is not on any disk. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What git answers, by its arguments joined with spaces; anything else fails as git does outside of a repository. */
export type GitAnswers = Readonly<Record<string, string>>;

/** A host over a map, for tests that read thousands of slightly different dist folders. */
export function memoryHost(files: Files, git: GitAnswers = {}, signal = new AbortController().signal): Host {
  const key = (path: string) => posix.normalize(path).replace(/\/$/, "");
  const isFolder = (path: string) => path === "." || [...files.keys()].some((name) => name.startsWith(`${path}/`));
  const bytesAt = (path: string): Uint8Array => {
    const bytes = files.get(key(path));
    if (bytes !== undefined) return bytes;
    if (isFolder(key(path))) throw problem("FILE_REFUSED", `${path} is a folder`);
    throw problem("INPUT_MISSING", `${path} is missing`);
  };
  const fileAt = (path: string): HostFile => ({
    path: key(path),
    name: posix.basename(path),
    size: bytesAt(path).byteLength,
  });
  const alive = () => {
    if (signal.aborted) throw problem("ABORTED", "interrupted");
  };
  return {
    signal,
    userCode: false,
    kind: async (path) => {
      alive();
      return files.has(key(path)) ? "file" : isFolder(key(path)) ? "folder" : null;
    },
    file: async (path) => {
      alive();
      return fileAt(path);
    },
    glob: async (pattern) => {
      alive();
      const matcher = new RegExp(
        `^${key(pattern)
          .split(/(\*\*\/?|\*|\?)/)
          .map(toRegExp)
          .join("")}$`,
      );
      return [...files.keys()]
        .filter((path) => matcher.test(path))
        .sort(compareText)
        .map(fileAt);
    },
    list: unused("list folders"),
    realPath: unused("follow links"),
    openRead: () => {
      throw problem("INTERNAL", "the adapter has no need to stream files");
    },
    digestTree: unused("digest trees"),
    readStdin: unused("read standard input"),
    fetch: unused("use the network"),
    fetchStream: unused("use the network"),
    credentials: unused("log in anywhere"),
    wait: unused("wait"),
    elapsed: () => {
      throw problem("INTERNAL", "the adapter has no need of a clock");
    },
    readBytes: async (path, { max }) => {
      alive();
      const bytes = bytesAt(path);
      if (bytes.byteLength > max) throw problem("INPUT_TOO_LARGE", `${path} is too large`);
      return bytes;
    },
    readText: async (path) => decodeUtf8(bytesAt(path), path),
    digest: async (wanted, algorithms = ["sha256"]) => {
      alive();
      return wanted.map(({ path }) => digestsOf(bytesAt(path), algorithms));
    },
    run: async (command, args) => {
      alive();
      const answer = git[args.slice(2).join(" ")];
      if (command !== "git" || answer === undefined) throw problem("RUN_FAILED", `${command} failed`);
      return { stdout: new TextEncoder().encode(`${answer}\n`), stderr: new Uint8Array() };
    },
  };
}

function unused(what: string): () => Promise<never> {
  return async () => {
    throw problem("INTERNAL", `the adapter has no need to ${what}`);
  };
}

function toRegExp(part: string): string {
  if (part === "**/") return "(?:.*/)?";
  if (part === "**") return ".*";
  if (part === "*") return "[^/]*";
  return part === "?" ? "[^/]" : part.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
}

function problem(code: Code, message: string): TouchmarkError {
  return new TouchmarkError(code, message);
}

const OPENSSL_NAMES: Partial<Record<HashAlgorithm, string>> = { blake2b: "blake2b512", blake2s: "blake2s256" };

function digestsOf(bytes: Uint8Array, algorithms: readonly HashAlgorithm[]): DigestSet {
  return Object.fromEntries(algorithms.map((algorithm) => [algorithm, hexOf(bytes, algorithm)]));
}

/** Hex of a digest, by in-toto's name of the algorithm. */
export function hexOf(bytes: Uint8Array, algorithm: HashAlgorithm): string {
  const name = OPENSSL_NAMES[algorithm] ?? algorithm.replace("sha3_", "sha3-");
  return createHash(name).update(bytes).digest("hex");
}
