import { TouchmarkError } from "@touchmark/core";

/** What stands after `--from ADAPTER:`. */
export interface ArgumentSettings {
  /** Before the first setting; empty where there is none. */
  readonly path: string;
  /** In their order. */
  readonly settings: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Reads `PATH,key=value,…`. Only `,NAME=` with letters for a name ends the path, so that a comma may stand in one.
 *
 * @param adapter - as the user wrote it; for messages.
 * @param keys - that there are.
 * @param repeatable - those of them that may come more than once.
 * @throws TouchmarkError `USAGE` for a key that is none or comes twice, and for an empty value.
 */
export function argumentSettings(
  argument: string,
  adapter: string,
  keys: readonly string[],
  repeatable: readonly string[] = [],
): ArgumentSettings {
  const [path = "", ...rest] = argument.split(/,(?=[A-Za-z]+=)/);
  const seen = new Set<string>();
  const settings = rest.map((text) => {
    const equals = text.indexOf("=");
    const [key, value] = [text.slice(0, equals), text.slice(equals + 1)];
    if (!keys.includes(key)) throw unreadable(adapter, keys.map((one) => `,${one}=VALUE`).join(" "), key);
    if (value === "") throw unreadable(adapter, `${key}=VALUE`, "an empty value");
    if (seen.has(key) && !repeatable.includes(key)) throw unreadable(adapter, `one ${key}=`, "two of them");
    seen.add(key);
    return { key, value };
  });
  return { path, settings };
}

function unreadable(adapter: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", `--from ${adapter} has a setting that cannot be read`, {
    expected,
    actual: actual.slice(0, 200),
  });
}
