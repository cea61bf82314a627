import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { nearest, TouchmarkError } from "@touchmark/core";
import { type Adapter, defineAdapter } from "@touchmark/plugin";
import type { LazyAdapter } from "../builtins.ts";
import type { LoadedConfig } from "./load.ts";

/**
 * The adapters that are used: built-in ones, and those of other packages that the configuration names. Packages are
 * resolved from the configuration's folder; nothing is discovered.
 *
 * @param wanted - names, of flags and of the configuration. With one among them that nobody has, all adapters are loaded
 * and given, so that whoever looks it up can say which there are.
 * @param userCode - false in a process that holds a signing key: no adapter of another package is loaded.
 * @throws TouchmarkError `USER_CODE_REFUSED`, `ADAPTER_UNKNOWN`, `CONFIG_INVALID` for a name that is taken.
 */
export async function adaptersOf(
  builtins: readonly LazyAdapter[],
  loaded: LoadedConfig | null,
  userCode: boolean,
  wanted: readonly string[],
): Promise<readonly Adapter[]> {
  const added = await addedAdapters(builtins, loaded, userCode);
  const known = new Set([...builtins, ...added].map(({ name }) => name));
  const used = wanted.every((name) => known.has(name))
    ? builtins.filter(({ name }) => wanted.includes(name))
    : builtins;
  return [...(await loadAdapters(used)), ...added];
}

/** The adapter of that name; a near miss is named. */
export function adapterByName(name: string, adapters: readonly Adapter[]): Adapter {
  const adapter = adapters.find((one) => one.name === name);
  if (adapter !== undefined) return adapter;
  const names = adapters.map((one) => one.name);
  const guess = nearest(name, names);
  throw new TouchmarkError(
    "ADAPTER_UNKNOWN",
    `there is no adapter "${name}"${guess === null ? "" : `; did you mean ${guess}?`}`,
    {
      expected: names.join(", "),
      actual: name,
    },
  );
}

/** Loads all adapters of a list. */
export function loadAdapters(adapters: readonly LazyAdapter[]): Promise<readonly Adapter[]> {
  return Promise.all(adapters.map((adapter) => adapter.load()));
}

/** Every adapter that the configuration uses, by its name; none without a configuration. */
export function usedAdapters(loaded: LoadedConfig | null): readonly string[] {
  return Object.values(loaded?.config.artifacts ?? {}).map(({ use }) => use);
}

async function addedAdapters(
  builtins: readonly LazyAdapter[],
  loaded: LoadedConfig | null,
  userCode: boolean,
): Promise<readonly Adapter[]> {
  const named = Object.entries(loaded?.config.adapters ?? {});
  if (loaded === null || named.length === 0) return [];
  if (!userCode) {
    throw new TouchmarkError(
      "USER_CODE_REFUSED",
      `${loaded.path} names adapters of other packages, and this process holds a key`,
      {
        expected: "`touchmark collect` in one step, then `touchmark attest --subjects FILE` in another",
        actual: named.map(([name]) => name).join(", "),
      },
    );
  }
  const added: Adapter[] = [];
  for (const [name, packageName] of named) {
    if (builtins.some((adapter) => adapter.name === name)) {
      throw new TouchmarkError("CONFIG_INVALID", `adapters.${name} has the name of a built-in adapter`, {
        expected: "another name",
        actual: name,
      });
    }
    const value = Object.hasOwn(loaded.imported, name)
      ? loaded.imported[name]
      : await importAdapter(name, packageName, loaded.folder);
    added.push(checkAdapter(name, value));
  }
  return added;
}

async function importAdapter(name: string, packageName: string, folder: string): Promise<unknown> {
  try {
    const file = createRequire(path.join(folder, "touchmark.yaml")).resolve(packageName);
    const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
    return module[name] ?? Object.values(module).find((value) => looksLikeAdapter(value) && value.name === name);
  } catch (cause) {
    throw new TouchmarkError("ADAPTER_UNKNOWN", `the package ${packageName} of adapters.${name} cannot be loaded`, {
      expected: "a package that is installed beside the configuration",
      actual: (cause as NodeJS.ErrnoException).code ?? "an error while it was loaded",
      cause,
    });
  }
}

function checkAdapter(name: string, value: unknown): Adapter {
  if (!looksLikeAdapter(value) || value.name !== name) {
    throw new TouchmarkError("ADAPTER_UNKNOWN", `adapters.${name} is not an adapter of that name`, {
      expected: `an adapter made by defineAdapter with the name ${name}`,
      actual: looksLikeAdapter(value) ? value.name : typeof value,
    });
  }
  return defineAdapter(value);
}

function looksLikeAdapter(value: unknown): value is Adapter {
  return value !== null && typeof value === "object" && "name" in value && "collect" in value && "options" in value;
}
