import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
  const stubs = new Map();
  for (const [name, text] of texts) {
    const stub = readStub(text.replace(banner, "").trim());
    if (stub?.alone.every((one) => neededBy(stub.from, texts).has(one))) stubs.set(name, stub);
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

/** A file and all that it imports statically. */
function neededBy(name, texts, known = new Set()) {
  if (known.has(name)) return known;
  known.add(name);
  for (const [, imported] of texts.get(name)?.matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g) ?? []) {
    neededBy(imported, texts, known);
  }
  return known;
}
