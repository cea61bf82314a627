// What else a certificate must say, and commits of builders: A2, A16, A27, A28.
import { githubRun, RELEASE_RUN } from "../../../packages/testkit/src/sigstore/index.ts";
import { ISSUER } from "./authorities.mjs";
import { keyless, provenance } from "./keyless-release.mjs";

const COMMIT = RELEASE_RUN.sourceRepositoryDigest;
const OTHER_COMMIT = "fedcba98".repeat(5);

export function expectationCases({ pass, fail }) {
  fields({ pass, fail });
  commits({ pass, fail });
}

function fields({ pass, fail }) {
  const right = {
    sourceRef: RELEASE_RUN.sourceRepositoryRef,
    sourceCommit: COMMIT,
    sourceRepositoryId: RELEASE_RUN.sourceRepositoryId,
    sourceOwnerId: RELEASE_RUN.sourceRepositoryOwnerId,
    runnerEnvironment: RELEASE_RUN.runnerEnvironment,
    trigger: RELEASE_RUN.buildTrigger,
    buildConfig: RELEASE_RUN.buildConfigUri,
    buildConfigCommit: COMMIT,
    buildSignerCommit: COMMIT,
  };
  pass("field", "Every field of the certificate is what the user expects.", { trust: { fields: right } });
  const wrong = (name, field, value, code, why) =>
    fail(`field-${name}`, code, "field", why, { trust: { fields: { ...right, [field]: value } } });
  wrong(
    "ref",
    "sourceRef",
    "refs/tags/v1.2",
    "SOURCE_MISMATCH",
    "Another ref is expected, which begins alike (A2, A16).",
  );
  wrong("commit", "sourceCommit", OTHER_COMMIT, "SOURCE_MISMATCH", "Another commit is expected (A2).");
  wrong(
    "repository-id",
    "sourceRepositoryId",
    "10011",
    "SOURCE_MISMATCH",
    "The repository of another id is expected: this one took over its name (A27).",
  );
  wrong("owner-id", "sourceOwnerId", "200", "SOURCE_MISMATCH", "The owner of another id is expected (A27).");
  wrong(
    "runner",
    "runnerEnvironment",
    "self-hosted",
    "CERTIFICATE_MISMATCH",
    "Another kind of runner is expected (A2, A27).",
  );
  wrong("trigger", "trigger", "release", "CERTIFICATE_MISMATCH", "Another trigger is expected (A2).");
  wrong(
    "build-config",
    "buildConfig",
    `${RELEASE_RUN.buildConfigUri}x`,
    "CERTIFICATE_MISMATCH",
    "Another workflow is expected to have been started (A2, A16).",
  );
  wrong(
    "build-config-commit",
    "buildConfigCommit",
    OTHER_COMMIT,
    "CERTIFICATE_MISMATCH",
    "Another commit of it is expected (A2).",
  );
  wrong(
    "build-signer-commit",
    "buildSignerCommit",
    OTHER_COMMIT,
    "CERTIFICATE_MISMATCH",
    "Another commit of the signing workflow is expected (A2).",
  );
  wrong(
    "not-in-certificate",
    "environment",
    "production",
    "CERTIFICATE_MISMATCH",
    "A deployment environment is expected, and the certificate names none (A2).",
  );
  wrong("short-commit", "sourceCommit", COMMIT.slice(0, 12), "USAGE", "An abbreviated commit is expected (A2).");
  wrong(
    "unknown",
    "sourceRepository",
    "x",
    "USAGE",
    "A field is expected that nobody knows: not left out (A2, CVE-2026-48815).",
  );

  const hosted = { ...RELEASE_RUN, runnerEnvironment: "self-hosted" };
  const onOwnRunner = { bundle: keyless({ statement: provenance(hosted), leaf: { claims: hosted } }) };
  pass("field-self-hosted", "Built on somebody's own machine, as the user expects.", {
    ...onOwnRunner,
    trust: { fields: { runnerEnvironment: "self-hosted" } },
  });
  fail(
    "field-self-hosted-unexpected",
    "CERTIFICATE_MISMATCH",
    "field-self-hosted",
    "Built on somebody's own machine, where GitHub's is expected (A27).",
    { ...onOwnRunner, trust: { fields: { runnerEnvironment: "github-hosted" } } },
  );
}

