import { parseBundle } from "@touchmark/core";
import { type FulcioClaims, githubRun, RELEASE_RUN } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, IDENTITY, ISSUER, outcome, refusal, SUBJECT, sign, trusting } from "../../test/certificate-cases.ts";
import { statementBytes } from "../../test/signed-bundles.ts";
import { authenticate } from "../authenticate.ts";
import type { IdentityOptions } from "../trust-identity.ts";
import { checkIdentity } from "./check-identity.ts";
import type { CertificateClaims } from "./claims.ts";
import type { Leaf } from "./leaf.ts";

const RUN: FulcioClaims = { ...RELEASE_RUN, environment: "Production EU" };
const bare = statementBytes({ subject: [SUBJECT], predicateType: "https://spdx.dev/Document", predicate: {} });
const signedBy = (claims: FulcioClaims) => sign({ leaf: { claims } }, {}, bare);

/** What can be asked for, what the certificate of `RUN` says there, and the extension that says it. */
const FIELDS = [
  ["sourceRef", "refs/tags/v1.2.3", "refs/tags/v1.2.30", ["sourceRepositoryRef", "ref"], "SOURCE_MISMATCH"],
  ["sourceCommit", RUN.sha, "ab".repeat(20), ["sourceRepositoryDigest", "sha"], "SOURCE_MISMATCH"],
  ["sourceRepositoryId", "1001", "10010", ["sourceRepositoryId"], "SOURCE_MISMATCH"],
  ["sourceOwnerId", "2002", "2003", ["sourceRepositoryOwnerId"], "SOURCE_MISMATCH"],
  ["runnerEnvironment", "github-hosted", "self-hosted", ["runnerEnvironment"], "CERTIFICATE_MISMATCH"],
  ["trigger", "push", "pull_request", ["buildTrigger", "trigger"], "CERTIFICATE_MISMATCH"],
  ["buildConfig", IDENTITY, `${IDENTITY}x`, ["buildConfigUri"], "CERTIFICATE_MISMATCH"],
  ["buildConfigCommit", RUN.sha, "ab".repeat(20), ["buildConfigDigest"], "CERTIFICATE_MISMATCH"],
  ["buildSignerCommit", RUN.sha, "ab".repeat(20), ["buildSignerDigest"], "CERTIFICATE_MISMATCH"],
  ["environment", "Production EU", "production EU", ["environment"], "CERTIFICATE_MISMATCH"],
] as const;

describe("a field of the certificate", () => {
  const bundle = signedBy(RUN);
  const absent = (names: readonly string[]) =>
    signedBy(Object.fromEntries(Object.entries(RUN).filter(([name]) => !names.includes(name))));

  it.each(FIELDS)("%s is compared exactly, and must be there", (name, right, wrong, extensions, code) => {
    expect(outcome(bundle, trusting({ fields: { [name]: right ?? "" } }))).toBe("verified");
    expect(outcome(bundle, trusting({ fields: { [name]: wrong } }))).toBe(code);
    // Without a source in the certificate, nothing but this field refuses it.
    expect(refusal(absent(extensions), trusting({ fields: { [name]: right ?? "" } }))).toMatch(
      new RegExp(`^${code}: .*the certificate does not say$`),
    );
    expect(outcome(absent(extensions), trusting())).toBe("verified");
  });

  it("is one of all that must be right", () => {
    const all = Object.fromEntries(FIELDS.map(([name, right]) => [name, right ?? ""]));
    expect(outcome(bundle, trusting({ fields: all }))).toBe("verified");
    for (const [name, , wrong, , code] of FIELDS) {
      expect(outcome(bundle, trusting({ fields: { ...all, [name]: wrong } }))).toBe(code);
    }
  });

  it("is compared where a source was named too", () => {
    const fields = { sourceRepositoryId: "9" };
    expect(outcome(bundle, trusting({ source: "octo/widgets", fields }))).toBe("SOURCE_MISMATCH");
  });
});

