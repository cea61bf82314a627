import { parseBundle } from "@touchmark/core";
import { githubRun, newTestKey, publicPem } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesOf,
  githubPredicate,
  IDENTITY,
  outcome,
  roots,
  SUBJECT,
  sign,
  trusting,
} from "../test/certificate-cases.ts";
import { signed, statementBytes, testKey } from "../test/signed-bundles.ts";
import { authenticate } from "./authenticate.ts";
import { checkStanding, type Signed, type Standing, standing } from "./standing.ts";
import { bestFirst, levelOf, standingOf } from "./standing-of.ts";
import { type Trust, trustedKey } from "./trust.ts";
import type { IdentityOptions } from "./trust-identity.ts";

/** What signs in these tests signs at noon of this day. */
const DAY = "2026-01-15";
const LOCAL = "https://touchmark.dev/builders/local";

const of = (changed: Partial<Standing> = {}): Standing =>
  standing({
    entry: "e",
    place: "trust.yaml:3",
    maxLevel: 2,
    operator: null,
    builders: "same-as-signer",
    window: { from: null, until: null },
    ...changed,
  });
const entry = (changed: Partial<Standing> = {}, options: Partial<IdentityOptions> = {}) =>
  trusting({ ...options, standing: of(changed) });

describe("an entry is worth something for a builder only", () => {
  const other = "https://github.com/octo/widgets/.github/workflows/other.yml@refs/tags/v1.2.3";
  // A build type of which nothing is compared, so that only the entry refuses it.
  const naming = (id: string) =>
    sign(
      {},
      {},
      statementBytes({
        subject: [SUBJECT],
        predicate: {
          buildDefinition: { buildType: "https://example.com/t", externalParameters: {} },
          runDetails: { builder: { id } },
        },
      }),
    );

  it("the signer itself", () => {
    expect(outcome(sign(), entry())).toBe("verified");
    expect(outcome(naming("https://example.com/b"), trusting())).toBe("verified");
    expect(outcome(naming("https://example.com/b"), entry())).toBe("BUILDER_MISMATCH");
  });

  it("or one of those that it names", () => {
    const builders = ["https://example.com/b", "https://example.com/x.yml"];
    expect(outcome(naming("https://example.com/b"), entry({ builders }))).toBe("verified");
    expect(outcome(naming("https://example.com/x.yml@refs/tags/v1"), entry({ builders }))).toBe("verified");
    expect(outcome(naming("https://example.com/x.yml@refs/heads/v1"), entry({ builders }))).toBe("BUILDER_MISMATCH");
    expect(outcome(naming("https://example.com/bb"), entry({ builders }))).toBe("BUILDER_MISMATCH");
    expect(outcome(sign(), entry({ builders: [other] }))).toBe("BUILDER_MISMATCH");
  });

  it("and a statement that is no provenance names none", () => {
    const sbom = statementBytes({ subject: [SUBJECT], predicateType: "https://spdx.dev/Document", predicate: {} });
    expect(outcome(sign({}, {}, sbom), entry({ builders: ["https://example.com/b"] }))).toBe("verified");
  });
});

