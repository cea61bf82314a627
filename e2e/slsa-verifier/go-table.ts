/** What a table of a Go test may say in one field. */
type GoValue =
  | string
  | boolean
  | readonly string[]
  | ReadonlyMap<string, string>
  /** `serrors.ErrorX` */
  | { readonly error: string };

export type GoRow = ReadonlyMap<string, GoValue>;

/**
 * Reads the table `tests := []struct {…}{…}` of one test function: its rows, and the texts that were named before it. A small
 * part of Go, read strictly: whatever it does not know is an error, so that no row and no field is lost in silence.
 * Source: https://go.dev/ref/spec#Composite_literals
 *
 * @throws Error with the place of what it does not know.
 */
export function readGoTable(source: string, testFunction: string): readonly GoRow[] {
  const start = source.indexOf(`func ${testFunction}(`);
  if (start === -1) throw new Error(`no function ${testFunction}`);
  const end = source.indexOf("\nfunc ", start + 1);
  const tokens = tokenized(source.slice(start, end === -1 ? undefined : end));
  const table = tokens.findIndex((_, at) => TABLE.every((text, index) => tokens[at + index]?.text === text));
  if (table === -1) throw new Error(`${testFunction} has no table`);
  const reader = new Reader(tokens, namedTexts(tokens.slice(0, table)), table + TABLE.length);
  const fields = reader.fields();
  const rows = reader.list(() => reader.row(fields));
  const names = tokens.filter(({ text }, at) => text === "name" && tokens[at + 1]?.text === ":").length;
  if (rows.length !== names)
    throw new Error(`${testFunction}: ${rows.length} rows were read, and ${names} have a name`);
  return rows;
}

const TABLE = ["tests", ":=", "[", "]", "struct", "{"];

interface Token {
  readonly kind: "word" | "text" | "sign" | "line";
  readonly text: string;
}

const TOKEN =
  /(?<space>[^\S\n]+|\/\/[^\n]*)|(?<line>\n)|(?<text>"(?:[^"\\\n]|\\.)*")|(?<raw>`[^`]*`)|(?<word>[A-Za-z_]\w*)|(?<sign>:=|[^\s\w"`'])|(?<number>\d+)/y;

function tokenized(source: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined) throw new Error(`not read: ${source.slice(at, at + 60)}`);
    const { line, text, raw, word, sign, number } = groups;
    if (line !== undefined) tokens.push({ kind: "line", text: line });
    else if (text !== undefined) tokens.push({ kind: "text", text: JSON.parse(text) });
    else if (raw !== undefined) tokens.push({ kind: "text", text: raw.slice(1, -1) });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else if (number !== undefined) tokens.push({ kind: "word", text: number });
  }
  return tokens;
}

/** `name := "text"` */
function namedTexts(tokens: readonly Token[]): ReadonlyMap<string, string> {
  return new Map(
    tokens.flatMap(({ kind, text }, at) => {
      const value = tokens[at + 2];
      return kind === "word" && tokens[at + 1]?.text === ":=" && value?.kind === "text" ? [[text, value.text]] : [];
    }),
  );
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #named: ReadonlyMap<string, string>;
  #at: number;

  constructor(tokens: readonly Token[], named: ReadonlyMap<string, string>, at: number) {
    this.#tokens = tokens;
    this.#named = named;
    this.#at = at;
  }

  /** The names of a struct's fields, one a line, up to its closing brace. */
  fields(): ReadonlySet<string> {
    const names = new Set<string>();
    for (let isNew = true; !this.#isNext("}"); ) {
      const { kind, text } = this.#take();
      if (isNew && kind === "word") names.add(text);
      isNew = kind === "line";
    }
    this.#expect("}");
    return names;
  }

  row(fields: ReadonlySet<string>): GoRow {
    const row = new Map<string, GoValue>();
    for (const [name, value] of this.list(() => this.#field())) {
      if (!fields.has(name)) throw new Error(`a row has a field ${name} that the table has not`);
      if (row.has(name)) throw new Error(`a row has the field ${name} twice`);
      row.set(name, value);
    }
    return row;
  }

  /** `{ item, item, }` */
  list<T>(item: () => T): readonly T[] {
    this.#expect("{");
    const items: T[] = [];
    while (!this.#isNext("}")) {
      items.push(item());
      if (!this.#isNext("}")) this.#expect(",");
    }
    this.#expect("}");
    return items;
  }

  #field(): readonly [string, GoValue] {
    const name = this.#take();
    if (name.kind !== "word") throw new Error(`not a field: ${name.text}`);
    this.#expect(":");
    return [name.text, this.#value()];
  }

  #value(): GoValue {
    let value = this.#term();
    while (this.#isNext("+")) {
      this.#expect("+");
      const more = this.#term();
      if (typeof value !== "string" || typeof more !== "string") throw new Error("+ between what are no texts");
      value += more;
    }
    return value;
  }

  #term(): GoValue {
    const { kind, text } = this.#take();
    if (kind === "text") return text;
    if (text === "[") {
      for (const sign of ["]", "string"]) this.#expect(sign);
      return this.list(() => this.#text());
    }
    if (text === "map") {
      for (const sign of ["[", "string", "]", "string"]) this.#expect(sign);
      return new Map(this.list(() => this.#pair()));
    }
    if (text === "true" || text === "false") return text === "true";
    if (text === "pString" || text === "pointerTo") {
      this.#expect("(");
      const value = this.#value();
      this.#expect(")");
      return value;
    }
    if (text === "serrors") {
      this.#expect(".");
      return { error: this.#take().text };
    }
    const named = this.#named.get(text);
    if (named !== undefined) return named;
    throw new Error(`not known: ${text}`);
  }

  #pair(): readonly [string, string] {
    const key = this.#text();
    this.#expect(":");
    return [key, this.#text()];
  }

  #text(): string {
    const value = this.#value();
    if (typeof value === "string") return value;
    throw new Error("expected a text");
  }

  #isNext(sign: string): boolean {
    const next = this.#tokens.slice(this.#at).find(({ kind }) => kind !== "line");
    return next !== undefined && next.kind !== "text" && next.text === sign;
  }

  /** Lines count only among the fields of a struct; elsewhere they are skipped. */
  #expect(sign: string): void {
    while (this.#tokens[this.#at]?.kind === "line") this.#at += 1;
    const token = this.#take();
    if (token.kind === "text" || token.text !== sign) throw new Error(`expected ${sign}, got ${token.text}`);
    while (this.#tokens[this.#at]?.kind === "line") this.#at += 1;
  }

  #take(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error("the table does not end");
    this.#at += 1;
    return token;
  }
}
