// What a policy expects of a statement, one thing at a time. Most pairs have one policy, and evidence that differs in what the
// policy looks at; a person may trust every workflow of the organization, so that nothing else refuses it.
import { githubRun } from "../../../packages/testkit/src/sigstore/index.ts";
import { policyFile, ruled } from "../policy-parts.mjs";
import { line, OTHER, subject, TOOL } from "../release-parts.mjs";
import { bundle as keyBundle } from "../signing.mjs";
import { keyless, provenance } from "./keyless-release.mjs";

const ANY_WORKFLOW = String.raw`https://github\.com/octo/[a-z]+/\.github/workflows/[a-z]+\.yml@refs/.+`;
const SOURCE = "github.com/octo/widgets";
const SPDX = "https://spdx.dev/Document";
const TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";
const OTHER_COMMIT = "fedcba98".repeat(5);

/** What a run of octo/widgets states, with changes to what the certificate says, to the statement and to how it is signed. */
export function built({
  repository = "octo/widgets",
  ref = "refs/tags/v1.2.3",
  sha,
  workflow,
  claims = {},
  state,
  ...signing
} = {}) {
  const run = {
    repository,
    ref,
    ...(sha === undefined ? {} : { sha }),
    ...(workflow === undefined ? {} : { workflow }),
  };
  const all = { ...githubRun(run), ...claims };
  const statement = provenance(all);
  state?.(statement.predicate.buildDefinition, statement);
  return keyless({ statement, leaf: { claims: all }, ...signing });
}

/** @param list - of `keylessRelease`. */
export function policyCases(list, keys) {
  const { pass, fail } = list;
  const expecting = (rule, { bundle = built(), more = {}, ...parts } = {}) => ({
    bundle,
    digests: null,
    ...parts,
    trust: { identity: null, pattern: ANY_WORKFLOW },
    files: { ...policyFile([{ match: "tool", source: SOURCE, ...rule }], more), ...parts.files },
    args: { ...ruled(), ...parts.args },
  });
  /** One policy; evidence that it takes and evidence that it refuses. */
  const pair = (name, code, rule, right, wrong) => {
    pass(`policy-${name}`, right[0], expecting(rule, right[1]));
    fail(`policy-${name}`, code, `policy-${name}`, wrong[0], expecting(rule, wrong[1]));
  };
  sources(pair, expecting, list);
  refs(pair, expecting, list);
  builds(pair, expecting, list);
  certificates(pair, expecting, list);
  conditions(pair, expecting, list);
  furtherStatements(expecting, list, keys);
  wholePolicies(expecting, list);
  exceptions(expecting, list);
  releases(expecting, list);
  targets(expecting, list);
}

function sources(pair, expecting, { fail }) {
  pair(
    "source",
    "SOURCE_MISMATCH",
    {},
    ["Built from the repository that the policy expects.", {}],
    [
      "Built from another repository of the organization, all of which the user trusts.",
      { bundle: built({ repository: "octo/gadgets" }) },
    ],
  );
  pair(
    "source-id",
    "SOURCE_MISMATCH",
    { "source-id": "1001" },
    [
      "The repository has another name by now, and the id that the policy expects.",
      { bundle: built({ repository: "octo/renamed" }) },
    ],
    [
      "A repository with another id: it was made later (A27).",
      { bundle: built({ repository: "octo/renamed", claims: { sourceRepositoryId: "1002" } }) },
    ],
  );
  fail(
    "policy-source-id-of-name",
    "SOURCE_MISMATCH",
    "policy-source-id",
    "The old name, which a repository that was made later took over (A27).",
    expecting({ "source-id": "1001" }, { bundle: built({ claims: { sourceRepositoryId: "1002" } }) }),
  );
  pair(
    "owner-id",
    "SOURCE_MISMATCH",
    { "owner-id": "2002" },
    ["The owner has the id that the policy expects.", {}],
    [
      "Somebody else took over the owner's name (A27).",
      { bundle: built({ claims: { sourceRepositoryOwnerId: "2003" } }) },
    ],
  );
}