describe("a window", () => {
  it.each([
    [`${DAY}T12:00:00Z`, null, "verified"],
    [null, `${DAY}T12:00:00Z`, "verified"],
    [`${DAY}T12:00:00.001Z`, null, "TIME_MISMATCH"],
    [null, `${DAY}T11:59:59.999Z`, "TIME_MISMATCH"],
    ["2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "verified"],
  ])("from %s until %s: %s", (from, until, expected) => {
    const window = { from: from === null ? null : new Date(from), until: until === null ? null : new Date(until) };
    expect(outcome(sign(), entry({ window }))).toBe(expected);
  });

  it("holds for every proven time", () => {
    const bundle = sign({
      entry: "hashedrekord-0.0.1",
      entryOptions: { time: new Date(`${DAY}T12:00:05Z`) },
    });
    const until = (text: string) => entry({ window: { from: null, until: new Date(text) } });
    expect(outcome(bundle, until(`${DAY}T12:00:05Z`))).toBe("verified");
    expect(outcome(bundle, until(`${DAY}T12:00:04Z`))).toBe("TIME_MISMATCH");
  });
});

describe("a key", () => {
  const key = newTestKey();
  const pem = new TextEncoder().encode(publicPem(key));
  const payload = statementBytes({ subject: [SUBJECT] });
  const logged = (options: object = {}) => sign({ key, keyHint: "k", ...options }, {}, payload);
  const trusted = (changed: Partial<Standing>, more: object = {}) =>
    trustedKey(pem, "k.pub", {
      standing: of({ builders: [LOCAL], ...changed }),
      source: null,
      builderIds: [],
      roots: null,
      ...more,
    });
  const judged = (bundle: unknown, ...trust: readonly Trust[]) => {
    const result = authenticate(parseBundle(bytesOf(bundle)), trust);
    return result.kind === "verified" ? "verified" : result.findings[0]?.code;
  };
  const window = { from: new Date("2026-01-01"), until: new Date("2026-02-01") };

  it("is worth something for a builder only", () => {
    expect(judged(logged(), trusted({}))).toBe("verified");
    expect(judged(logged(), trusted({ builders: ["https://example.com/b"] }))).toBe("BUILDER_MISMATCH");
    expect(judged(logged(), trusted({}, { builderIds: ["https://example.com/b"] }))).toBe("BUILDER_MISMATCH");
  });

  it("and for a source, where one is named", () => {
    expect(judged(logged(), trusted({}, { source: "octo/widgets" }))).toBe("verified");
    expect(judged(logged(), trusted({}, { source: "octo/widget" }))).toBe("SOURCE_MISMATCH");
    expect(judged(logged(), trusted({}, { source: "octo/widgets@refs/tags/v1" }))).toBe("SOURCE_MISMATCH");
  });

  it("with a window needs a proven time", () => {
    const bare = logged({ entry: null, timestamp: null });
    expect(judged(bare, trusted({}))).toBe("verified");
    expect(judged(bare, trusted({ window }, { roots }))).toBe("TIME_UNPROVEN");
    expect(judged(logged(), trusted({ window }))).toBe("TIME_UNPROVEN");
    expect(judged(logged(), trusted({ window }, { roots }))).toBe("verified");
    expect(judged(logged({ entry: null }), trusted({ window }, { roots }))).toBe("verified");
    // An entry of the second log proves no time by itself.
    expect(judged(logged({ timestamp: null }), trusted({ window }, { roots }))).toBe("TIMESTAMP_INVALID");
  });

  it("with a window is believed inside of it only", () => {
    const past = { from: null, until: new Date("2026-01-15T11:59:59Z") };
    expect(judged(logged(), trusted({ window: past }, { roots }))).toBe("TIME_MISMATCH");
  });

  it("may be trusted once more, for another builder", () => {
    const others = [trusted({ builders: ["https://example.com/b"], maxLevel: 3 }), trusted({})];
    for (const trust of [others, others.toReversed()]) expect(judged(logged(), ...trust)).toBe("verified");
  });
});

describe("a level", () => {
  const levelBy = (...trust: readonly Trust[]) => {
    const result = authenticate(parseBundle(bytesOf(sign())), trust);
    return result.kind === "verified" ? levelOf(standingOf(result.verified.signer)) : "refused";
  };

  it("is what the entry gives, and 1 by flags alone", () => {
    expect(levelBy(trusting())).toBe(1);
    for (const maxLevel of [0, 1, 2, 3]) expect(levelBy(entry({ maxLevel }))).toBe(maxLevel);
  });

  it("is the best of those that hold, in any order", () => {
    const all = [trusting(), entry({ maxLevel: 2 }), entry({ maxLevel: 3, builders: ["https://example.com/b"] })];
    for (const trust of [all, all.toReversed()]) expect(levelBy(...trust)).toBe(2);
  });

  it("is asked of those first who give most, and of entries before flags", () => {
    const all = [null, of({ maxLevel: 1 }), of({ maxLevel: 0 }), of({ maxLevel: 3 })];
    for (const some of [all, all.toReversed()]) {
      const ordered = bestFirst(some.map((standing) => ({ standing }) as Trust));
      expect(ordered.map(({ standing }) => standing?.maxLevel ?? null)).toEqual([3, 1, null, 0]);
    }
  });

  it("is never what a document says", () => {
    const predicate = { ...githubPredicate(), slsaBuildLevel: 3, verifiedLevels: ["SLSA_BUILD_LEVEL_3"] };
    const bundle = sign({}, {}, statementBytes({ subject: [SUBJECT], predicate }));
    const result = authenticate(parseBundle(bytesOf(bundle)), [entry({ maxLevel: 1 })]);
    expect(result).toMatchObject({ kind: "verified", verified: { signer: { trust: { standing: { maxLevel: 1 } } } } });
  });
});

describe("what would believe more than it says cannot be made", () => {
  it.each<[string, () => unknown]>([
    ["a level above 3", () => of({ maxLevel: 4 })],
    ["a level below 0", () => of({ maxLevel: -1 })],
    ["half a level", () => of({ maxLevel: 1.5 })],
    ["no builder", () => of({ builders: [] })],
    ["a builder that is no URI", () => of({ builders: ["local"] })],
    ["a window that ends before it begins", () => of({ window: { from: new Date(2), until: new Date(1) } })],
    ["an identity without a builder", () => entry({ builders: null })],
    [
      "a key without a builder",
      () =>
        trustedKey(testKey().pem, "k", { standing: of({ builders: null }), source: null, builderIds: [], roots: null }),
    ],
    [
      "a key that is its own builder",
      () => trustedKey(testKey().pem, "k", { standing: of(), source: null, builderIds: [], roots: null }),
    ],
  ])("%s", (_what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

it("a window may be one moment", () => {
  const window = { from: new Date(1), until: new Date(1) };
  expect(of({ window }).window).toEqual(window);
});

describe("what is refused is shown beside what is trusted", () => {
  const refusal = (changed: Partial<Standing>, signed: Partial<Signed>) => {
    const provenance = { builderId: "https://example.com/c" } as Signed["provenance"];
    try {
      checkStanding(of(changed), { provenance, identity: null, times: [], ...signed });
      return null;
    } catch (error) {
      const { code, expected, actual } = error as Record<string, string>;
      return [code, expected, actual];
    }
  };

  it("of builders", () => {
    const actual = "https://example.com/c";
    expect(refusal({ builders: ["a:b", "c:d"] }, {})).toEqual(["BUILDER_MISMATCH", "a:b or c:d", actual]);
    expect(refusal({}, { identity: "a:b" })).toEqual(["BUILDER_MISMATCH", "a:b", actual]);
    expect(refusal({}, {})).toEqual(["BUILDER_MISMATCH", "the signer itself", actual]);
    // Google Cloud Build's are checked by themselves.
    expect(refusal({ builders: null }, {})).toBeNull();
  });

  it("of times", () => {
    const [first, last] = [new Date("2026-01-01"), new Date("2026-02-01")];
    const [from, until] = [first.toISOString(), last.toISOString()];
    const times = [new Date("2026-03-01")];
    expect(refusal({ window: { from: first, until: last } }, { times })).toEqual([
      "TIME_MISMATCH",
      `signed from ${from} to ${until}`,
      "2026-03-01T00:00:00.000Z",
    ]);
    expect(refusal({ window: { from: null, until: last } }, { times })?.[1]).toBe(`signed from ever to ${until}`);
    expect(refusal({ window: { from: first, until: null } }, {})).toEqual([
      "TIME_UNPROVEN",
      `signed from ${from} to now, as a log or a timestamp proves`,
      "no proven time",
    ]);
  });
});

describe("among several entries", () => {
  const names = ["a", "b", "c"].map((name) => `https://example.com/${name}`);
  const key = testKey();
  const bundle = signed(key, { subject: [SUBJECT] });
  const stranger = testKey();
  const one = fc.record({
    own: fc.boolean(),
    maxLevel: fc.integer({ min: 0, max: 3 }),
    builders: fc.uniqueArray(fc.constantFrom(LOCAL, ...names), { minLength: 1 }),
    windowed: fc.boolean(),
  });
  const make = ({
    own,
    maxLevel,
    builders,
    windowed,
  }: {
    own: boolean;
    maxLevel: number;
    builders: string[];
    windowed: boolean;
  }) =>
    trustedKey(own ? key.pem : stranger.pem, "k", {
      standing: of({ maxLevel, builders, window: { from: windowed ? new Date(0) : null, until: null } }),
      source: null,
      builderIds: [],
      roots: null,
    });
  /** -1 where nothing holds. */
  const worth = (trust: readonly Trust[]) => {
    const result = authenticate(bundle, trust);
    return result.kind === "verified" ? levelOf(standingOf(result.verified.signer)) : -1;
  };

  it("a further one takes nothing away, one less adds nothing, and no order matters", () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4 }), one, (some, more) => {
        const [few, all] = [some.map(make), [...some, more].map(make)];
        expect(worth(all)).toBeGreaterThanOrEqual(worth(few));
        expect(worth(all.toReversed())).toBe(worth(all));
      }),
    );
  });
});

