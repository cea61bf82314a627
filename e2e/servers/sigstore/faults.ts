/** What goes wrong, in the words of the test registry of @touchmark/testkit where both have it. */
export type SigstoreFault =
  /** Nobody listens: ECONNREFUSED. */
  | { readonly kind: "refuse" }
  /** This answer instead of the right one. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The right answer's status and headers, and these bytes. */
  | { readonly kind: "bytes"; readonly body: string }
  /** The right answer's headers, half of its body, and the end of the connection. */
  | { readonly kind: "half-body" }
  /** The connection ends before anything is answered and after nothing was done. */
  | { readonly kind: "hang-up" }
  /** All is done as asked, and the connection ends before the answer. */
  | { readonly kind: "lost-answer" }
  /** The right answer, so many milliseconds later. */
  | { readonly kind: "slow"; readonly ms: number }
  /** No answer, ever. */
  | { readonly kind: "silence" };

export interface FaultWindow {
  /** A part of `METHOD /path?query`; every request when absent. */
  readonly request?: string;
  /** Requests that go well before; 0 when absent. */
  readonly after?: number;
  /** How many are struck; all until mended when absent. */
  readonly times?: number;
}

interface Open extends FaultWindow {
  readonly fault: SigstoreFault;
  passed: number;
  struck: number;
}

/** The faults of one server, tried in the order in which they were added. */
export class OpenFaults {
  #open: Open[] = [];

  add(fault: SigstoreFault, window: FaultWindow): void {
    this.#open.push({ ...window, fault, passed: 0, struck: 0 });
  }

  clear(): void {
    this.#open = [];
  }

  /** True while nobody may listen. */
  get refusing(): boolean {
    return this.#open.some(({ fault }) => fault.kind === "refuse");
  }

  strike(request: string): SigstoreFault | null {
    for (const one of this.#open) {
      if (!request.includes(one.request ?? "") || one.struck >= (one.times ?? Number.POSITIVE_INFINITY)) continue;
      if (one.passed < (one.after ?? 0)) {
        one.passed += 1;
        continue;
      }
      one.struck += 1;
      return one.fault;
    }
    return null;
  }
}