function refs(pair, expecting, { fail }) {
  const other = (ref) => ({ bundle: built({ ref }) });
  pair(
    "ref",
    "SOURCE_MISMATCH",
    { ref: "refs/heads/main" },
    ["Built from the ref that the policy expects.", other("refs/heads/main")],
    ["Built from a ref that begins alike (A16).", other("refs/heads/main2")],
  );
  pair(
    "branch",
    "SOURCE_MISMATCH",
    { branch: ["main", "stable"] },
    ["Built from one of the branches that the policy expects.", other("refs/heads/stable")],
    ["Built from a tag that is called like the branch.", other("refs/tags/stable")],
  );
  pair(
    "tag",
    "TAG_MISMATCH",
    { tag: "v{semver} >=1.2 <2" },
    ["The tag is a version in the range.", {}],
    ["The version is older than the range.", other("refs/tags/v1.1.9")],
  );
  const notThat = (name, why, ref) =>
    fail(`policy-tag-${name}`, "TAG_MISMATCH", "policy-tag", why, expecting({ tag: "v{semver} >=1.2 <2" }, other(ref)));
  notThat(
    "pre-release",
    "A pre-release of a version in the range, which a range does not mean.",
    "refs/tags/v1.3.0-rc.1",
  );
  notThat("branch", "A branch that is called like such a tag.", "refs/heads/v1.2.3");
  notThat("of-another", "The tag of something else in the repository.", "refs/tags/cli-v1.2.3");
  pair(
    "versioned-tag",
    "TAG_MISMATCH",
    { "versioned-tag": "v1.2" },
    ["The tag's version begins as the policy expects.", {}],
    ["The tag's version begins so as text only.", other("refs/tags/v1.20.0")],
  );
  pair(
    "commit",
    "SOURCE_MISMATCH",
    { commit: OTHER_COMMIT },
    ["Built from the commit that the policy expects.", { bundle: built({ sha: OTHER_COMMIT }) }],
    ["The tag was moved to another commit.", {}],
  );
}

function builds(pair, expecting, { pass, fail }) {
  const BUILD_TYPE = "https://actions.github.io/buildtypes/workflow/v1";
  const parameters = (change) => ({
    bundle: built({ state: ({ externalParameters }) => Object.assign(externalParameters, change) }),
  });
  pair(
    "build-type",
    "BUILD_TYPE_MISMATCH",
    { "build-type": BUILD_TYPE },
    ["Built as the policy expects.", {}],
    [
      "Built in another way, whose parameters may mean something else.",
      { bundle: built({ state: (definition) => Object.assign(definition, { buildType: `${BUILD_TYPE}1` }) }) },
    ],
  );
  pair(
    "builder",
    "BUILDER_MISMATCH",
    { builder: "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3" },
    ["Built by the builder that the policy expects.", {}],
    [
      "Built by another workflow of the same repository.",
      { bundle: built({ workflow: "octo/widgets/.github/workflows/nightly.yml@refs/tags/v1.2.3" }) },
    ],
  );
  pair(
    "parameters-only",
    "PARAMETER_UNEXPECTED",
    { parameters: { only: ["workflow", "inputs.debug"] } },
    ["Every parameter is one that the policy knows.", parameters({ inputs: { debug: "true" } })],
    ["One more parameter, beside one that the policy knows.", parameters({ inputs: { debug: "true", flags: "-x" } })],
  );
  pair(
    "parameters-values",
    "PARAMETER_UNEXPECTED",
    { parameters: { values: { "inputs.debug": false } } },
    ["The parameter is what the policy expects.", parameters({ inputs: { debug: false } })],
    ["The parameter is a text that reads like it.", parameters({ inputs: { debug: "false" } })],
  );
  fail(
    "policy-parameters-values-unset",
    "PARAMETER_UNEXPECTED",
    "policy-parameters-values",
    "Nobody says what the parameter was.",
    expecting({ parameters: { values: { "inputs.debug": false } } }),
  );
  pair(
    "parameters-reject-unknown",
    "PARAMETER_UNEXPECTED",
    {
      parameters: {
        values: {
          "workflow.ref": "refs/tags/v1.2.3",
          "workflow.repository": "https://github.com/octo/widgets",
          "workflow.path": ".github/workflows/release.yml",
        },
        "reject-unknown": true,
      },
    },
    ["Every parameter is named, and is what it should be.", {}],
    ["A parameter that the policy does not name.", parameters({ inputs: { debug: "true" } })],
  );
  pair(
    "workflow-inputs",
    "PARAMETER_UNEXPECTED",
    { "workflow-inputs": { debug: false } },
    [
      "The workflow was started as the policy expects; GitHub writes inputs as text.",
      parameters({ inputs: { debug: "false" } }),
    ],
    ["The workflow was started with another input.", parameters({ inputs: { debug: "true" } })],
  );
  fail(
    "policy-workflow-inputs-two-places",
    "PARAMETER_UNEXPECTED",
    "policy-workflow-inputs",
    "Two places have inputs, and say two things.",
    expecting(
      { "workflow-inputs": { debug: false } },
      parameters({ inputs: { debug: "false" }, event_inputs: { debug: "true" } }),
    ),
  );
  const elsewhere = {
    bundle: built({
      state: (_definition, statement) => Object.assign(statement, { subject: [subject("tool-1.2.3", TOOL)] }),
    }),
  };
  pass(
    "policy-any-name",
    "The policy takes the tool under another name than it was built as.",
    expecting({ "any-name": true }, elsewhere),
  );
  fail(
    "policy-any-name-unsaid",
    "SUBJECT_MISMATCH",
    "policy-any-name",
    "The policy does not say so.",
    expecting({}, elsewhere),
  );
}