describe("the ref of the signing workflow", () => {
  const COMMIT = "ab".repeat(20);
  const WORKFLOW = "https://github.com/octo/builders/.github/workflows/go.yml";
  const at = (ref: string, claims: FulcioClaims = {}) => {
    const run = githubRun({
      repository: "octo/widgets",
      ref: "refs/tags/v1.2.3",
      workflow: `octo/builders/.github/workflows/go.yml@${ref}`,
    });
    return signedBy({ ...run, ...claims });
  };
  const pattern = { identityPattern: String.raw`https://github\.com/octo/builders/\.github/workflows/go\.yml@.*` };
  const named = { identity: WORKFLOW, builderCommits: ["cd".repeat(20), COMMIT] };
  const judged = (bundle: unknown, options: Partial<IdentityOptions>) =>
    outcome(bundle, trusting({ source: "octo/widgets", ...options }));

  it("is a commit that was named, in an exact identity or as a builder's commit", () => {
    expect(judged(at(COMMIT), { identity: `${WORKFLOW}@${COMMIT}` })).toBe("verified");
    expect(judged(at(COMMIT), named)).toBe("verified");
    expect(judged(at(COMMIT), { ...pattern, builderCommits: [COMMIT] })).toBe("verified");
    // The list is the others': this one stands in the name itself.
    expect(judged(at(COMMIT), { identity: `${WORKFLOW}@${COMMIT}`, builderCommits: ["cd".repeat(20)] })).toBe(
      "verified",
    );
  });

  it.each([COMMIT, "ef".repeat(32), COMMIT.toUpperCase(), "abababa", "refs/pull/7/merge", "refs/pull/7/head", "v1"])(
    "is unknown at %s, which a pattern takes in",
    (ref) => {
      expect(judged(at(ref), pattern)).toBe("BUILDER_REF_UNKNOWN");
    },
  );

  it("is unknown at a commit that was not named", () => {
    expect(judged(at("ef".repeat(20)), named)).toBe("BUILDER_REF_UNKNOWN");
    expect(judged(at("ef".repeat(20)), { ...pattern, builderCommits: [COMMIT] })).toBe("BUILDER_REF_UNKNOWN");
    // Behind a file whose name looks like a branch.
    for (const ref of ["ef".repeat(20), "EF".repeat(20), "ef".repeat(32), "refs/pull/7/head", "refs/tags/v1"]) {
      expect(judged(at(`refs/heads/x.yml@${ref}`), pattern)).toBe("BUILDER_REF_UNKNOWN");
    }
  });

  it("is a tag or a branch, which only those who may write there can make", () => {
    for (const ref of ["refs/tags/v1.0.0", "refs/heads/main"]) expect(judged(at(ref), pattern)).toBe("verified");
    expect(judged(at("refs/tags/cli@0.1.0"), pattern)).toBe("verified"); // a monorepo's tag
  });

  it("leads to one of the builder's commits, where these were named", () => {
    const moved = { ...named, identity: `${WORKFLOW}@refs/tags/v1` };
    expect(judged(at("refs/tags/v1", { buildSignerDigest: COMMIT }), moved)).toBe("verified");
    expect(judged(at("refs/tags/v1", { buildSignerDigest: COMMIT }), named)).toBe("verified");
    expect(judged(at("refs/tags/v1"), moved)).toBe("BUILDER_REF_UNKNOWN");
    expect(judged(at("refs/tags/v1"), named)).toBe("BUILDER_REF_UNKNOWN");
  });

  it("and the build signer digest say the same", () => {
    const other = at(COMMIT, { buildSignerDigest: "cd".repeat(20) });
    expect(judged(other, named)).toBe("BUILDER_REF_UNKNOWN");
    expect(judged(other, { identity: `${WORKFLOW}@${COMMIT}` })).toBe("BUILDER_REF_UNKNOWN");
    const odd = at(`refs/heads/x.yml@${"ef".repeat(20)}`, { buildSignerDigest: COMMIT });
    expect(judged(odd, named)).toBe("BUILDER_REF_UNKNOWN");
  });

  it("needs a build signer digest in the certificate where commits were named", () => {
    const { buildSignerDigest: _digest, ...run } = githubRun({
      repository: "octo/widgets",
      ref: "refs/tags/v1.2.3",
      workflow: `octo/builders/.github/workflows/go.yml@${COMMIT}`,
    });
    expect(judged(signedBy(run), named)).toBe("BUILDER_REF_UNKNOWN");
    expect(judged(signedBy(run), { identity: `${WORKFLOW}@${COMMIT}` })).toBe("verified");
  });

  it("is nothing that a name without one has", () => {
    const leaf = { names: [{ email: "octo@example.com" }], claims: { issuer: ISSUER } };
    expect(outcome(sign({ leaf }, {}, bare), trusting({ identityPattern: "octo@example\\.com" }))).toBe("verified");
  });

  it("is no name of another workflow that begins alike", () => {
    const evil = githubRun({
      repository: "octo/widgets",
      ref: "refs/tags/v1.2.3",
      workflow: `octo/builders/.github/workflows/go.yml.evil.yml@${COMMIT}`,
    });
    expect(judged(signedBy(evil), named)).toBe("IDENTITY_MISMATCH");
  });
});

describe("another source", () => {
  const bundle = sign();

  it.each([
    ["octo/widgets@refs/tags/v1.2.4", "this was built from an older version of the source"],
    ["octo/widgets@refs/tags/v1.2.3-rc.1", "this was built from a newer version of the source"],
    ["octo/widgets@refs/heads/main", "this was built from another ref of the source"],
    ["octo/widgets@refs/tags/v1.2.3+a", "this was built from another ref of the source"],
    ["octo/widgets@refs/tags/sdk-v1.2.4", "this was built from another ref of the source"],
    ["octo/gadgets@refs/tags/v1.2.4", "this was built from another source"],
  ])("than %s: %s", (source, message) => {
    expect(refusal(bundle, trusting({ source }))).toContain(`SOURCE_MISMATCH: ${message}: `);
  });
});

