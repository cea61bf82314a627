import type { Adapter } from "@touchmark/plugin";
import { describe, expect, test } from "vitest";
import { locateFixture } from "./fixture-copy.ts";
import { explainBroken, type Law, type LawCase } from "./law.ts";
import { abort } from "./laws/abort.ts";
import { absence } from "./laws/absence.ts";
import { canary } from "./laws/canary.ts";
import { changedByte } from "./laws/changed-byte.ts";
import { digests } from "./laws/digests.ts";
import { keys } from "./laws/keys.ts";
import { order } from "./laws/order.ts";
import { removal } from "./laws/removal.ts";
import { truncation } from "./laws/truncation.ts";

/** What every adapter owes to those who rely on a release, in the order of their numbers. */
export const LAWS: readonly Law[] = [absence, order, digests, removal, truncation, keys, canary, abort, changedByte];

/** A law runs the adapter up to some hundred times. Unit: milliseconds. */
const TIMEOUT = 120_000;

/**
 * Registers the laws as vitest tests: one for each law and case.
 *
 * @param cases - at least one: laws over nothing hold for everything.
 */
export function adapterLaws(adapter: Adapter, cases: readonly LawCase[]): void {
  if (cases.length === 0) throw new Error(`the laws for ${adapter.name} need at least one case`);
  describe(`${adapter.name} keeps the laws`, () => {
    for (const [index, lawCase] of cases.entries()) {
      describe(nameOf(lawCase, index), () => {
        for (const law of LAWS) {
          test(`law ${law.number}: ${law.title}`, { timeout: TIMEOUT }, async (context) => {
            const result = await law.check(adapter, located(lawCase));
            if (result.status === "skipped") context.skip(result.reason);
            if (result.status === "broken") expect.fail(explainBroken(law, result));
          });
        }
      });
    }
  });
}

function nameOf({ name, fixture }: LawCase, index: number): string {
  if (name !== undefined) return name;
  return typeof fixture === "function" ? `case ${index + 1}` : (String(fixture).split("/").findLast(Boolean) ?? "");
}

function located(lawCase: LawCase): LawCase {
  const { fixture } = lawCase;
  if (typeof fixture !== "string") return lawCase;
  return { ...lawCase, fixture: locateFixture(fixture, expect.getState().testPath ?? "") };
}