function certificates(pair, expecting, { fail }) {
  pair(
    "trigger",
    "CERTIFICATE_MISMATCH",
    { trigger: ["push", "release"] },
    ["A push started the run.", {}],
    ["A schedule started the run.", { bundle: built({ claims: { buildTrigger: "schedule", trigger: "schedule" } }) }],
  );
  pair(
    "runner",
    "CERTIFICATE_MISMATCH",
    { runner: "github-hosted" },
    ["Built on GitHub's own runner.", {}],
    ["Built on somebody's own machine.", { bundle: built({ claims: { runnerEnvironment: "self-hosted" } }) }],
  );
  pair(
    "max-age",
    "TOO_OLD",
    { "max-age": "12h" },
    ["Signed exactly as long ago as the policy allows.", {}],
    ["A second has passed.", { args: { now: "2026-01-16T00:00:01Z" } }],
  );
  fail(
    "policy-expired",
    "POLICY_EXPIRED",
    "policy-expires",
    "The day after the policy's last one.",
    expecting({}, { more: { expires: "2026-01-16" }, args: { now: "2026-01-17T00:00:00Z" } }),
  );
}

function conditions(pair, expecting, { pass, fail }) {
  const when =
    'statement.predicate.buildDefinition.internalParameters.github.event_name == "push" && artifact.name.endsWith("tool")';
  pair(
    "when",
    "CONDITION_FAILED",
    { when },
    ["The expression is true.", {}],
    ["The expression is false.", { bundle: built({ claims: { buildTrigger: "schedule", trigger: "schedule" } }) }],
  );
  const unsaid = {
    bundle: built({ state: (definition) => Object.assign(definition, { internalParameters: { github: {} } }) }),
  };
  fail(
    "policy-when-unknown",
    "CONDITION_FAILED",
    "policy-when",
    "The statement does not have what the expression looks at: it cannot be computed, which is not true.",
    expecting({ when }, unsaid),
  );
  const denial = when.replace('== "push"', '!= "schedule"');
  pass("policy-when-not", "The expression is a denial, and it is none of that.", expecting({ when: denial }));
  fail(
    "policy-when-not-unknown",
    "CONDITION_FAILED",
    "policy-when-not",
    "The statement does not have what is denied: it could be just that.",
    expecting({ when: denial }, unsaid),
  );
  fail(
    "policy-when-no-expression",
    "POLICY_INVALID",
    "policy-when",
    "The expression is none: refused before anything is read.",
    expecting({ when: `${when} &&` }),
  );
}

