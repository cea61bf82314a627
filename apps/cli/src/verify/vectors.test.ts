import type { CheckReport } from "@touchmark/engine";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { decidesByFiles, readVectors, targetsOf } from "../../../../packages/engine/test/vectors.ts";
import { inCopy, runVector } from "../../test/run-vector.ts";

const vectors = (await readVectors()).filter(decidesByFiles);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What each artifact is refused with; that evidence was not used stands beside it, and is no reason by itself. */
function refusals({ artifacts }: CheckReport): readonly string[] {
  return [...new Set(artifacts.flatMap(({ findings }) => findings.map(({ code }) => code)))];
}

describe("what policies and trust files decide", () => {
  it.each(vectors.map((one) => [one.name, one] as const))("%s", async (_name, vector) => {
    for (const targets of targetsOf(vector)) {
      const outcome = await inCopy(vector, (folder) => runVector(vector, folder, [...targets]));
      if (vector.code === null) {
        expect(typeof outcome === "string" ? outcome : outcome.findings).toEqual([]);
        expect(outcome).toMatchObject({ result: "verified" });
      } else if (typeof outcome === "string") expect(outcome).toBe(vector.code);
      else {
        expect(outcome.result).toBe("failed");
        // What an exception does not let through any more is not covered.
        const all = refusals(outcome).filter((code) => code === vector.code || code !== "NOT_COVERED");
        expect(all).toEqual([vector.code]);
      }
    }
  });
});
