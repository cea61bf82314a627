import { type Finding, finding } from "@touchmark/core";
import type { Covering, Expectation, Expectations } from "../src/expectation.ts";

/** The same for every artifact; where nothing else is said, everything is as expected. */
export function expecting(change: Partial<Expectation> & { readonly namesPackages?: boolean } = {}): Expectations {
  const { namesPackages = false, ...own } = change;
  const expectation: Expectation = { exception: null, statement: () => [], whole: () => [], ...own };
  return { namesPackages, of: () => expectation };
}

/** Stands for whatever a policy may say against a statement. */
export function unexpected(message: string): Finding {
  return finding("LEVEL_TOO_LOW", message, { expected: "more", actual: "less" });
}

export function nameOf({ evidence }: Covering): string {
  return evidence.name;
}
