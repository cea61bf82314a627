import { TouchmarkError } from "@touchmark/core";

/** The text of a .drv file. Everything is a byte string: an environment may hold bytes that are not UTF-8. */
export interface DerivationText {
  readonly outputs: readonly OutputText[];
  /** Paths of .drv files. */
  readonly inputDerivations: readonly string[];
  readonly inputSources: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
}

/** Which sort of output it is follows from which fields are empty. */
interface OutputText {
  readonly name: string;
  /** Empty where it is not known before the build. */
  readonly path: string;
  /** `sha256`, `r:sha256` …; empty for an input-addressed output. */
  readonly hashAlgorithm: string;
  /** Hex; empty where it is not fixed, `impure` where it never is. */
  readonly hash: string;
}

/**
 * Reads `Derive(…)`, the fragment of ATerm that Nix writes: https://nix.dev/manual/nix/latest/protocols/derivation-aterm
 * One spelling for each derivation: no white space, five escapes and no others, keys once.
 *
 * @param text - a byte string of bounded length.
 * @throws TouchmarkError `INPUT_INVALID` for anything else, dynamic derivations (`DrvWithVersion`) among it.
 */
export function parseDerivation(text: string, what: string): DerivationText {
  let at = 0;
  if (text.startsWith("DrvWithVersion("))
    fail("a derivation of a known kind", "a dynamic derivation, which is experimental");
  take("Derive(");
  const outputs = list(() => {
    take("(");
    const [name, path, hashAlgorithm, hash] = [string(), next(), next(), next()];
    take(")");
    return { name, path, hashAlgorithm, hash };
  });
  take(",");
  const inputDerivations = list(() => {
    take("(");
    const path = string();
    take(",");
    list(string);
    take(")");
    return path;
  });
  take(",");
  const inputSources = list(string);
  next(); // the platform
  next(); // the builder
  take(",");
  list(string);
  take(",");
  const environment = list(() => {
    take("(");
    const [key, value] = [string(), next()] as const;
    take(")");
    return [key, value] as const;
  });
  take(")");
  if (at !== text.length) fail("an end", JSON.stringify(text.slice(at, at + 20)));
  for (const keys of [outputs.map(({ name }) => name), inputDerivations, environment.map(([key]) => key)]) {
    if (new Set(keys).size !== keys.length) fail("each key once", "one that stands there twice");
  }
  if (outputs.length === 0) fail("at least one output", "none");
  return { outputs, inputDerivations, inputSources, environment: new Map(environment) };

  function list<T>(item: () => T): readonly T[] {
    take("[");
    const items: T[] = [];
    if (text[at] !== "]") items.push(item());
    while (text[at] === ",") {
      at += 1;
      items.push(item());
    }
    take("]");
    return items;
  }

  function next(): string {
    take(",");
    return string();
  }

  function string(): string {
    take('"');
    const start = at;
    for (;;) {
      const end = text.indexOf('"', at);
      if (end === -1) fail("the end of a string", "the end of the file");
      at = end + 1;
      if (precedingBackslashes(end) % 2 === 0) return withoutEscapes(text.slice(start, end));
    }
  }

  function precedingBackslashes(end: number): number {
    let count = 0;
    while (text[end - 1 - count] === "\\") count += 1;
    return count;
  }

  function withoutEscapes(written: string): string {
    if (/[\n\r\t]/.test(written)) fail("an escaped line end or tab", "a bare one");
    if (!written.includes("\\")) return written;
    return written.replaceAll(/\\(.)/g, (_escape, character: string) => {
      return ESCAPES[character] ?? fail('one of \\" \\\\ \\n \\r \\t', JSON.stringify(`\\${character}`));
    });
  }

  function take(token: string): void {
    if (!text.startsWith(token, at)) fail(JSON.stringify(token), JSON.stringify(text.slice(at, at + 20)));
    at += token.length;
  }

  function fail(expected: string, actual: string): never {
    throw new TouchmarkError("INPUT_INVALID", `${what} is not a derivation that we can read`, {
      expected,
      actual: `${actual}, at byte ${at}`,
    });
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", n: "\n", r: "\r", t: "\t" };
