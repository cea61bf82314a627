import { PROVENANCE_V1 } from "@touchmark/core";
import type { Covering } from "@touchmark/verify";
import { describe, expect, it } from "vitest";
import { factsReader } from "./statement-facts.ts";

const SUBJECT = { name: "tool", digest: { sha256: "ab".repeat(32) } };
const CLAIMS = {
  buildSignerCommit: "b1",
  runnerEnvironment: "self-hosted",
  trigger: "push",
  sourceRepository: "https://github.com/octo/widgets",
  sourceRepositoryId: "1",
  sourceOwnerId: "2",
  sourceRef: "refs/tags/v1",
  sourceCommit: "c1",
};
const PREDICATE = {
  builderId: "https://b.example",
  buildType: "https://t.example",
  source: { repository: "https://github.com/octo/stated", ref: "refs/tags/stated", commit: "c2" },
};
const BY_KEY = { kind: "key", digest: "11", standing: null };
const STANDING = { entry: "octo", maxLevel: 3, operator: "Octo" };
const byIdentity = (claims: object = {}) => ({
  kind: "identity",
  identity: "https://w.example",
  issuer: "https://i.example",
  keyDigest: "22",
  claims: { ...CLAIMS, ...claims },
  times: [new Date(5), new Date(7)],
  trust: { standing: STANDING },
});

const covering = (signer: object, predicate: object | null = PREDICATE, more: object = {}): Covering =>
  ({
    evidence: {
      name: "a.sigstore.json",
      verified: {
        statement: {
          predicateType: PROVENANCE_V1,
          subject: [SUBJECT],
          predicate: { buildDefinition: { externalParameters: { tag: "v1" } } },
        },
        predicate,
        signer,
      },
      ...more,
    },
    subject: SUBJECT,
  }) as unknown as Covering;

const of = (one: Covering, whole = true) => factsReader(whole).factsOf(one);

describe("what a policy may know of a statement", () => {
  it("by somebody whom a certificate names: the certificate's word about the source wins", () => {
    expect(of(covering(byIdentity()))).toEqual({
      evidence: "a.sigstore.json",
      predicateType: PROVENANCE_V1,
      subject: SUBJECT,
      statement: covering(BY_KEY).evidence.verified.statement,
      summary: null,
      provenance: {
        builderId: "https://b.example",
        buildType: "https://t.example",
        externalParameters: { tag: "v1" },
        source: { repository: "https://github.com/octo/widgets", ref: "refs/tags/v1", commit: "c1" },
      },
      signer: {
        shown: "identity:https://w.example",
        keyDigest: "22",
        issuer: "https://i.example",
        identity: "https://w.example",
        builderCommit: "b1",
        runner: "self-hosted",
        trigger: "push",
        sourceRepository: "https://github.com/octo/widgets",
        sourceRepositoryId: "1",
        sourceOwnerId: "2",
      },
      times: [5, 7],
      standing: { entry: "octo", level: 3, operator: "Octo" },
    });
  });

  it("by a key", () => {
    expect(of(covering(BY_KEY))).toMatchObject({
      provenance: { source: PREDICATE.source },
      signer: {
        shown: "key:sha256:11",
        keyDigest: "11",
        issuer: null,
        identity: null,
        builderCommit: null,
        runner: null,
        trigger: null,
        sourceRepository: null,
        sourceRepositoryId: null,
        sourceOwnerId: null,
      },
      times: null,
      standing: { entry: null, level: 1, operator: null },
    });
  });

  it("where the certificate does not say the source: what the statement says", () => {
    const silent = byIdentity({ sourceRepository: null, sourceRef: null, sourceCommit: null });
    expect(of(covering(silent)).provenance?.source).toEqual(PREDICATE.source);
    const none = { repository: null, ref: null, commit: null };
    expect(of(covering(silent, { ...PREDICATE, source: null })).provenance?.source).toEqual(none);
    expect(of(covering(BY_KEY, { ...PREDICATE, source: null })).provenance?.source).toEqual(none);
  });

  it("that is no provenance, and of a subject without a name", () => {
    const one = { ...covering(BY_KEY, null), subject: { digest: {} } };
    expect(of(one)).toMatchObject({ provenance: null, subject: { name: null, digest: {} } });
  });

  it("without its predicate: its parameters must not look as if there were none", () => {
    const facts = of(covering(BY_KEY), false);
    expect(facts.statement).toBeNull();
    expect(() => facts.provenance?.externalParameters).toThrow(TypeError);
  });

  it.each<[object, object, number]>([
    [{ levels: ["SLSA_BUILD_LEVEL_2"], timeVerified: null }, { levels: ["SLSA_BUILD_LEVEL_2"], timeVerified: null }, 2],
    [{ levels: [], timeVerified: "1970-01-01T00:00:01Z" }, { levels: [], timeVerified: 1_000 }, 0],
  ])("that is a summary %j: what it says, and its verifier's level", (said, expected, level) => {
    const summary = { verifierId: "https://v.example", resourceUri: "r", ...said };
    const signer = { kind: "key", digest: "11", standing: STANDING };
    expect(of(covering(signer, null, { summary }))).toMatchObject({
      summary: { verifierId: "https://v.example", resourceUri: "r", ...expected },
      standing: { entry: "octo", level, operator: "Octo" },
    });
  });

  it("is made once for each piece of evidence, and its subject each time", () => {
    const reader = factsReader(true);
    const one = covering(BY_KEY);
    const [first, second] = [one, { ...one, subject: { name: "lib", digest: {} } }].map(reader.factsOf);
    expect(second?.signer).toBe(first?.signer);
    expect([first?.subject.name, second?.subject.name]).toEqual(["tool", "lib"]);
  });
});
