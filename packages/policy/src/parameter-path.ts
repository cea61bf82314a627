/**
 * Reads where a parameter stands: names with dots between them, `inputs.release_tag`; a name that has a dot or a quote in
 * it stands in double quotes, `inputs."release.tag"`, as in JSON.
 *
 * @returns null for what is no such path.
 */
export function readParameterPath(text: string): readonly string[] | null {
  const names: string[] = [];
  let rest = text;
  while (true) {
    const [piece = ""] = /^(?:"(?:[^"\\]|\\.)*"|[^."\\]+)/.exec(rest) ?? [];
    if (piece === "") return null;
    const name = piece.startsWith('"') ? unquoted(piece) : piece;
    if (name === null) return null;
    names.push(name);
    rest = rest.slice(piece.length);
    if (rest === "") return names;
    if (!rest.startsWith(".")) return null;
    rest = rest.slice(1);
  }
}

/** The same path for people. */
export function shownPath(names: readonly string[]): string {
  return names.map((name) => (/^[^."\\]+$/.test(name) ? name : JSON.stringify(name))).join(".");
}

function unquoted(text: string): string | null {
  try {
    return JSON.parse(text) as string;
  } catch {
    return null;
  }
}
