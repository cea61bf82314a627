import { GITHUB_ISSUER, RELEASE_V02 } from "@touchmark/core";
import { withTestHost } from "@touchmark/testkit";
import type { Artifact, Evidence, ReleaseDemand, TrustedEvidence, Verdict } from "@touchmark/verify";
import { describe, expect, it } from "vitest";
import { evidence, file, subject } from "../../verify/test/judge-cases.ts";
import { testKey } from "../../verify/test/signed-bundles.ts";
import { MAX_LISTED_NAMES } from "./check-limits.ts";
import { checkRelease } from "./check-release.ts";
import type { Gathered } from "./gather-evidence.ts";

const key = testKey();
const ANY = { version: null };

/** A list of a release of `pkg:generic/widgets`. */
function listOf(contents: readonly string[], more: object = {}, name = "r.release.sigstore.json"): Evidence {
  const predicate = { purl: "pkg:generic/widgets@1.0.0", ...more };
  const statement = { subject: contents.map((one) => subject(one, one)), predicateType: RELEASE_V02, predicate };
  return evidence(name, key, key, statement);
}

interface Given {
  readonly artifacts?: readonly string[];
  readonly verdicts?: readonly Verdict[];
  readonly demand?: ReleaseDemand | null;
  readonly anyName?: boolean;
}

async function released(
  all: readonly Evidence[],
  { artifacts = [], verdicts = [], demand = ANY, anyName = false }: Given = {},
) {
  const files: readonly Artifact[] = artifacts.map((one) => file(one, one));
  const gathered = { evidence: all, beside: [] } as unknown as Gathered;
  const options = { anyName, verdicts, release: demand };
  return withTestHost(".", (host) => checkRelease(files, gathered, options, host));
}

describe("what a list of a release has to say", () => {
  it("is nothing where all of it is here", async () => {
    const outcome = await released([listOf(["a", "b"])], { artifacts: ["a", "b"] });
    expect(outcome).toMatchObject({ failures: [], findings: [] });
  });

  it("is each name that is missing, and how many more", async () => {
    const names = Array.from({ length: 120 }, (_, at) => `${at + 1_000}`);
    const { failures, report } = await released([listOf(names)]);
    expect(failures).toHaveLength((report.lists[0]?.absent.names.length ?? 0) + 1);
    expect(failures[0]).toEqual({
      code: "RELEASE_INCOMPLETE",
      message: "1000 belongs to pkg:generic/widgets 1.0.0 and is not here",
      expected: "1000, with the bytes that r.release.sigstore.json lists",
      actual: "nothing that matches",
    });
    const more = 120 - (failures.length - 1);
    expect(failures.at(-1)?.message).toBe(`${more} more of pkg:generic/widgets 1.0.0 are not here`);
  });

  it("is in the report, whoever demanded it", async () => {
    const extra = Array.from({ length: MAX_LISTED_NAMES + 1 }, (_, at) => `x${1_100 - at}`);
    const artifacts = ["a", ...extra];
    const list = { ...listOf(["a", "b"]), digest: "cd".repeat(32) };
    const { report } = await released([list], { artifacts, demand: { version: "1.0.0" } });
    expect(report).toEqual({
      required: true,
      version: "1.0.0",
      lists: [
        {
          bundle: "r.release.sigstore.json",
          digest: `sha256:${"cd".repeat(32)}`,
          signer: `key:sha256:${key.trust.digest}`,
          purl: "pkg:generic/widgets@1.0.0",
          series: "pkg:generic/widgets",
          version: "1.0.0",
          predecessor: null,
          subjects: 2,
          absent: { count: 1, names: ["b"] },
          unlisted: { count: extra.length, names: [...extra].sort().slice(0, MAX_LISTED_NAMES) },
        },
      ],
    });
    const unasked = await released([listOf(["a"])], { demand: null });
    expect(unasked).toMatchObject({
      failures: [],
      report: { required: false, version: null, lists: [{ digest: null }] },
    });
    const none = await released([], { demand: ANY });
    expect(none).toMatchObject({ failures: [{ code: "RELEASE_MISSING" }], report: { required: true, lists: [] } });
  });

  it("changes no verdict of what it lists, nor where nobody demands it or there is none", async () => {
    const verdict = { status: "verified", statements: [], findings: [] } as const;
    const one = file("a", "a");
    for (const [lists, demand] of [
      [[listOf(["a"])], ANY],
      [[listOf(["b"])], null],
      [[], ANY],
    ] as const) {
      expect((await released(lists, { artifacts: ["a"], demand })).against(one, verdict)).toBe(verdict);
    }
  });
});

describe("a list whose source trust leaves to a policy", () => {
  const WIDGETS = "https://github.com/octo/widgets";
  const CALLED = "https://github.com/octo/builder/.github/workflows/b.yml@refs/tags/v1";
  const left = (sourceRepository: string | null): Evidence => {
    const list = listOf(["a"]) as TrustedEvidence;
    const trust = {
      kind: "identity",
      identity: { exact: CALLED },
      issuer: GITHUB_ISSUER,
      sourceByPolicy: true,
      standing: null,
    };
    const signer = { kind: "identity", identity: CALLED, trust, claims: { sourceRepository } };
    const { statement, predicate } = list.verified;
    return { ...list, verified: { statement, predicate, signer } } as unknown as Evidence;
  };
  const verdict = (...sources: readonly (string | null)[]) =>
    ({ status: "verified", findings: [], statements: sources.map((source) => ({ source })) }) as unknown as Verdict;
  const failed = { status: "tampered", findings: [], statements: [] } as Verdict;

  it.each<[string, string | null, readonly Verdict[], boolean]>([
    ["of the repository that all was built from", WIDGETS, [verdict(WIDGETS), verdict(`${WIDGETS}.git`)], true],
    ["of one that all was built from too", WIDGETS, [verdict("https://github.com/octo/x", WIDGETS)], true],
    ["beside what does not hold", WIDGETS, [verdict(WIDGETS), failed], true],
    [
      "of another one than some was built from",
      WIDGETS,
      [verdict(WIDGETS), verdict("https://github.com/octo/x")],
      false,
    ],
    ["where nothing holds", WIDGETS, [failed], false],
    ["where nothing is", WIDGETS, [], false],
    ["where nobody says what it was built from", WIDGETS, [verdict(null)], false],
    ["of no repository", null, [verdict(null)], false],
  ])("%s", async (_what, own, verdicts, counts) => {
    const { failures, findings } = await released([left(own)], { artifacts: ["a"], verdicts });
    expect(failures.map(({ code }) => code)).toEqual(counts ? [] : ["RELEASE_MISSING"]);
    const strange = {
      code: "SOURCE_MISMATCH",
      expected: "the repository that all of them were built from, or trust that says whose list counts",
      actual: own,
    };
    expect(findings).toEqual(counts ? [] : [expect.objectContaining(strange)]);
  });
});
