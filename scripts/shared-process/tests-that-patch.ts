import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What `vi` replaces for whoever comes after in the same process: modules, methods of others' objects, clock, variables. */
const PATCH = /\bvi\s*\.\s*(mock|doMock|hoisted|spyOn|mockObject|resetModules|use\w*Timers|setSystemTime|stub\w+)\b/;

/**
 * Test files that need a process of their own.
 *
 * @param root - the repository, absolute.
 * @returns their paths relative to it, sorted.
 */
export function testsThatPatch(root: string): string[] {
  const sources = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}/src`),
  );
  return [...sources, "scripts", "fuzz"]
    .flatMap((folder) => testsIn(root, folder))
    .filter((path) => PATCH.test(readFileSync(join(root, path), "utf8")))
    .sort();
}

function testsIn(root: string, folder: string): readonly string[] {
  try {
    const paths = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    return paths.filter((path) => path.endsWith(".test.ts")).map((path) => `${folder}/${path.replaceAll("\\", "/")}`);
  } catch (error) {
    // A folder that holds data only has no sources.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
