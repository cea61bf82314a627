import { CHARACTERS_PER_STEP, MAX_CONDITION_STEPS, MAX_CONDITION_TEXT } from "../limits.ts";

/** Counts what an evaluation reads. Once it is used up it stays so, whatever the expression makes of the error. */
export class Meter {
  #left = MAX_CONDITION_STEPS;

  get isUsedUp(): boolean {
    return this.#left < 0;
  }

  /** @throws RangeError when all is used up. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.isUsedUp) throw new RangeError("the expression reads too much of the statement");
  }

  /** A text so long that every use of it takes time is not read at all. */
  spendText(length: number): void {
    this.spend(length > MAX_CONDITION_TEXT ? Infinity : length / CHARACTERS_PER_STEP);
  }
}

/**
 * The same JSON, of which whatever is read is counted: each value, each key of what is walked through, and texts by their
 * length. A list that a stranger made long is thereby paid for each time that an expression goes through it.
 */
export function metered(json: unknown, meter: Meter): unknown {
  const known = new WeakMap<object, object>();
  const wrap = (value: unknown): unknown => {
    if (typeof value === "string") meter.spendText(value.length);
    if (value === null || typeof value !== "object") return value;
    const wrapped = known.get(value) ?? new Proxy(value, handler);
    known.set(value, wrapped);
    return wrapped;
  };
  const handler: ProxyHandler<object> = {
    get(target, key) {
      // The library tells lists and maps apart by it; a key of that name in the evidence must not decide.
      if (key === "constructor") return Array.isArray(target) ? Array : Object;
      const value: unknown = Reflect.get(target, key);
      if (typeof value === "function") return value;
      meter.spend(1);
      return wrap(value);
    },
    has: (target, key) => Object.hasOwn(target, key),
    ownKeys(target) {
      const keys = Reflect.ownKeys(target);
      meter.spend(keys.length);
      return keys;
    },
  };
  return wrap(json);
}
