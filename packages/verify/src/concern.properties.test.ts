import type { AcceptableAlgorithm } from "@touchmark/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { artifact, statement } from "../test/judge-arbitraries.ts";
import { pieceOf, sha256, signed, testKey } from "../test/signed-bundles.ts";
import { concernOf } from "./concern.ts";
import { denials } from "./deny/denials.ts";
import { denyList } from "./deny/deny-list.ts";
import { examine } from "./examine.ts";
import { judge } from "./judge.ts";

const [key, stranger] = [testKey(), testKey()];
const deny = denials([
  denyList(
    { version: 1, deny: [{ digest: `sha256:${sha256("a")}`, reason: "bad" }] },
    { label: "deny.json", digest: "0".repeat(64) },
  ),
]);

const line = fc.record({
  signer: fc.constantFrom(key, stranger),
  statement: fc.constantFrom("https://slsa.dev/provenance/v1", "https://spdx.dev/Document").chain(statement),
});
const looks = fc.boolean();

it("no verdict changes when what does not concern the artifacts is left out", { timeout: 60_000 }, async () => {
  const seen = { skipped: new Set<string>(), taken: new Set<string>() };
  const cases = fc.record({
    lines: fc.array(line, { maxLength: 5 }),
    artifacts: fc.array(fc.tuple(artifact, looks), { minLength: 1, maxLength: 3 }),
    anyName: fc.boolean(),
    denied: fc.boolean(),
    hashedWith: fc.constantFrom<readonly AcceptableAlgorithm[]>(["sha256", "sha512"], ["sha256", "sha512", "blake2b"]),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ lines, artifacts: made, anyName, denied, hashedWith }) => {
      const artifacts = made.map(([one, looksLikeEvidence]) =>
        one.kind === "file" ? { ...one, looksLikeEvidence } : one,
      );
      const options = { anyName, ...(denied ? { denials: deny } : {}) };
      const trust = { trust: [key.trust], ...options };
      const concern = concernOf(artifacts, hashedWith);
      const [all, some] = [[], []] as ReturnType<typeof examine>[][];
      for (const [at, one] of lines.entries()) {
        const piece = pieceOf(signed(one.signer, one.statement));
        if (piece.kind !== "statement") throw new TypeError("no statement");
        const evidence = examine(`e${at}`, piece, trust);
        const touches = await concern.touches(piece);
        all?.push(evidence);
        if (touches) some?.push(evidence);
        for (const { kind } of artifacts) seen[touches ? "taken" : "skipped"].add(`${kind} ${evidence.kind}`);
      }
      const [before, after] = [await judge(artifacts, all ?? [], options), await judge(artifacts, some ?? [], options)];
      expect(after.verdicts).toEqual(before.verdicts);
    }),
    { numRuns: 800 },
  );
  // Every kind of artifact must have been judged with lines of every kind left out, and with some that were not.
  const kinds = ["digest", "file", "image", "tree"].flatMap((kind) => [`${kind} refused`, `${kind} trusted`]);
  expect([...seen.skipped].sort()).toEqual(kinds);
  expect([...seen.taken].sort()).toEqual(kinds);
});
