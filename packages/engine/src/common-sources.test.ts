import { comparableRepository, sameRepository } from "@touchmark/core";
import { STATUSES } from "@touchmark/verify";
import fc from "fast-check";
import { expect, it } from "vitest";
import { commonSources } from "./common-sources.ts";

const verified = (...sources: readonly (string | null)[]) =>
  ({ status: "verified", statements: sources.map((source) => ({ source })) }) as const;

it("are what every artifact that holds has a statement of, however it is written", () => {
  const one = verified("https://github.com/octo/a", "https://github.com/octo/b");
  const other = verified(null, "git@GitHub.com:octo/b.git");
  const excepted = { status: "exception", statements: [] } as const;
  expect([...commonSources([one, excepted, other])]).toEqual(["github.com/octo/b"]);
  expect([...commonSources([one, other, verified(null)])]).toEqual([]);
  expect([...commonSources([excepted])]).toEqual([]);
});

it("are the same as asking every artifact for each repository", () => {
  const source = fc.constantFrom(
    null,
    "https://github.com/octo/a",
    "git@github.com:octo/a.git",
    "https://github.com/octo/b",
    "https://github.com/Octo/b",
    "https://gitlab.com/octo/a",
  );
  const statements = fc.array(fc.record({ source }), { maxLength: 3 });
  const verdicts = fc.array(
    fc.record({ status: fc.constantFrom(...STATUSES, ...Array(6).fill("verified")), statements }),
    {
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(verdicts, source, (all, asked) => {
      const holding = all.filter(({ status }) => status === "verified");
      const isOfAll =
        holding.length > 0 && holding.every((one) => one.statements.some((own) => sameRepository(own.source, asked)));
      expect(asked !== null && commonSources(all).has(comparableRepository(asked))).toBe(isOfAll);
    }),
    { numRuns: 2_000 },
  );
});