describe("a refusal shows what was expected and what is there", () => {
  const REPOSITORY = "https://github.com/octo/widgets";
  const judge = (claims: Partial<CertificateClaims>, options: Partial<IdentityOptions>, identity = IDENTITY) =>
    checkIdentity({ identity, claims: { issuer: ISSUER, ...NOTHING, ...claims } } as Leaf, trusting(options));
  const NOTHING = { buildSignerCommit: null, sourceRepository: null, sourceRef: null };

  it.each<[string, Partial<CertificateClaims>, Partial<IdentityOptions>, string, string, string]>([
    [
      "the same name by another issuer",
      { issuer: "https://gitlab.com" },
      {},
      "IDENTITY_MISMATCH",
      `${IDENTITY} (${ISSUER})`,
      `${IDENTITY} (https://gitlab.com)`,
    ],
    [
      "a source of another repository that nobody asked for",
      { sourceRepository: "https://github.com/octo/widget" },
      {},
      "SOURCE_UNSET",
      "the repository that you expect, with --source OWNER/REPO, or in a policy",
      "https://github.com/octo/widget",
    ],
    [
      "no source",
      { sourceRef: "refs/tags/v1" },
      { source: "octo/widgets" },
      "SOURCE_MISMATCH",
      REPOSITORY,
      "a source that the certificate does not name@refs/tags/v1",
    ],
    [
      "another source at the same ref",
      { sourceRepository: `${REPOSITORY}2`, sourceRef: "refs/tags/v1" },
      { source: "octo/widgets@refs/tags/v1" },
      "SOURCE_MISMATCH",
      `${REPOSITORY}@refs/tags/v1`,
      `${REPOSITORY}2@refs/tags/v1`,
    ],
    [
      "a source without its ref",
      { sourceRepository: REPOSITORY },
      { source: "octo/widgets@refs/tags/v1" },
      "SOURCE_MISMATCH",
      `${REPOSITORY}@refs/tags/v1`,
      REPOSITORY,
    ],
  ])("%s", (_, claims, options, code, expected, actual) => {
    expect(() => judge(claims, options)).toThrow(expect.objectContaining({ code, expected, actual }));
  });

  it("and there is none where all that was asked for is there", () => {
    const source = { sourceRepository: REPOSITORY, sourceRef: "refs/tags/v1" };
    judge(source, {});
    judge(source, { source: "octo/widgets" });
    judge(source, { source: "octo/widgets@refs/tags/v1" });
    judge({ sourceRepository: `${REPOSITORY}2` }, { identity: "octo@example.com" }, "octo@example.com");
  });
});

describe("several identities", () => {
  const bundle = parseBundle(bytesOf(sign()));
  const strangers = ["https://a.example/x", "https://b.example/y"].map((identity) => trusting({ identity }));

  it("are all named in the refusal", () => {
    expect(authenticate(bundle, strangers)).toMatchObject({
      kind: "refused",
      findings: [
        {
          code: "IDENTITY_MISMATCH",
          expected: `https://a.example/x (${ISSUER}), https://b.example/y (${ISSUER})`,
          actual: `${IDENTITY} (${ISSUER})`,
        },
      ],
    });
  });

  it("refuse for what the nearest of them says", () => {
    const nearest = trusting({ fields: { trigger: "release" } });
    expect(authenticate(bundle, [nearest, ...strangers])).toMatchObject({
      findings: [{ code: "CERTIFICATE_MISMATCH" }],
    });
    expect(authenticate(bundle, [...strangers, nearest])).toMatchObject({
      findings: [{ code: "CERTIFICATE_MISMATCH" }],
    });
    const near = trusting({ source: "octo/gadgets" });
    for (const trust of [
      [...strangers, near],
      [near, ...strangers],
    ]) {
      expect(authenticate(bundle, trust)).toMatchObject({ findings: [{ code: "SOURCE_MISMATCH" }] });
    }
  });

  it("never make less hold than fewer", () => {
    const options = fc.record(
      {
        identity: fc.constantFrom(IDENTITY, `${IDENTITY}x`, "https://a.example/x"),
        source: fc.constantFrom(null, "octo/widgets", "octo/gadgets"),
        fields: fc.constantFrom({}, { trigger: "push" }, { trigger: "release" }),
        issuer: fc.constantFrom(ISSUER, "https://gitlab.com"),
        builderCommits: fc.constantFrom([], [RUN.sha ?? ""], ["cd".repeat(20)]),
      },
      { requiredKeys: ["identity"] },
    );
    const trusts = fc.array(
      options.map((one) => {
        const source = one.source == null ? null : `https://github.com/${one.source}`;
        return trusting({ ...one, source });
      }),
      { maxLength: 4 },
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(trusts, trusts, fc.nat(4), (fewer, more, place) => {
        const before = authenticate(bundle, fewer).kind;
        const after = authenticate(bundle, [...fewer.slice(0, place), ...more, ...fewer.slice(place)]).kind;
        if (before === "verified") expect(after).toBe("verified");
        seen.add(`${before} ${after}`);
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(["refused refused", "refused verified", "verified verified"]);
  });
});

it("an identity of no repository needs no source", () => {
  const { repository: _repository, sourceRepositoryUri: _uri, ...nowhere } = RUN;
  expect(outcome(signedBy(nowhere), trusting())).toBe("verified");
});