function furtherStatements(expecting, { pass, fail }, { p256, other }) {
  const about = (predicateType, predicate, content = TOOL) => ({
    _type: "https://in-toto.io/Statement/v1",
    subject: [subject("tool", content)],
    predicateType,
    predicate,
  });
  /** A further statement, signed by the workflow unless `signed` says otherwise. */
  const beside = (rule, statement, signed = keyless({ statement }), more = {}) =>
    expecting(rule, {
      ...(more.bundle === undefined ? {} : { bundle: more.bundle }),
      files: { "beside.sigstore.json": line(signed), ...more.files },
      args: { bundles: ["bundle.sigstore.json", "beside.sigstore.json"], ...more.args },
    });
  const sbom = { require: ["provenance", "sbom"] };
  const tested = { require: ["provenance", "test-result"] };
  pass("policy-require-sbom", "The signer states an SBOM of the tool too.", beside(sbom, about(SPDX, {})));
  const missing = (name, kind, why, content) =>
    fail(`policy-require-${name}`, "PREDICATE_MISSING", `policy-require-${kind}`, why, content);
  missing("sbom-of-another", "sbom", "The SBOM is of something else.", beside(sbom, about(SPDX, {}, OTHER)));
  missing("sbom-none", "sbom", "A test result is no SBOM.", beside(sbom, about(TEST_RESULT, { result: "PASSED" })));
  missing(
    "sbom-by-a-stranger",
    "sbom",
    "Nobody trusted signed the SBOM.",
    beside(sbom, null, keyBundle(other, Buffer.from(JSON.stringify(about(SPDX, {}))))),
  );
  pass(
    "policy-require-test-result",
    "The signer states that the tests passed.",
    beside(tested, about(TEST_RESULT, { result: "PASSED" })),
  );
  missing(
    "test-result-failed",
    "test-result",
    "The tests failed (A33).",
    beside(tested, about(TEST_RESULT, { result: "FAILED" })),
  );
  pass(
    "policy-require-uri",
    "A statement of the very type that the policy names.",
    beside({ require: ["provenance", "https://octo.test/review/v1"] }, about("https://octo.test/review/v1", {})),
  );
  missing(
    "uri-longer",
    "uri",
    "A statement whose type begins alike.",
    beside({ require: ["provenance", "https://octo.test/review/v1"] }, about("https://octo.test/review/v11", {})),
  );
  fail(
    "policy-provenance-none",
    "NOT_PROVENANCE",
    "policy-require-sbom",
    "An SBOM alone: what the policy requires beside provenance covers nothing (A33).",
    beside(sbom, about(SPDX, {}), undefined, { bundle: keyless({ statement: about(SPDX, {}) }) }),
  );
  const VERIFIER = "https://verifier.test/widgets";
  const summary = (result) =>
    about("https://slsa.dev/verification_summary/v1", {
      verifier: { id: VERIFIER },
      timeVerified: "2026-01-15T12:00:00Z",
      resourceUri: "pkg:generic/widgets@1.2.3",
      policy: { uri: "https://verifier.test/policy" },
      verificationResult: result,
      verifiedLevels: ["SLSA_BUILD_LEVEL_3"],
    });
  const verifier = {
    files: { "verifier.pub": p256.publicPem },
    args: {
      verifiers: [
        {
          key: "verifier.pub",
          verifier: VERIFIER,
          resource: "pkg:generic/widgets@1.2.3",
          levels: ["SLSA_BUILD_LEVEL_2"],
        },
      ],
    },
  };
  const summarized = (result, rule = { require: ["provenance", "vsa"] }, key = p256) =>
    beside(rule, null, keyBundle(key, Buffer.from(JSON.stringify(summary(result)))), verifier);
  pass("policy-require-vsa", "A verifier says that it verified the tool.", summarized("PASSED"));
  missing("vsa-failed", "vsa", "The verifier says that the tool failed.", summarized("FAILED"));
  missing(
    "vsa-by-a-stranger",
    "vsa",
    "Somebody else says so.",
    summarized("PASSED", { require: ["provenance", "vsa"] }, other),
  );
}

