import { escapeUnseen } from "./unseen-marks.ts";

/**
 * The text of one JSON document, in pieces: a report on a hundred thousand artifacts need not be one string.
 *
 * @returns chunks that together are `JSON.stringify(document, null, 2)`, with what nobody sees escaped: a terminal may show it.
 */
export function* jsonChunks(document: object): Generator<string> {
  const entries = Object.entries(document).filter(([, value]) => value !== undefined);
  yield entries.length === 0 ? "{}" : "{";
  for (const [index, [key, value]] of entries.entries()) {
    yield `${index === 0 ? "" : ","}\n  ${escapeUnseen(JSON.stringify(key))}: `;
    if (Array.isArray(value) && value.length > 0) yield* arrayChunks(value);
    else yield indented(value, "  ");
  }
  if (entries.length > 0) yield "\n}";
}

function* arrayChunks(items: readonly unknown[]): Generator<string> {
  let text = "[";
  for (const [index, item] of items.entries()) {
    text += `${index === 0 ? "" : ","}\n    ${indented(item, "    ")}`;
    if (text.length < CHUNK) continue;
    yield text;
    text = "";
  }
  yield `${text}\n  ]`;
}

/** A write a line would be slow, one of everything is large. Unit: characters. */
const CHUNK = 64 * 1024;

/** JSON.stringify escapes line ends in strings, so every line end in its text is one of the layout. */
function indented(value: unknown, indent: string): string {
  return escapeUnseen(JSON.stringify(value, null, 2) ?? "null").replaceAll("\n", `\n${indent}`);
}
