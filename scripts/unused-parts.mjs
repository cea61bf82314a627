// Plugins for esbuild that leave out what dependencies bring along and nothing here uses: every start would load it.
import { readFileSync } from "node:fs";

const importerIn = (folder, importer) => importer.replaceAll("\\", "/").includes(`/node_modules/${folder}`);

/** zod brings its messages in 50 languages, half of what starts with every command; English is not among these. */
export const withoutLocales = {
  name: "without-locales",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer }) =>
      importerIn("zod/v4/", importer) ? { path: "none", namespace: "locales" } : null,
    );
    onLoad({ filter: /^none$/, namespace: "locales" }, () => ({ contents: "export {}", loader: "js" }));
  },
};

/** zod's schemas know how to write themselves as JSON Schema; a verifier writes none. Each name stays, and throws. */
export const withoutJsonSchemas = {
  name: "without-json-schemas",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/](?:json-schema-processors|to-json-schema)\.js$/ }, ({ path }) => {
      const declared = readFileSync(path, "utf8").matchAll(
        /^export (?:const|function) (\w+)|^export \{ \w+ as (\w+) \};/gm,
      );
      const names = Array.from(declared, ([, name, alias]) => `absent as ${name ?? alias}`);
      const absent = `function absent() { throw new TypeError("no JSON Schema is written here"); }`;
      return { contents: `${absent}\nexport { ${names.join(", ")} };`, loader: "js" };
    });
  },
};

/** commander loads what starts processes, for commands that are programs of their own; none here is. */
export const withoutSubprograms = {
  name: "without-subprograms",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importerIn("commander/", importer) ? { path: "none", namespace: "subprograms" } : null,
    );
    onLoad({ filter: /^none$/, namespace: "subprograms" }, () => ({ contents: "module.exports = {}", loader: "js" }));
  },
};

/** Of protobuf's code Sigstore's verifier uses the names of keys, and brings all that reads bundles and roots. */
export const withoutMessages = {
  name: "without-messages",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@sigstore\/protobuf-specs$/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === "whole" || !importerIn("@sigstore/verify/dist/trust/", importer)) return null;
      const { path: whole, errors } = await resolve(path, { importer, resolveDir, kind, pluginData: "whole" });
      return { path: whole.replace(/index\.js$/, "__generated__/sigstore_common.js"), errors };
    });
  },
};

/**
 * For a program that starts with zod/mini, of which esbuild takes what is used. Of a file that a chunk needs too, it takes what
 * either uses: so chunks with the whole of zod bring that in files of their own. Schemas of both can stand in each other.
 */
export const zodApart = {
  name: "zod-apart",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^(?:zod$|\.)/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (path === "zod" ? pluginData === "apart" : pluginData !== "apart") return null;
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: path === "zod" ? "apart" : "found" });
      return found.namespace === "file" ? { ...found, suffix: "?apart", pluginData: "apart" } : found;
    });
    onLoad({ filter: /[\\/]zod[\\/].*\.js$/ }, ({ path, suffix, pluginData }) =>
      suffix === "?apart" ? { contents: readFileSync(path, "utf8"), loader: "js", pluginData } : null,
    );
  },
};