function wholePolicies(expecting, { pass, fail }) {
  pass(
    "policy-match",
    "The first rule that matches decides; a later one would refuse.",
    expecting(
      {},
      {
        files: policyFile([
          { match: "tool", source: SOURCE },
          { match: "**", source: "github.com/octo/gadgets" },
        ]),
      },
    ),
  );
  fail(
    "policy-match-later",
    "SOURCE_MISMATCH",
    "policy-match",
    "Only a later rule would let it through.",
    expecting(
      {},
      {
        files: policyFile([
          { match: "tool", source: "github.com/octo/gadgets" },
          { match: "**", source: SOURCE },
        ]),
      },
    ),
  );
  fail(
    "policy-unmatched",
    "POLICY_UNMATCHED",
    "policy-source",
    "No rule matches the tool: good evidence does not help.",
    expecting({ match: "tool-*" }),
  );
  pass("policy-expires", "On the policy's last day.", expecting({}, { more: { expires: "2026-01-16" } }));
  const invalid = (name, why, files) =>
    fail(`policy-invalid-${name}`, "POLICY_INVALID", "policy-source", why, expecting({}, { files }));
  invalid(
    "key",
    "A key is misspelt: it could be the one that matters (A2).",
    policyFile([{ match: "tool", source: SOURCE, levle: 3 }]),
  );
  invalid("nothing", "A policy without rules (A18).", policyFile([]));
  invalid(
    "sourceless",
    "A rule expects no source, and does not say that this is meant (A37).",
    policyFile([{ match: "tool" }]),
  );
  invalid("no-policy", "The policy is nothing (A18).", { "policy.json": "null\n" });
  invalid("level", "There is no such level.", policyFile([{ match: "tool", source: SOURCE, level: 4 }]));
  fail(
    "policy-inside-target",
    "POLICY_INSIDE_TARGET",
    "policy-source",
    "The release brings the policy by which it is to be judged (A31).",
    {
      ...expecting({}),
      files: { "release/policy.json": policyFile([{ match: "tool", source: SOURCE }])["policy.json"] },
      args: { ...ruled(), policy: "release/policy.json", targets: ["release"] },
    },
  );
}

function exceptions(expecting, { pass, fail }) {
  const entry = (change = {}) => ({
    match: "old",
    digest: `sha256:${subject("old", OTHER).digest.sha256}`,
    until: "2026-01-16",
    reason: "made before there was provenance",
    by: "platform",
    ...change,
  });
  const excepted = (exceptionEntry, args = {}, more = {}) =>
    expecting(
      {},
      {
        more: { exceptions: [exceptionEntry], ...more },
        files: { "release/old": OTHER },
        args: { targets: ["release/tool", "release/old"], ...args },
      },
    );
  pass("policy-exception", "What has no evidence is let through by its digest, on the last day.", excepted(entry()));
  fail(
    "policy-exception-other-digest",
    "NOT_COVERED",
    "policy-exception",
    "The exception is for other bytes of this name.",
    excepted(entry({ digest: `sha256:${"0".repeat(64)}` })),
  );
  fail(
    "policy-exception-other-name",
    "NOT_COVERED",
    "policy-exception",
    "The exception is for these bytes under another name.",
    excepted(entry({ match: "older" })),
  );
  fail(
    "policy-exception-over",
    "EXCEPTION_EXPIRED",
    "policy-exception",
    "The exception was until yesterday.",
    excepted(entry(), { now: "2026-01-17T00:00:00Z" }),
  );
  fail(
    "policy-exception-denied",
    "DENIED",
    "policy-exception",
    "The same policy denies these bytes: that is above every exception (A39).",
    excepted(entry(), {}, { deny: [{ reason: "for a test", digest: entry().digest }] }),
  );
  const denying = (digest) => expecting({}, { more: { deny: [{ reason: "for a test", digest }] } });
  pass("policy-deny", "The policy denies other bytes.", denying(entry().digest));
  fail(
    "policy-deny",
    "DENIED",
    "policy-deny",
    "The policy denies the tool, whoever signed it (A39).",
    denying(`sha256:${subject("tool", TOOL).digest.sha256}`),
  );
  fail(
    "policy-deny-unknown-condition",
    "DENY_INVALID",
    "policy-deny",
    "A condition that nobody knows in the policy's own list: it could be the one that matters (A2, A39).",
    expecting({}, { more: { deny: [{ reason: "for a test", signer: "x", digest: entry().digest }] } }),
  );
}