/** A28: GitHub serves the commits of every fork under the name of the repository that was forked. */
function commits({ pass, fail }) {
  const workflow = "octo/builder/.github/workflows/build.yml";
  const name = `https://github.com/${workflow}`;
  const built = (ref) => {
    const claims = {
      ...githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.2.3", workflow: `${workflow}@${ref}` }),
      buildSignerDigest: COMMIT,
    };
    return keyless({ statement: provenance(claims), leaf: { claims } });
  };
  const source = "octo/widgets";
  const released = { identity: name, source, builderCommits: [OTHER_COMMIT, COMMIT] };
  pass("builder-commit", "A builder's workflow, pinned by a commit that the user knows as released.", {
    bundle: built(COMMIT),
    trust: released,
  });
  fail(
    "builder-commit-unknown",
    "BUILDER_REF_UNKNOWN",
    "builder-commit",
    "The commit is none of the released ones. It may be a fork's, served under the builder's name (A28).",
    { bundle: built(COMMIT), trust: { ...released, builderCommits: [OTHER_COMMIT] } },
  );
  pass("builder-commit-exact", "The workflow at this very commit is trusted.", {
    bundle: built(COMMIT),
    trust: { identity: `${name}@${COMMIT}`, source },
  });
  pass("builder-pattern", "A pattern takes every ref of the workflow, and it signed at a tag.", {
    bundle: built("refs/tags/v1"),
    trust: { identity: null, pattern: `${name.replaceAll(".", String.raw`\.`)}@.+`, source },
  });
  fail(
    "builder-pattern-commit",
    "BUILDER_REF_UNKNOWN",
    "builder-pattern",
    "The same pattern takes a commit too, which may be a fork's (A28).",
    {
      bundle: built(COMMIT),
      trust: { identity: null, pattern: `${name.replaceAll(".", String.raw`\.`)}@.+`, source },
    },
  );
  fail(
    "builder-pattern-pull-request",
    "BUILDER_REF_UNKNOWN",
    "builder-pattern",
    "And the ref of a pull request, which anybody can open (A28).",
    {
      bundle: built("refs/pull/7/merge"),
      trust: { identity: null, pattern: `${name.replaceAll(".", String.raw`\.`)}@.+`, source },
    },
  );
  const short = { ...released, builderCommits: [COMMIT.slice(0, 7)] };
  fail("builder-commit-short", "USAGE", "builder-commit", "The released commit is abbreviated (A28).", {
    bundle: built(COMMIT),
    trust: short,
  });
  pass("builder-shared-pattern", "A pattern for a public builder, and the source that is expected.", {
    ...generated(),
    trust: { identity: null, pattern: SHARED, issuer: ISSUER, source },
  });
  fail(
    "builder-shared-pattern-unsaid",
    "SOURCE_UNSET",
    "builder-shared-pattern",
    "Any repository may call it, and nobody said which one is meant (A37).",
    { ...generated(), trust: { identity: null, pattern: SHARED, issuer: ISSUER } },
  );
  fail(
    "gap-generator-of-another-repository",
    "SOURCE_MISMATCH",
    "builder-shared-pattern",
    "The generator is the right one, and another repository called it.",
    { ...generated("evil/widgets"), trust: { identity: null, pattern: SHARED, issuer: ISSUER, source } },
  );
}

const SHARED = String.raw`https://github\.com/slsa-framework/slsa-github-generator/\.github/workflows/.+@refs/tags/v.+`;

function generated(repository = "octo/widgets") {
  const workflow =
    "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
  const claims = githubRun({ repository, ref: "refs/tags/v1.2.3", workflow });
  return { bundle: keyless({ statement: provenance(claims), leaf: { claims } }) };
}
