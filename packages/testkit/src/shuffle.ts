import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LawCase } from "./law.ts";

type Shuffle = NonNullable<LawCase["shuffle"]>;

/** A case's `shuffle` for a file of lines. */
export function shuffleLines(path: string): Shuffle {
  return async (folder, order) => {
    const text = await readFile(join(folder, path), "utf8");
    const lines = text.replace(/\n$/, "").split("\n");
    await writeFile(join(folder, path), `${order(lines).join("\n")}\n`);
  };
}

/** A case's `shuffle` for a JSON file that is an array, or an object with an array under `key`. */
export function shuffleArray(path: string, key: string | null = null): Shuffle {
  return async (folder, order) => {
    const json: unknown = JSON.parse(await readFile(join(folder, path), "utf8"));
    const shuffled =
      key === null ? order(json as unknown[]) : { ...(json as object), [key]: order(arrayOf(json, key)) };
    await writeFile(join(folder, path), JSON.stringify(shuffled));
  };
}

function arrayOf(json: unknown, key: string): readonly unknown[] {
  const array = (json as Readonly<Record<string, unknown>>)[key];
  if (!Array.isArray(array)) throw new Error(`the shuffled file has no array ${key}`);
  return array;
}
