import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";

/**
 * Makes CommonJS of built ES modules, which esbuild cannot split itself. A program that starts as CommonJS, and loads what it
 * needs so, starts without Node's loader of ES modules, which takes as long as 70 KiB of code. A dynamic import of what is
 * among them becomes a `require` in a promise; any other stays.
 *
 * @param {string} folder - what was built, minified.
 * @param {string} banner - what each file begins with; CommonJS needs none.
 * @param {readonly string[]} names - the files, `.mjs`, each with all that it imports statically.
 * @param {readonly string[]} kept - of these, the ones that others need as they are, too.
 */
export function commonJs(folder, banner, names, kept) {
  const known = new Set(names);
  for (const name of names) {
    const text = readFileSync(join(folder, name), "utf8").replace(banner, "");
    const required = text.replaceAll(/\bimport\("\.\/([^"/]+)"\)/g, (asked, to) =>
      known.has(to) ? `Promise.resolve().then(()=>require("./${to}"))` : asked,
    );
    const { code } = transformSync(required, {
      format: "cjs",
      // "node" would list what each file exports for ES modules, of which none asks for these.
      platform: "neutral",
      target: "node20.19",
      minify: true,
      define: { "import.meta": "moduleMeta" },
    });
    // ES modules are strict by themselves: what is frozen must not be written to in silence.
    const meta = code.includes("moduleMeta") ? MODULE_META : "";
    const whole = code.replace(/^(#!.*\n)?/, `$1"use strict";${meta}`).replaceAll(REQUIRED, renamed);
    writeFileSync(join(folder, commonName(name)), whole);
    if (!kept.includes(name)) rmSync(join(folder, name));
  }

  function renamed(asked, name) {
    if (!known.has(name)) throw new Error(`an ES module would be required: ${name}`);
    return asked.replace(name, commonName(name));
  }
}

// Asked by whoever starts a thread, which most runs do not.
const MODULE_META = `const moduleMeta={get url(){return require("node:url").pathToFileURL(__filename).href}};`;
const REQUIRED = /\brequire\("\.\/([^"/]+\.mjs)"\)/g;

function commonName(name) {
  return name.replace(/\.mjs$/, ".cjs");
}