describe("a workflow that others call", () => {
  const BUILDER = "https://github.com/octo/builder/.github/workflows/build.yml";
  const COMMIT = "ab".repeat(20);
  const run = (ref: string) => ({
    ...githubRun({
      repository: "octo/widgets",
      ref: "refs/tags/v1.2.3",
      workflow: `octo/builder/.github/workflows/build.yml@${ref}`,
    }),
    buildSignerDigest: COMMIT,
  });
  const bundle = (ref: string) =>
    sign(
      { leaf: { claims: run(ref) } },
      {},
      statementBytes({ subject: [SUBJECT], predicate: githubPredicate(run(ref)) }),
    );
  const builderTags = { text: ">=1 <2", accepts: (tag: string) => /^v1\.\d+\.\d+$/.test(tag) };
  const trusted = (options: Partial<IdentityOptions>) =>
    trusting({ identity: BUILDER, source: "octo/widgets", standing: of(), ...options });

  it.each([
    ["a released tag", "refs/tags/v1.4.0", "verified"],
    ["a tag outside of the range", "refs/tags/v2.0.0", "BUILDER_REF_UNKNOWN"],
    ["a tag that moves", "refs/tags/v1", "BUILDER_REF_UNKNOWN"],
    ["a branch that is called as a release", "refs/heads/v1.4.0", "BUILDER_REF_UNKNOWN"],
    ["a pull request", "refs/pull/1/merge", "BUILDER_REF_UNKNOWN"],
    ["an impostor's commit (A28)", COMMIT, "BUILDER_REF_UNKNOWN"],
  ])("at %s", (_what, ref, expected) => {
    expect(outcome(bundle(ref), trusted({ builderTags }))).toBe(expected);
  });

  it("at a commit that was released", () => {
    const both = { builderTags, builderCommits: [COMMIT] };
    expect(outcome(bundle(COMMIT), trusted(both))).toBe("verified");
    expect(outcome(bundle("refs/tags/v1.4.0"), trusted(both))).toBe("verified");
    expect(outcome(bundle(COMMIT), trusted({ builderTags, builderCommits: ["cd".repeat(20)] }))).toBe(
      "BUILDER_REF_UNKNOWN",
    );
  });

  it("under another name is somebody else", () => {
    expect(outcome(bundle("refs/tags/v1.4.0"), trusted({ identity: `${BUILDER}x`, builderTags }))).toBe(
      "IDENTITY_MISMATCH",
    );
  });
});

