/** What a request must look like for a fault to strike. */
export interface FaultMatch {
  readonly method?: string;
  /** Tried on path and query: `/v2/demo/blobs/uploads/?x=y`. */
  readonly path?: RegExp;
  /**
   * `registry` when absent; `blobs` is where blobs are redirected to, `tokens` its token service. `issuer` makes identity
   * tokens; the last four are those of a signature.
   */
  readonly server?: ServerName;
}

export type ServerName = "registry" | "blobs" | "tokens" | "issuer" | "fulcio" | "rekor1" | "rekor2" | "timestamps";

/** What goes wrong. */
export type FaultAnswer =
  /** This answer instead of the right one. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  /** The right answer, with these headers on top. */
  | { readonly kind: "headers"; readonly headers: Readonly<Record<string, string>> }
  /** The right answer's headers, and these bytes. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** The right answer's headers, half of its body, and the end of the connection. */
  | { readonly kind: "half-body" }
  /** The connection ends before anything is answered and after nothing was done. */
  | { readonly kind: "hang-up" }
  /** All is done as asked, and the connection ends before the answer. */
  | { readonly kind: "lost-answer" }
  /** This many bytes of an upload are kept, and the connection ends. */
  | { readonly kind: "broken-upload"; readonly kept: number }
  /** No answer, ever. */
  | { readonly kind: "silence" };

export interface Fault extends FaultMatch {
  /** Requests of this kind that go well before; 0 when absent. */
  readonly after?: number;
  /** How many are struck; 1 when absent. */
  readonly times?: number;
  readonly fault: FaultAnswer;
}

/** Strikes each fault as often as it says, in the order in which they were added. */
export class FaultList {
  readonly #open: { readonly fault: Fault; passed: number; struck: number }[] = [];

  add(fault: Fault): void {
    this.#open.push({ fault, passed: 0, struck: 0 });
  }

  strike(server: ServerName, method: string, path: string): FaultAnswer | null {
    for (const one of this.#open) {
      if (!matches(one.fault, server, method, path) || one.struck >= (one.fault.times ?? 1)) continue;
      if (one.passed < (one.fault.after ?? 0)) {
        one.passed += 1;
        continue;
      }
      one.struck += 1;
      return one.fault.fault;
    }
    return null;
  }
}

function matches(fault: FaultMatch, server: ServerName, method: string, path: string): boolean {
  return (
    (fault.server ?? "registry") === server &&
    (fault.method === undefined || fault.method === method) &&
    (fault.path === undefined || fault.path.test(path))
  );
}
