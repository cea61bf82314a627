import { type Code, decodeUtf8, TouchmarkError } from "@touchmark/core";

/** What a file of YAML, or of JSON, which is YAML, holds. */
export interface YamlText {
  readonly data: unknown;
  /** `:12` for the place of a key in the file, or of the section it is missing in; empty for a file of code. */
  readonly lineOf: (keys: readonly PropertyKey[]) => string;
  /** `:12:5`, the same with the column. */
  readonly placeOf: (keys: readonly PropertyKey[]) => string;
}

/**
 * Reads YAML 1.2 in UTF-8. A key that stands twice is an error, also by an alias or as a number, of which the last one would
 * count; so is a tag that nobody knows, which would be left out, and another version of YAML, in which `<<` and `yes` say more.
 *
 * @param shown - the file as the user named it.
 * @throws TouchmarkError with the code, for what is no YAML.
 */
export async function readYamlText(bytes: Uint8Array, shown: string, code: Code): Promise<YamlText> {
  const { LineCounter, parseDocument } = await import("./yaml.ts");
  const lines = new LineCounter();
  const text = decodeUtf8(bytes, shown);
  const document = attempt(shown, code, () =>
    parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true }),
  );
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw invalid(`${shown}:${lines.linePos(problem.pos[0]).line}`, code, problem);
  if (document.directives.yaml.version !== "1.2") throw invalid(shown, code, new Error("another version of YAML"));
  const placeOf = (keys: readonly PropertyKey[]) => {
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const parent = depth === 1 ? document.contents : document.getIn(keys.slice(0, depth - 1), true);
      const offset = keyOffset(parent, keys[depth - 1]);
      if (offset === null) continue;
      const { line, col } = lines.linePos(offset);
      return `:${line}:${col}`;
    }
    return "";
  };
  const lineOf = (keys: readonly PropertyKey[]) => placeOf(keys).replace(/:\d+$/, "");
  // Aliases may unfold without end, and brackets may nest without end.
  return { data: attempt(shown, code, () => document.toJS({ maxAliasCount: 100 })), lineOf, placeOf };
}

function attempt<T>(shown: string, code: Code, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw invalid(shown, code, cause as Error);
  }
}

function invalid(place: string, code: Code, cause: Error): TouchmarkError {
  return new TouchmarkError(code, `${place} is not valid YAML`, {
    expected: "YAML 1.2",
    actual: cause.message,
    cause,
  });
}

function keyOffset(parent: unknown, key: PropertyKey | undefined): number | null {
  if (parent === null || typeof parent !== "object" || !("items" in parent) || !Array.isArray(parent.items))
    return null;
  const node = typeof key === "number" ? parent.items[key] : parent.items.find((item) => item?.key?.value === key)?.key;
  return Array.isArray(node?.range) ? (node.range[0] as number) : null;
}
