import { MAX_CPU_MS, type Parser, type Reading } from "./parser.ts";

/** What became of one parser's inputs. */
export class Tally {
  readonly parser: Parser;
  /** The first; null while there is none. */
  defect: string | null = null;
  #inputs = 0;
  #worstMs = 0;
  readonly #outcomes = new Map<string, number>();

  constructor(parser: Parser) {
    this.parser = parser;
  }

  get inputs(): number {
    return this.#inputs;
  }

  add({ code, cpuMs }: Reading): void {
    const outcome = code ?? "accepted";
    this.#inputs += 1;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    if (cpuMs > this.#worstMs) this.#worstMs = cpuMs;
  }

  /** For people. */
  get line(): string {
    const outcomes = [...this.#outcomes].sort().map(([outcome, count]) => `${outcome} ${count}`);
    const worst = `${this.#worstMs.toFixed(1)} of ${MAX_CPU_MS} ms`;
    const counted = `${this.parser.name.padEnd(27)} ${String(this.#inputs).padStart(7)}  worst ${worst.padStart(15)}`;
    return `${counted}  ${outcomes.join(", ")}`;
  }
}
