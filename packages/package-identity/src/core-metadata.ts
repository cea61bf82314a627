import { unreadable } from "./unreadable.ts";

/** Name and version of a Python package, as its own metadata say. */
export interface CoreMetadata {
  readonly name: string;
  readonly version: string;
}

/**
 * Reads METADATA of a wheel, or PKG-INFO of an sdist: header fields as in a mail, up to the first empty line. Only what a
 * reader of mail cannot take in two ways: a field that counts stands there once, and in one line.
 *
 * Source: https://packaging.python.org/en/latest/specifications/core-metadata/
 *
 * @throws TouchmarkError `PACKAGE_UNREADABLE`.
 */
export function readCoreMetadata(bytes: Uint8Array, file: string): CoreMetadata {
  const fields = { name: [] as string[], version: [] as string[] };
  let last = "";
  for (const line of textOf(bytes, file).split(/\r\n|\r|\n/)) {
    if (line === "") break;
    if (/^[ \t]/.test(line)) {
      if (last === "name" || last === "version") throw malformed(file, `${last} in several lines`);
      continue;
    }
    const [, field, value = ""] = /^([!-9;-~]+):(.*)$/.exec(line) ?? [];
    if (field === undefined) throw malformed(file, `the line ${JSON.stringify(line.slice(0, 80))}`);
    last = field.toLowerCase();
    if (last === "name" || last === "version") fields[last].push(value.trim());
  }
  return { name: only(fields.name, "Name", file), version: only(fields.version, "Version", file) };
}

function only([first, ...more]: readonly string[], field: string, file: string): string {
  if (first !== undefined && more.length === 0) return first;
  throw malformed(file, first === undefined ? `no ${field}` : `${field} ${more.length + 1} times`);
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed(file, "bytes that are not UTF-8");
  }
}

function malformed(file: string, actual: string) {
  return unreadable(`${file} of a Python package cannot be read`, "fields, with one Name and one Version", actual);
}
