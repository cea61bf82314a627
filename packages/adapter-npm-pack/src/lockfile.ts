import {
  MAX_DESCRIPTORS,
  MAX_METADATA_BYTES,
  type ResourceDescriptor,
  stableText,
  TouchmarkError,
} from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { MAX_YAML_BYTES } from "./limits.ts";
import { parsePackageLock } from "./package-lock.ts";
import { hexDigest } from "./package-tarball.ts";
import { baseName, below } from "./path.ts";
import { parsePnpmLock } from "./pnpm-lock.ts";
import { parseYarnLock } from "./yarn-lock.ts";

/** What a lock file brings: its entries, and the file itself by its digest. */
export interface LockedDependencies {
  readonly dependencies: readonly ResourceDescriptor[];
  readonly byproducts: readonly ResourceDescriptor[];
}

/** What decides between several lock files of one folder. */
export interface LockfileChoice {
  /** The option: a path, or false for none. */
  readonly lockfile: string | false | undefined;
  /** `packageManager` of package.json. */
  readonly packageManager: string | null;
  /** The tool that packed, where that is known. */
  readonly tool: "npm" | "pnpm" | "yarn" | null;
}

interface Format {
  readonly fileName: string;
  readonly tool: "npm" | "pnpm" | "yarn";
  readonly maxBytes: number;
  readonly parse: (bytes: Uint8Array, what: string) => readonly ResourceDescriptor[];
}

/** npm reads npm-shrinkwrap.json before package-lock.json. */
const FORMATS: readonly Format[] = [
  { fileName: "npm-shrinkwrap.json", tool: "npm", maxBytes: MAX_METADATA_BYTES, parse: parsePackageLock },
  { fileName: "package-lock.json", tool: "npm", maxBytes: MAX_METADATA_BYTES, parse: parsePackageLock },
  { fileName: "pnpm-lock.yaml", tool: "pnpm", maxBytes: MAX_YAML_BYTES, parse: parsePnpmLock },
  { fileName: "yarn.lock", tool: "yarn", maxBytes: MAX_YAML_BYTES, parse: parseYarnLock },
];

/**
 * Reads the lock file of a folder: what it pins, installed or not.
 *
 * @throws TouchmarkError `INPUT_INVALID` when several tools have a lock file there and nothing says which one counts, or
 * when it cannot be read; `INPUT_MISSING` when the named one is not there; `LIMIT_EXCEEDED`.
 */
export async function readLockedDependencies(
  host: Host,
  folder: string,
  choice: LockfileChoice,
): Promise<LockedDependencies> {
  const found = await findLockfile(host, folder, choice);
  if (found === null) return { dependencies: [], byproducts: [] };
  const { path, format } = found;
  const bytes = await host.readBytes(path, { max: format.maxBytes });
  const dependencies = unique(format.parse(bytes, path));
  if (dependencies.length > MAX_DESCRIPTORS) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${path} pins too many dependencies`, {
      expected: `at most ${MAX_DESCRIPTORS}`,
      actual: String(dependencies.length),
    });
  }
  return { dependencies, byproducts: [{ name: format.fileName, digest: { sha256: hexDigest("sha256", bytes) } }] };
}

async function findLockfile(
  host: Host,
  folder: string,
  { lockfile, packageManager, tool }: LockfileChoice,
): Promise<{ readonly path: string; readonly format: Format } | null> {
  if (lockfile === false) return null;
  if (lockfile !== undefined) return { path: lockfile, format: formatOf(lockfile) };
  const present: Format[] = [];
  for (const format of FORMATS) {
    if (present.some((other) => other.tool === format.tool)) continue;
    if ((await host.kind(below(folder, format.fileName))) !== null) present.push(format);
  }
  const [only] = present;
  if (only === undefined) return null;
  const stated = packageManager?.split("@")[0] ?? tool;
  const chosen = present.length === 1 ? only : present.find((format) => format.tool === stated);
  if (chosen !== undefined) return { path: below(folder, chosen.fileName), format: chosen };
  throw new TouchmarkError("INPUT_INVALID", `${folder} has lock files of several tools`, {
    expected: "packageManager in package.json, or the option `lockfile`, to say which one counts",
    actual: present.map((format) => format.fileName).join(" and "),
  });
}

function formatOf(path: string): Format {
  const format = FORMATS.find(({ fileName }) => fileName === baseName(path));
  if (format !== undefined) return format;
  throw new TouchmarkError("CONFIG_INVALID", `${path} is not the name of a lock file that we know`, {
    expected: FORMATS.map(({ fileName }) => fileName).join(", "),
    actual: baseName(path),
  });
}

function unique(dependencies: readonly ResourceDescriptor[]): readonly ResourceDescriptor[] {
  return [...new Map(dependencies.map((dependency) => [stableText(dependency), dependency])).values()];
}
