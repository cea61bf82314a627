import { parseBundle } from "@touchmark/core";
import { type FulcioClaims, githubRun, RELEASE_RUN } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf, githubPredicate, SUBJECT, sign, trusting } from "../test/certificate-cases.ts";
import { signed, statementBytes, testKey } from "../test/signed-bundles.ts";
import { authenticate } from "./authenticate.ts";
import { needsSource } from "./needs-source.ts";
import type { SourcesByPolicy } from "./sources-by-policy.ts";
import type { Trust } from "./trust.ts";

const GENERATOR =
  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
const called = githubRun({
  repository: "octo/widgets",
  ref: "refs/tags/v1.2.3",
  workflow: "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0",
});
const bundleOf = (claims: FulcioClaims) =>
  parseBundle(
    bytesOf(sign({ leaf: { claims } }, {}, statementBytes({ subject: [SUBJECT], predicate: githubPredicate(claims) }))),
  );

/** What is said of a bundle once a policy will compare sources. */
function said(claims: FulcioClaims, trust: Trust, expected: SourcesByPolicy = () => true): unknown {
  const result = authenticate(bundleOf(claims), [trust], null, expected);
  return result.kind === "refused" ? result.findings[0]?.code : (needsSource(result.verified)?.code ?? "nothing");
}

describe("trust that leaves the source to a policy", () => {
  const left = trusting({ identity: GENERATOR, sourceByPolicy: true });

  it("believes nothing without one (A37)", () => {
    const result = authenticate(bundleOf(called), [left]);
    expect(result).toMatchObject({ kind: "refused", findings: [{ code: "SOURCE_UNSET" }] });
  });

  it("and with one whatever source it is, which the policy must compare", () => {
    expect(said(called, left)).toBe("SOURCE_UNSET");
    expect(said(RELEASE_RUN, trusting({ identity: null, ownWorkflow: true, sourceByPolicy: true }))).toBe(
      "SOURCE_UNSET",
    );
  });

  it("takes no source that the policy expects nowhere", () => {
    const expected: SourcesByPolicy = ({ repository, repositoryId, ownerId }) =>
      repository === "https://github.com/octo/widgets" && repositoryId === "1001" && ownerId === "2002";
    expect(said(called, left, expected)).toBe("SOURCE_UNSET"); // which the rule for the artifact then compares
    const evil = { ...called, sourceRepositoryUri: "https://github.com/evil/widgets", repository: "evil/widgets" };
    expect(said(evil, left, expected)).toBe("SOURCE_MISMATCH");
  });

  it("needs none of it where the source is said, or is the signer's own", () => {
    expect(said(called, trusting({ identity: GENERATOR, source: "octo/widgets", sourceByPolicy: true }))).toBe(
      "nothing",
    );
    expect(said(RELEASE_RUN, trusting({ sourceByPolicy: true }))).toBe("nothing");
    expect(said(RELEASE_RUN, trusting())).toBe("nothing");
  });

  it("is not to be compared where the certificate names no source", () => {
    const { sourceRepositoryUri: _uri, repository: _name, ...nowhere } = called;
    expect(said(nowhere, left)).toBe("SOURCE_UNSET");
    expect(authenticate(bundleOf(nowhere), [left])).toMatchObject({ findings: [{ code: "SOURCE_UNSET" }] });
  });

  it("says by whom, and what the source is", () => {
    const result = authenticate(bundleOf(called), [left], null, () => true);
    const verified = result.kind === "verified" ? result.verified : expect.fail();
    const expected = "a source in the policy's rule, or --source OWNER/REPO";
    expect(needsSource(verified)).toMatchObject({
      message: "the trust takes in every source, and nothing says which is expected",
      expected,
      actual: "https://github.com/octo/widgets",
    });
    const stated = { source: { repository: "https://github.com/octo/stated" } };
    expect(needsSource({ ...verified, predicate: stated } as unknown as typeof verified)?.actual).toBe(
      "https://github.com/octo/widgets",
    );
    const trust = { kind: "cloud-build", source: { kind: "by-policy" }, standing: { entry: "gcb" } };
    const predicate = { source: { repository: "https://github.com/octo/gadgets" } };
    const built = { ...verified, signer: { kind: "cloud-build", trust }, predicate } as unknown as typeof verified;
    expect(needsSource(built)).toMatchObject({
      message: '"gcb" takes in every source, and nothing says which is expected',
      actual: "https://github.com/octo/gadgets",
    });
    for (const none of [null, { source: null }]) {
      expect(needsSource({ ...built, predicate: none } as unknown as typeof verified)?.actual).toBeNull();
    }
    const said = { ...trust, source: { kind: "repository" } };
    expect(
      needsSource({ ...built, signer: { kind: "cloud-build", trust: said } } as unknown as typeof verified),
    ).toBeNull();
  });

  it("is nothing that a key does", () => {
    const key = testKey();
    const result = authenticate(signed(key, { subject: [SUBJECT] }), [key.trust], null, () => true);
    expect(result.kind === "verified" && needsSource(result.verified)).toBeNull();
  });
});
