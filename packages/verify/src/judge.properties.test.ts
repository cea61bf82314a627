import { BUNDLE_V03, type StatedSubject } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unexpected } from "../test/expectation-cases.ts";
import { artifact, statement } from "../test/judge-arbitraries.ts";
import { evidence } from "../test/judge-cases.ts";
import { pieceOf, testKey } from "../test/signed-bundles.ts";
import type { Artifact } from "./artifact.ts";
import type { Evidence } from "./evidence.ts";
import { examine } from "./examine.ts";
import type { Expectations } from "./expectation.ts";
import { imageNameOf } from "./image-name.ts";
import { type JudgeOptions, judge } from "./judge.ts";

const key = testKey();
const stranger = testKey();

type Subject = Pick<StatedSubject, "name" | "digest">;
type Make = (name: string) => Evidence;
const PROVENANCE = "https://slsa.dev/provenance/v1";
const provenance: fc.Arbitrary<Make> = statement(PROVENANCE).map((one) => (name) => evidence(name, key, key, one));

/** Whatever an attacker without the key can add. */
const untrusted: fc.Arbitrary<Make> = fc.oneof(
  statement(PROVENANCE).map(
    (one): Make =>
      (name) =>
        evidence(name, stranger, key, one),
  ),
  statement(PROVENANCE).map(
    (one): Make =>
      (name) =>
        evidence(name, key, key, { ...one, predicate: {} }),
  ),
  fc.record({ payload: fc.uint8Array(), signature: fc.uint8Array(), payloadType: fc.string() }).map(
    (one): Make =>
      (name) =>
        examine(
          name,
          pieceOf({
            ...one,
            mediaType: BUNDLE_V03,
            signer: { kind: "key", hint: key.trust.digest },
            tlogEntries: [],
            timestamps: [],
          }),
          { trust: [key.trust] },
        ),
  ),
);

/** With it, what the signer says that is no provenance. */
const harmless: fc.Arbitrary<Make> = fc.oneof(
  { weight: 3, arbitrary: untrusted },
  statement("https://spdx.dev/Document").map(
    (one): Make =>
      (name) =>
        evidence(name, key, key, one),
  ),
);

const named = (makes: readonly Make[], prefix: string) => makes.map((make, index) => make(`${prefix}${index}`));
const artifacts = fc.array(artifact, { minLength: 1, maxLength: 4 });
/** Refuses some statements, wants several or so many further ones, and excepts some artifacts. */
const expecting = (...furtherOnes: readonly number[]): fc.Arbitrary<Expectations> =>
  fc
    .record({
      namesPackages: fc.boolean(),
      refused: fc.constantFrom(null, null, "x/tool", "tool", "demo"),
      atLeast: fc.constantFrom(1, 1, 2),
      others: fc.constantFrom(...furtherOnes),
      excepted: fc.constantFrom(null, null, null, "other", "demo", "pkg:npm/pad@1.0.0"),
    })
    .map(({ namesPackages, refused, atLeast, others: wanted, excepted }) => ({
      namesPackages,
      of: (item, packageName) => ({
        exception: excepted !== null && [item.name, packageName].includes(excepted) ? unexpected("excepted") : null,
        statement: ({ subject }) => (subject.name === refused ? [unexpected("refused")] : []),
        whole: (satisfying, others) =>
          satisfying.length < atLeast || others.length < wanted ? [unexpected("too few")] : [],
      }),
    }));
const optionsWith = (expectations: fc.Arbitrary<Expectations>): fc.Arbitrary<JudgeOptions> =>
  fc.oneof(fc.record({ anyName: fc.boolean() }), fc.record({ anyName: fc.boolean(), expectations }));
const options = optionsWith(expecting(0, 0, 1));
const RUNS = { numRuns: 400 };
/** Every kind of artifact must have passed, else the property says nothing about it. */
const KINDS = ["digest", "file", "image", "tree"];

async function passes(these: readonly Artifact[], by: readonly Evidence[], how: JudgeOptions): Promise<boolean[]> {
  return (await judge(these, by, how)).verdicts.map(({ status }) => status === "verified" || status === "exception");
}

