import { compilePolicy, policyDocument } from "@touchmark/policy";
import { type Artifact, type Evidence, examine, judge, NOTHING_DENIED } from "@touchmark/verify";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifact } from "../../../verify/test/judge-arbitraries.ts";
import { tarball } from "../../../verify/test/judge-cases.ts";
import { pieceOf, sha256, signed } from "../../../verify/test/signed-bundles.ts";
import {
  NOW,
  ours,
  policyFile,
  type Signing,
  TRUST,
  trusted,
  untrusted,
  VERIFIERS,
  type Way,
} from "../../test/policy-arbitraries.ts";
import { policyExpectations } from "./policy-expectations.ts";

function evidenceOf(signings: readonly Signing[], prefix: string, { denials }: Way): readonly Evidence[] {
  return signings.map(({ by, what }, index) =>
    examine(`${prefix}${index}`, pieceOf(signed(by, what)), {
      trust: TRUST,
      verifiers: VERIFIERS,
      denials,
      wholeStatements: true,
    }),
  );
}

async function verdicts(these: readonly Artifact[], by: readonly Evidence[], { file, denials, anyName }: Way) {
  const policy = await compilePolicy(policyDocument(file, { label: "p", digest: "00".repeat(32) }), { now: NOW });
  return (await judge(these, by, { anyName, denials, expectations: policyExpectations(policy) })).verdicts;
}

async function passes(...of: Parameters<typeof verdicts>): Promise<boolean[]> {
  return (await verdicts(...of)).map(({ status }) => status === "verified" || status === "exception");
}

const artifacts = fc.array(artifact, { minLength: 1, maxLength: 3 });
const RUNS = { numRuns: 300 };

describe("a policy, for any artifacts and evidence", { timeout: 300_000 }, () => {
  it("never lets pass what it refused, when evidence is taken away", async () => {
    let seen = 0;
    const cases = fc.tuple(fc.array(fc.tuple(trusted, fc.boolean()), { maxLength: 6 }), artifacts, policyFile);
    await fc.assert(
      fc.asyncProperty(cases, async ([signings, these, way]) => {
        const all = evidenceOf(
          signings.map(([one]) => one),
          "e",
          way,
        );
        const before = await passes(these, all, way);
        const after = await passes(
          these,
          all.filter((_one, index) => signings[index]?.[1]),
          way,
        );
        for (const [index, pass] of after.entries()) {
          if (pass) expect(before[index]).toBe(true);
          if (pass) seen += 1;
        }
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(3); // about 24: that the law was not held by nothing
  });

  it("gives the same whatever a stranger adds, and in any order", async () => {
    const cases = fc.tuple(
      fc.array(trusted, { maxLength: 5 }),
      fc.array(untrusted, { minLength: 1, maxLength: 3 }),
      artifacts,
      policyFile,
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([own, added, these, way]) => {
        const mine = evidenceOf(own, "m", way);
        const more = [...evidenceOf(added, "a", way), ...evidenceOf(added, "z", way)];
        const before = await passes(these, mine, way);
        expect(await passes(these, [...more, ...mine], way)).toEqual(before);
        const all = [...mine, ...more];
        const straight = await verdicts(these, all, way);
        const mixed = await verdicts([...these].reverse(), [...all].reverse(), way);
        expect([...mixed].reverse()).toEqual(straight);
      }),
      RUNS,
    );
  });

  it("knows what a package is called whether or not a statement says so", async () => {
    const way: Way = {
      anyName: false,
      denials: NOTHING_DENIED,
      file: {
        version: 1,
        artifacts: [{ match: "**", "any-source": true, when: 'artifact.names.all(n, !n.startsWith("pkg:npm/app"))' }],
      },
    };
    const subjects = (...names: string[]) => names.map((name) => ({ name, digest: { sha256: sha256("a") } }));
    const these = [tarball("pad-1.0.0.tgz", "a", "pkg:npm/app@1.0.0")];
    const both = evidenceOf(
      [subjects("pad-1.0.0.tgz"), subjects("pkg:npm/app@1.0.0")].map((subject) => ({ by: ours, what: { subject } })),
      "e",
      way,
    );
    expect(await passes(these, both, way)).toEqual([false]);
    expect(await passes(these, both.slice(0, 1), way)).toEqual([false]);
  });
});
