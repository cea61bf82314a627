import { leastCpuMs } from "@touchmark/testkit";
import {
  type BundleJson,
  type BundleOptions,
  intermediateAuthority,
  type LogEntry,
  rootAuthority,
  type TestSigstore,
  testSigstore,
} from "@touchmark/testkit/sigstore";
import { expect } from "vitest";
import { outcome, sign } from "./certificate-cases.ts";

/** What is wrong, how the bundle is signed, by which authorities that the roots do not have, and what must come of it. */
export type Attack = readonly [what: string, options: BundleOptions, changed: Partial<TestSigstore>, outcome: string];

/** The version of Rekor that promises, and no other time. */
export const PROMISED = { entry: "dsse-0.0.1", timestamp: null } as const;

/** Somebody else's Sigstore, complete and sound, which nobody trusts. */
export const other = testSigstore();

/** The names of the trusted authorities, with other keys. */
export function impostor() {
  return intermediateAuthority("fulcio intermediate", rootAuthority("fulcio root"));
}

/** On the day of all signatures. */
export function at(time: string): Date {
  return new Date(`2026-01-15T${time}Z`);
}

/** What becomes of a sound bundle that is changed after it was signed. */
export function edited(options: BundleOptions, edit: (bundle: BundleJson, entry: LogEntry) => void): string {
  const bundle = structuredClone(sign(options));
  const [entry] = bundle.verificationMaterial.tlogEntries;
  if (entry === undefined) throw new Error("no entry");
  edit(bundle, entry);
  return outcome(bundle);
}

/** The result of something that an attacker must not be able to make slow. */
export async function quickly<Result>(what: () => Result): Promise<Result> {
  const results: Result[] = [];
  expect(await leastCpuMs(100, () => results.push(what()))).toBeLessThan(100);
  return results[0] as Result;
}
