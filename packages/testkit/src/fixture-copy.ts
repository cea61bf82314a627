import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { LawCase } from "./law.ts";

/** A copy of a fixture that a law may spoil. */
export interface FixtureCopy {
  /** Absolute. */
  readonly folder: string;
  /** Paths of its files, relative, with forward slashes. */
  readonly files: readonly string[];
  /** Hex SHA-256 of content → the files that have it. */
  readonly byContent: ReadonlyMap<string, readonly string[]>;
}

/** In every temporary folder's name: law 7 looks for it in what comes out. */
export const CANARY = "canarylawseven";

/**
 * Copies a case's fixture into a temporary folder, gives it away and removes it after.
 *
 * @param order - in which files are made, and so what an unsorted directory listing may show.
 */
export async function withFixture<T>(
  lawCase: Pick<LawCase, "fixture">,
  use: (copy: FixtureCopy) => Promise<T>,
  order: "forward" | "backward" = "forward",
): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    if (typeof lawCase.fixture === "function") await lawCase.fixture(folder);
    else await copyTree(folderOf(lawCase.fixture), folder, order);
    return use(await look(folder));
  });
}

/** An empty folder with the canary in its name. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `${CANARY}-`)));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The absolute folder of a fixture that was given relative to a test file's folder or one above it.
 *
 * @throws Error when there is none.
 */
export function locateFixture(fixture: string, testFile: string): string {
  for (let folder = dirname(testFile); ; folder = dirname(folder)) {
    if (existsSync(join(folder, fixture))) return join(folder, fixture);
    if (folder === dirname(folder)) break;
  }
  throw new Error(`fixture ${fixture} is neither beside ${testFile} nor above it; put the tool's real output there`);
}

function folderOf(fixture: string | URL): string {
  return typeof fixture === "string" ? resolve(fixture) : fileURLToPath(fixture);
}

async function copyTree(from: string, to: string, order: "forward" | "backward"): Promise<void> {
  const paths = await entriesBelow(from);
  for (const path of order === "forward" ? paths : paths.toReversed()) {
    const [source, target] = [join(from, path), join(to, path)];
    await mkdir(dirname(target), { recursive: true });
    if ((await lstat(source)).isSymbolicLink()) await symlink(await readlink(source), target);
    else await copyFile(source, target);
  }
}

/** Everything but folders, sorted. */
async function entriesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

async function look(folder: string): Promise<FixtureCopy> {
  const files: string[] = [];
  const byContent = new Map<string, string[]>();
  for (const path of await entriesBelow(folder)) {
    if (!(await lstat(join(folder, path))).isFile()) continue;
    files.push(path);
    const sha256 = createHash("sha256")
      .update(await readFile(join(folder, path)))
      .digest("hex");
    byContent.set(sha256, [...(byContent.get(sha256) ?? []), path]);
  }
  return { folder, files, byContent };
}