describe("any workflow of the source itself", () => {
  const own = (options: Partial<IdentityOptions> = {}) =>
    trusting({ identity: null, ownWorkflow: true, standing: of(), ...options });
  const called = githubRun({
    repository: "octo/widgets",
    ref: "refs/tags/v1.2.3",
    workflow: "octo/builder/.github/workflows/build.yml@refs/tags/v1.0.0",
  });

  it("is believed for the source that is named", () => {
    expect(outcome(sign(), own({ source: "octo/widgets" }))).toBe("verified");
    expect(outcome(sign(), own({ source: "octo/widget" }))).toBe("SOURCE_MISMATCH");
  });

  it("is none of another repository, whoever calls it", () => {
    const bundle = sign(
      { leaf: { claims: called } },
      {},
      statementBytes({ subject: [SUBJECT], predicate: githubPredicate(called) }),
    );
    expect(outcome(bundle, own({ source: "octo/widgets" }))).toBe("IDENTITY_MISMATCH");
  });

  it("is no workflow at a commit or a pull request, which anybody can have made", () => {
    const claims = githubRun({ repository: "octo/widgets", ref: "refs/pull/1/merge" });
    const bundle = sign(
      { leaf: { claims } },
      {},
      statementBytes({ subject: [SUBJECT], predicate: githubPredicate(claims) }),
    );
    expect(outcome(bundle, own({ source: "octo/widgets" }))).toBe("BUILDER_REF_UNKNOWN");
  });

  it("needs a source, or a policy that says one", () => {
    expect(() => own()).toThrow(expect.objectContaining({ code: "SOURCE_UNSET" }));
    expect(outcome(sign(), own({ sourceByPolicy: true }))).toBe("SOURCE_UNSET");
  });

  it("is nobody's where the issuer is no GitHub", () => {
    expect(() => own({ source: "https://gitlab.com/a/b", issuer: "https://gitlab.com" })).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
    expect(() => own({ source: "octo/widgets", identity: IDENTITY })).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
  });
});
