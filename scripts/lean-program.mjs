// A plugin for esbuild, for a program that starts often: it brings no more than it needs, and all that in one file. To find,
// read and link a further file takes a start as long as to read 10 KiB more.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * esbuild puts into one file what the same entries need, and each dynamic import is an entry. Whoever imports dynamically
 * runs already, so each such entry may as well import the program: then all that the program needs, every entry needs.
 * Likewise, whoever needs a part of what most runs load next may as well load the whole of it.
 *
 * A package's index counts as needing every file that it names. So names are imported from where they are defined.
 *
 * @param {string} program - path of the module that starts. It must not await anything at its top level, or would wait for itself, and
 * must import nothing both dynamically and statically.
 * @param {string | null} [next] - path of the module that most runs import dynamically; null where there is none.
 */
export function leanProgram(program, next = null) {
  const files = new Map();
  const lazy = new Set();
  const indexes = new Map();
  const withNext = new Set();
  return {
    name: "lean-program",
    setup(build) {
      const resolved = async (path, kind, resolveDir, importer) =>
        build.resolve(path, { kind, resolveDir, ...(importer && { importer }), pluginData: RESOLVING });
      const indexOf = async (name, resolveDir) => {
        const { path: index } = await resolved(name, "import-statement", resolveDir);
        if (!indexes.has(index)) indexes.set(index, definitionsIn(index));
        return indexes.get(index);
      };
      // Before anything is loaded: a file may be found by a static import first, and is loaded once.
      build.onStart(async () => {
        const { absWorkingDir = process.cwd(), entryPoints = [] } = build.initialOptions;
        const entries = Array.isArray(entryPoints) ? entryPoints : Object.values(entryPoints);
        const visit = async (file) => {
          if (files.has(file) || !OWN.test(file)) return;
          const needed = [];
          files.set(file, needed);
          const resolveDir = dirname(file);
          const text = await pastIndexes(readFileSync(file, "utf8"), (name) => indexOf(name, resolveDir));
          for (const { kind, path } of importsIn(text)) {
            const { path: found, errors } = await resolved(path, kind, resolveDir, file);
            if (errors.length > 0) continue; // esbuild says it again
            if (kind === "dynamic-import") lazy.add(found);
            else needed.push(found);
            await visit(found);
          }
        };
        for (const entry of entries) await visit(resolve(absWorkingDir, entry.in ?? entry));
        if (next === null) return;
        const first = new Set(neededBy(program, files));
        const then = new Set(neededBy(next, files).filter((file) => !first.has(file)));
        for (const file of lazy) {
          if (file !== next && neededBy(file, files).some((one) => then.has(one))) withNext.add(file);
        }
      });
      // Its package says that it has no side effects, and it is imported for the effect of being in a file.
      build.onResolve({ filter: /^\// }, ({ path }) => (path === next ? { path, sideEffects: true } : null));
      build.onLoad({ filter: OWN }, async ({ path }) => {
        const resolveDir = dirname(path);
        const direct = await pastIndexes(readFileSync(path, "utf8"), (name) => indexOf(name, resolveDir));
        const beside = [...(lazy.has(path) ? [program] : []), ...(withNext.has(path) ? [next] : [])];
        const after = beside.map((one) => `\nimport ${JSON.stringify(one)};\n`).join("");
        return { contents: withBuiltins(direct) + after, loader: path.endsWith(".ts") ? "ts" : "js", resolveDir };
      });
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return {};
        const { absWorkingDir } = build.initialOptions;
        const needed = neededBy(program, importsOf(metafile, absWorkingDir)).filter((path) => lazy.has(path));
        return { errors: needed.map((path) => ({ text: `imported both dynamically and statically: ${path}` })) };
      });
    },
  };
}

/** Files of ours. */
const OWN = /\/src\/.*\.(?:ts|mjs)$/;

/** For each file that was built, what it imports statically. */
function importsOf(metafile, base) {
  const statically = ({ kind }) => kind === "import-statement";
  const entries = Object.entries(metafile.inputs).map(([path, { imports }]) => [
    resolve(base, path),
    imports.filter(statically).map((one) => resolve(base, one.path)),
  ]);
  return new Map(entries);
}

/** Paths of a module and what it imports statically, and of what that imports, and so on. */
export function neededBy(module, files) {
  const needed = new Set();
  const waiting = [module];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (needed.has(path)) continue;
    needed.add(path);
    waiting.push(...(files.get(path) ?? []));
  }
  return [...needed];
}

/** Imports of our own files and packages, but of types alone. */
function importsIn(text) {
  const values = text.replaceAll(/^(?:import|export) type [^;]*;$/gm, "");
  return [...values.matchAll(/\b(?:from |(?<!typeof |{)(import)\()"((?:\.{0,2}\/|@touchmark\/)[^"]+)"/g)].map(
    ([, dynamic, path]) => ({
      kind: dynamic === undefined ? "import-statement" : "dynamic-import",
      path,
    }),
  );
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

const BUILTIN = /^import (?:(\w+)|\{([^}]*)\}) from ("node:[a-z/_]+");$/gm;

/**
 * Asks Node for its own modules at once. An import of one has it find, wrap and link a module, which takes a start a fifth of a
 * millisecond each.
 */
function withBuiltins(text) {
  return text.replaceAll(BUILTIN, (_, whole, names, from) => {
    const parts =
      whole ??
      `{ ${namesIn(names)
        .map(({ imported, local }) => `${imported}: ${local}`)
        .join(", ")} }`;
    return `const ${parts} = process.getBuiltinModule(${from});`;
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
