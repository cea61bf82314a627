// A plugin for esbuild, for a program that starts often: it brings no more than it needs, and all that in one file. To find,
// read and link a further file takes a start as long as to read 10 KiB more.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * esbuild puts into one file what the same entries need, and each dynamic import is an entry. Whoever imports dynamically
 * runs already, so each such entry may as well import the program: then all that the program needs, every entry needs.
 *
 * A package's index counts as needing every file that it names. So names are imported from where they are defined.
 *
 * @param program - path of the module that starts. It must not await anything at its top level, or would wait for itself, and
 * must import nothing both dynamically and statically.
 */
export function leanProgram(program) {
  const lazy = new Set();
  const indexes = new Map();
  return {
    name: "lean-program",
    setup(build) {
      // Before anything is loaded: a file may be found by a static import first, and is loaded once.
      build.onStart(async () => {
        const { absWorkingDir = process.cwd(), entryPoints = [] } = build.initialOptions;
        const entries = Array.isArray(entryPoints) ? entryPoints : Object.values(entryPoints);
        const seen = new Set();
        const visit = async (file) => {
          if (seen.has(file) || !/\/src\/.*\.ts$/.test(file)) return;
          seen.add(file);
          for (const { kind, path } of importsIn(readFileSync(file, "utf8"))) {
            const options = { kind, importer: file, resolveDir: dirname(file), pluginData: RESOLVING };
            const { path: found, errors } = await build.resolve(path, options);
            if (errors.length > 0) continue; // esbuild says it again
            if (kind === "dynamic-import") lazy.add(found);
            await visit(found);
          }
        };
        for (const entry of entries) await visit(resolve(absWorkingDir, entry.in ?? entry));
      });
      build.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
        const resolveDir = dirname(path);
        const indexOf = async (name) => {
          const options = { kind: "import-statement", resolveDir, pluginData: RESOLVING };
          const { path: index } = await build.resolve(name, options);
          if (!indexes.has(index)) indexes.set(index, definitionsIn(index));
          return indexes.get(index);
        };
        const direct = await pastIndexes(readFileSync(path, "utf8"), indexOf);
        const after = lazy.has(path) ? `\nimport ${JSON.stringify(program)};\n` : "";
        return { contents: direct + after, loader: "ts", resolveDir };
      });
      build.onEnd(({ metafile }) => {
        const { absWorkingDir } = build.initialOptions;
        const both =
          metafile === undefined ? [] : neededBy(program, metafile, absWorkingDir).filter((path) => lazy.has(path));
        return { errors: both.map((path) => ({ text: `imported both dynamically and statically: ${path}` })) };
      });
    },
  };
}

/** Paths of what a module imports statically, and of what that imports, and so on. */
function neededBy(program, metafile, base) {
  const needed = new Set();
  const files = new Map(Object.entries(metafile.inputs).map(([path, { imports }]) => [resolve(base, path), imports]));
  const waiting = [program];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (needed.has(path)) continue;
    needed.add(path);
    const imports = files.get(path)?.filter(({ kind }) => kind === "import-statement") ?? [];
    waiting.push(...imports.map((one) => resolve(base, one.path)));
  }
  return [...needed];
}

/** Imports of our own files and packages, of types too. */
function importsIn(text) {
  return [...text.matchAll(/\b(?:from |(import)\()"((?:\.{1,2}\/|@touchmark\/)[^"]+)"/g)].map(([, dynamic, path]) => ({
    kind: dynamic === undefined ? "import-statement" : "dynamic-import",
    path,
  }));
}

const RESOLVING = "resolving";
const IMPORT = /^import \{([^}]*)\} from "(@touchmark\/[a-z-]+)";$/gm;

/** @returns for each name that an index lists, `{file, name}` of its definition. */
function definitionsIn(index) {
  const definitions = new Map();
  for (const [, names, file] of readFileSync(index, "utf8").matchAll(/^export \{([^}]*)\} from "(\.[^"]+)";$/gm)) {
    for (const { imported, local } of namesIn(names)) {
      definitions.set(local, { file: join(dirname(index), file), name: imported });
    }
  }
  return definitions;
}

async function pastIndexes(text, indexOf) {
  const found = [...text.matchAll(IMPORT)];
  const definitions = new Map(await Promise.all(found.map(async ([, , from]) => [from, await indexOf(from)])));
  return text.replaceAll(IMPORT, (statement, names, from) => {
    const imports = namesIn(names).map(({ imported, local }) => {
      const defined = definitions.get(from).get(imported);
      return defined && `import { ${defined.name} as ${local} } from ${JSON.stringify(defined.file)};`;
    });
    return imports.includes(undefined) ? statement : imports.join(" ");
  });
}

/** Of `a, type B, c as d`, the values. */
function namesIn(list) {
  return list
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "" && !one.startsWith("type "))
    .map((one) => one.split(" as "))
    .map(([imported, local = imported]) => ({ imported, local }));
}
