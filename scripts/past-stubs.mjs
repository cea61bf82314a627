import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { neededBy } from "./lean-program.mjs";

/**
 * esbuild makes a file for each module that is imported dynamically. Where others need its code too, that file only names what
 * is in another one, and finding, reading and linking it takes a start as long as 10 KiB more. Whoever asks for such a file
 * asks for the other one here, and a file that nobody asks for any more goes.
 *
 * @param {string} folder - what was built, minified, with every file in it.
 * @param {string} banner - what each file begins with.
 * @param {readonly string[]} kept - names of files that others start with.
 */
export function pastStubs(folder, banner, kept) {
  const texts = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith(".mjs"))
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
  const imports = importsOf(texts);
  const stubs = new Map();
  for (const [name, text] of texts) {
    const stub = readStub(text.replace(banner, "").trim());
    if (stub === null) continue;
    const needed = neededBy(stub.from, imports);
    if (stub.alone.every((one) => needed.includes(one))) stubs.set(name, stub);
  }
  const written = new Map();
  for (const [name, text] of texts) {
    const past = text.replaceAll(/\bimport\("\.\/([^"/]+)"\)/g, (asked, to) => {
      const stub = stubs.get(to);
      if (stub === undefined) return asked;
      const names = stub.names.map(([outside, inside]) => `${outside}:m.${inside}`);
      return `import("./${stub.from}").then(m=>({${names.join(",")}}))`;
    });
    if (past !== text) written.set(name, past);
  }
  for (const [name, text] of written) {
    texts.set(name, text);
    writeFileSync(join(folder, name), text);
  }
  const everything = [...texts.values()].join("\n");
  for (const name of stubs.keys()) {
    if (!kept.includes(name) && !everything.includes(`"./${name}"`)) rmSync(join(folder, name));
  }
}

/** @returns what a file without code of its own names, `[outside, in the other file]` each; null for any other file. */
function readStub(text) {
  const found = /^import\{([^}]*)\}from"\.\/([^"/]+)";((?:import"\.\/[^"/]+";)*)export\{([^}]*)\};$/.exec(text);
  if (found === null) return null;
  const [, imported = "", from = "", alone = "", exported = ""] = found;
  const inside = new Map(pairs(imported).map(([there, here]) => [here, there]));
  const names = pairs(exported).map(([here, outside]) => [outside, inside.get(here)]);
  return { from, names, alone: Array.from(alone.matchAll(/"\.\/([^"]+)"/g), ([, name]) => name) };
}

/** Of `a as b,c`, `[["a", "b"], ["c", "c"]]`. */
function pairs(list) {
  return list.split(",").map((one) => {
    const [first = "", second = first] = one.split(" as ");
    return [first, second];
  });
}

/** For each file, what it imports statically. */
function importsOf(texts) {
  const imports = (text) => Array.from(text.matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g), ([, imported]) => imported);
  return new Map(Array.from(texts, ([name, text]) => [name, imports(text)]));
}