function releases(expecting, { pass, fail }) {
  const of = (version, parts = {}) => expecting({}, { more: { release: { version } }, ...parts });
  const next = { bundle: built({ ref: "refs/tags/v1.2.4" }) };
  pass("policy-release", "It belongs to the very release that is meant.", of("1.2.3"));
  fail("policy-release", "RELEASE_MISMATCH", "policy-release", "It belongs to the next one.", of("1.2.3", next));
  pass("policy-release-range", "It belongs to a release in the range.", of(">=1.2 <1.3"));
  fail(
    "policy-release-range",
    "RELEASE_MISMATCH",
    "policy-release-range",
    "It belongs to a release behind the range (A38).",
    of(">=1.2 <1.3", { bundle: built({ ref: "refs/tags/v1.3.0" }) }),
  );
  fail(
    "policy-release-branch",
    "RELEASE_MISMATCH",
    "policy-release",
    "It was built from a branch that is called like the release.",
    of("1.2.3", { bundle: built({ ref: "refs/heads/v1.2.3" }) }),
  );
  const seen = (version) => ({
    files: {
      "state.json": `${JSON.stringify({ releases: { "https://github.com/octo/widgets": { "": version } }, roots: [], version: 1 })}\n`,
    },
    args: { state: "state.json" },
  });
  pass("policy-release-monotonic", "The same release was seen before.", of("monotonic", seen("1.2.3")));
  fail(
    "policy-release-monotonic",
    "ROLLBACK",
    "policy-release-monotonic",
    "A newer release was seen before (A38).",
    of("monotonic", seen("1.2.4")),
  );
  fail(
    "policy-release-monotonic-branch",
    "RELEASE_MISMATCH",
    "policy-release-monotonic",
    "It belongs to no release, which could be older than any (A38).",
    of("monotonic", { ...seen("1.2.3"), bundle: built({ ref: "refs/heads/main" }) }),
  );
  fail(
    "policy-release-monotonic-unremembered",
    "USAGE",
    "policy-release-monotonic",
    "Nothing remembers what was seen before: any release could be the newest (A38).",
    of("monotonic", { files: seen("1.2.3").files }),
  );
}

/** A30–A32 where a policy is content with everything: it does not make up for what the engine refuses. */
function targets(expecting, { pass, fail }) {
  const two = (one, other) =>
    built({
      state: (_definition, statement) =>
        Object.assign(statement, { subject: [subject("tool", one), subject("old", other)] }),
    });
  const anything = { match: "**" };
  const folder = (bundle, files = {}) =>
    expecting(anything, { bundle, files: { "release/old": OTHER, ...files }, args: { targets: ["release"] } });
  pass("policy-folder", "Two tools, which one rule is about.", folder(two(TOOL, OTHER)));
  fail(
    "policy-folder-swapped",
    "SUBJECT_MISMATCH",
    "policy-folder",
    "Each has the other's bytes (A30).",
    folder(two(OTHER, TOOL)),
  );
  fail(
    "policy-folder-script",
    "NOT_COVERED",
    "policy-folder",
    "A script that is called like evidence (A32).",
    folder(two(TOOL, OTHER), { "release/install.sigstore.json": "#!/bin/sh\n" }),
  );
  fail(
    "policy-folder-own-policy",
    "NOT_COVERED",
    "policy-folder",
    "The release brings a policy that lets it through. It is a file like any other (A31).",
    folder(two(TOOL, OTHER), {
      "release/touchmark.policy.yaml": policyFile([{ match: "**", "any-source": true }])["policy.json"],
    }),
  );
}