describe("judge, for any artifacts and evidence", { timeout: 30_000 }, () => {
  it("never turns a fail into a pass when evidence is taken away", async () => {
    const seen = new Set<Artifact["kind"]>();
    const subset = fc.tuple(
      fc.array(fc.tuple(fc.oneof(provenance, harmless), fc.boolean()), { maxLength: 5 }),
      artifacts,
      options,
    );
    await fc.assert(
      fc.asyncProperty(subset, async ([makes, these, how]) => {
        const all = named(
          makes.map(([make]) => make),
          "e",
        );
        const fewer = all.filter((_one, index) => makes[index]?.[1]);
        const before = await passes(these, all, how);
        const after = await passes(these, fewer, how);
        for (const [index, pass] of after.entries()) {
          if (pass) expect(before[index]).toBe(true);
          if (pass) seen.add(these[index]?.kind ?? "digest");
        }
      }),
      RUNS,
    );
    expect([...seen].sort()).toEqual(KINDS);
  });

  it.each([
    // What is expected may be in another statement by the signer: then adding it may turn a fail into a pass.
    ["untrusted or other", harmless, optionsWith(expecting(0))],
    ["untrusted", untrusted, options],
  ])(
    "never turns a pass into a fail when %s evidence is added, and never a fail into a pass",
    async (_what, added, how) => {
      const seen = new Set<Artifact["kind"]>();
      const more = fc.tuple(
        fc.array(fc.oneof({ weight: 3, arbitrary: provenance }, harmless), { maxLength: 4 }),
        fc.array(added, { minLength: 1, maxLength: 3 }),
        artifacts,
        how,
      );
      await fc.assert(
        fc.asyncProperty(more, async ([makes, additions, these, how]) => {
          const own = named(makes, "m");
          // Names before and after the others: neither place in the order may matter.
          const all = [...own, ...named(additions, "a"), ...named(additions, "z")];
          const before = await passes(these, own, how);
          expect(await passes(these, all, how)).toEqual(before);
          for (const [index, pass] of before.entries()) if (pass) seen.add(these[index]?.kind ?? "digest");
        }),
        RUNS,
      );
      expect([...seen].sort()).toEqual(KINDS);
    },
  );

  it("lets nothing hold under a name that a list claims unless a statement gives it to these bytes", async () => {
    let held = 0;
    const claims = fc.tuple(fc.array(statement(PROVENANCE), { minLength: 1, maxLength: 4 }), artifacts, options);
    await fc.assert(
      fc.asyncProperty(claims, async ([statements, these, how]) => {
        const all = statements.map((one, index) => evidence(`e${index}`, key, key, one));
        const subjects = statements.flatMap((one) => one.subject as readonly Subject[]);
        for (const [index, { status }] of (await judge(these, all, how)).verdicts.entries()) {
          const item = these[index];
          if (item?.kind !== "image" || item.isClaimed !== true || status !== "verified") continue;
          held += 1;
          const own = subjects.filter(({ digest }) => digest["sha256"] === item.digests["sha256"]);
          expect(own.some(({ name = "" }) => imageNameOf(name)?.repository === item.repository)).toBe(true);
        }
      }),
      RUNS,
    );
    expect(held).toBeGreaterThan(0);
  });

  it("gives the same answer whatever the order of evidence and artifacts", async () => {
    const orders = fc
      .tuple(fc.array(fc.oneof(provenance, harmless), { maxLength: 4 }), artifacts)
      .chain(([makes, these]) => {
        const all = named(makes, "e");
        const shuffled = (length: number) =>
          fc.shuffledSubarray([...Array(length).keys()], { minLength: length, maxLength: length });
        return fc.tuple(fc.constant(all), shuffled(all.length), fc.constant(these), shuffled(these.length), options);
      });
    await fc.assert(
      fc.asyncProperty(orders, async ([all, evidenceOrder, these, artifactOrder, how]) => {
        const straight = await judge(these, all, how);
        const mixed = await judge(pick(these, artifactOrder), pick(all, evidenceOrder), how);
        expect(mixed.verdicts).toEqual(pick(straight.verdicts, artifactOrder));
        expect(mixed.absent).toEqual(straight.absent);
      }),
      RUNS,
    );
  });
});

function pick<T>(items: readonly T[], order: readonly number[]): readonly T[] {
  return order.map((index) => items[index] as T);
}
