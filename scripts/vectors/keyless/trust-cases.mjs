// Whom a trust file believes, and what for: A27, A28, A37, A40. Most pairs have one trust file, and evidence that differs in what it
// looks at.

import { policyFile, ruled, trustFile } from "../policy-parts.mjs";
import { line, statement, subject, TOOL } from "../release-parts.mjs";
import { bundle as keyBundle } from "../signing.mjs";
import { ISSUER, rootsOf, stranger } from "./authorities.mjs";
import { built } from "./policy-cases.mjs";

const WORKFLOW = "octo/builder/.github/workflows/build.yml";
const SOURCE = "github.com/octo/widgets";
const COMMIT = "0123456789abcdef".repeat(3).slice(0, 40);
const OTHER_COMMIT = "fedcba98".repeat(5);

/** A workflow of another repository, which builds for any that call it. */
const ENTRY = {
  name: "builder",
  signer: { issuer: ISSUER, workflow: `github.com/${WORKFLOW}`, at: { tags: ">=1 <2" } },
  builder: "same-as-signer",
  "max-level": 2,
  source: "octo/widgets",
};
const called = ({ at = "refs/tags/v1.4.0", ...run } = {}) => built({ workflow: `${WORKFLOW}@${at}`, ...run });

/** @param list - of `keylessRelease`. */
export function trustCases(list, keys) {
  const { pass, fail } = list;
  const trusting = (entries, { bundle = called(), policy = null, ...parts } = {}) => ({
    ...parts,
    bundle,
    digests: null,
    files: {
      ...trustFile(...[entries].flat()),
      ...(policy === null ? {} : policyFile([{ match: "tool", source: SOURCE, ...policy }])),
      ...parts.files,
    },
    args: { identities: [], trust: ["trust.json"], ...(policy === null ? {} : ruled()), ...parts.args },
  });
  /** One trust file; evidence that it believes and evidence that it does not. */
  const pair = (name, code, change, right, wrong) => {
    const entry = { ...ENTRY, ...change };
    pass(`trust-${name}`, right[0], trusting(entry, right[1]));
    fail(`trust-${name}`, code, `trust-${name}`, wrong[0], trusting(entry, wrong[1]));
  };
  pass("trust", "A workflow that others call is trusted, at its releases, for one repository.", trusting(ENTRY));
  signers(pair, trusting, list);
  sources(trusting, list);
  besides(trusting, list);
  worth(trusting, list, keys);
  times(trusting, list, keys);
  documents(trusting, list);
  presets(trusting, list);
  verifiers(trusting, list, keys);
}

function signers(pair, trusting, { pass, fail }) {
  const notAt = (name, why, at) =>
    fail(`trust-tags-${name}`, "BUILDER_REF_UNKNOWN", "trust", why, trusting(ENTRY, { bundle: called({ at }) }));
  notAt("behind", "It signed at a tag behind the range.", "refs/tags/v2.0.0");
  notAt("branch", "It signed at a branch that is called like such a tag.", "refs/heads/v1.4.0");
  notAt("moving", "It signed at a tag that is moved from release to release, and is no version.", "refs/tags/v1");
  notAt("commit", "It signed at a commit, which may be a fork's (A28).", COMMIT);
  pair(
    "commits",
    "BUILDER_REF_UNKNOWN",
    { signer: { ...ENTRY.signer, at: { tags: ">=1 <2", commits: [COMMIT] } } },
    ["It signed at a commit that is known as released.", { bundle: called({ at: COMMIT }) }],
    ["It signed at a commit that nobody released: it may be a fork's (A28).", { bundle: called({ at: OTHER_COMMIT }) }],
  );
  fail(
    "trust-commits-none-known",
    "TRUST_INVALID",
    "trust-commits",
    "Only released commits count, and nobody wrote any down: that is not any commit (A28).",
    trusting(
      { ...ENTRY, signer: { ...ENTRY.signer, at: { commits: "released" } } },
      { bundle: called({ at: COMMIT }) },
    ),
  );
  fail(
    "trust-workflow",
    "IDENTITY_MISMATCH",
    "trust",
    "Another workflow of the builder's repository.",
    trusting(ENTRY, { bundle: built({ workflow: "octo/builder/.github/workflows/test.yml@refs/tags/v1.4.0" }) }),
  );
  const pattern = {
    signer: {
      issuer: ISSUER,
      "identity-pattern": String.raw`https://github\.com/octo/builder/\.github/workflows/build\.yml@refs/tags/v1\..+`,
    },
  };
  pair(
    "pattern",
    "IDENTITY_MISMATCH",
    pattern,
    ["The pattern fits the whole name.", {}],
    ["The pattern fits the name's beginning only.", { bundle: called({ at: "refs/tags/v10.0.0" }) }],
  );
  const own = { signer: { issuer: ISSUER, workflow: "any-of-source" } };
  pair(
    "own-workflow",
    "IDENTITY_MISMATCH",
    own,
    ["A workflow of the source repository itself.", { bundle: built() }],
    ["A workflow of another repository built it (A27).", {}],
  );
  pass(
    "trust-builders",
    "The provenance names one of the builders for which the signer is trusted.",
    trusting({ ...ENTRY, builder: [`https://github.com/${WORKFLOW}`] }),
  );
  fail(
    "trust-builders",
    "BUILDER_MISMATCH",
    "trust-builders",
    "The signer is trusted for another builder than the provenance names.",
    trusting({ ...ENTRY, builder: ["https://github.com/octo/builder/.github/workflows/other.yml"] }),
  );
  pair(
    "runners",
    "CERTIFICATE_MISMATCH",
    { runners: "github-hosted" },
    ["It ran where it must.", {}],
    ["It ran on somebody's own machine.", { bundle: called({ claims: { runnerEnvironment: "self-hosted" } }) }],
  );
}

function sources(trusting, { pass, fail }) {
  fail(
    "trust-source",
    "SOURCE_MISMATCH",
    "trust",
    "Another repository called the builder (A27).",
    trusting(ENTRY, { bundle: called({ repository: "octo/gadgets" }) }),
  );
  const { source: _source, ...sourceless } = ENTRY;
  pass(
    "trust-source-by-policy",
    "The entry leaves the source to a policy, which has one.",
    trusting(sourceless, { policy: {} }),
  );
  fail(
    "trust-source-by-policy",
    "SOURCE_MISMATCH",
    "trust-source-by-policy",
    "Another repository called it (A27).",
    trusting(sourceless, { policy: {}, bundle: called({ repository: "octo/gadgets" }) }),
  );
  fail(
    "trust-source-unsaid",
    "SOURCE_UNSET",
    "trust",
    "Any repository may call it, and neither trust nor a policy says which (A37).",
    trusting(sourceless),
  );
  fail(
    "trust-source-unsaid-by-policy",
    "SOURCE_MISMATCH",
    "trust-source-by-policy",
    "The policy takes any source, and so does the entry: that is anybody's (A37).",
    trusting(sourceless, { files: policyFile([{ match: "tool", "any-source": true }]), args: ruled() }),
  );
  fail(
    "trust-source-said-of-others",
    "SOURCE_UNSET",
    "trust-source-by-policy",
    "The policy has the source where it speaks of something else, and takes any for the tool (A37).",
    trusting(sourceless, {
      files: policyFile([
        { match: "tool", "any-source": true },
        { match: "other", source: SOURCE },
      ]),
      args: ruled(),
    }),
  );
}

/** Whose further statements count where anybody may call the workflow that signs them (A37). */
function besides(trusting, { pass, fail }) {
  const { source: _source, ...sourceless } = ENTRY;
  const sbom = (rules, repository) =>
    trusting(sourceless, {
      files: {
        ...policyFile(rules),
        "sbom.sigstore.json": line(
          called({
            repository,
            state: (_definition, stated) =>
              Object.assign(stated, { predicateType: "https://spdx.dev/Document", predicate: {} }),
          }),
        ),
      },
      args: { ...ruled(), bundles: ["bundle.sigstore.json", "sbom.sigstore.json"] },
    });
  const rules = [
    { match: "tool", source: SOURCE, require: ["provenance", "sbom"] },
    { match: "gadget", source: "github.com/octo/gadgets" },
  ];
  pass("trust-sbom", "The repository that the tool is of had its SBOM signed.", sbom(rules, "octo/widgets"));
  fail(
    "trust-sbom-of-another-repository",
    "PREDICATE_MISSING",
    "trust-sbom",
    "Another repository had it signed, which the policy expects elsewhere (A37).",
    sbom(rules, "octo/gadgets"),
  );
}

function worth(trusting, { pass, fail }, { p256, other }) {
  pass("trust-level", "The entry gives the level that the policy expects.", trusting(ENTRY, { policy: { level: 2 } }));
  fail(
    "trust-level",
    "LEVEL_TOO_LOW",
    "trust-level",
    "It gives a lower one, whatever the provenance says.",
    trusting({ ...ENTRY, "max-level": 1 }, { policy: { level: 2 } }),
  );
  const byKey = (name, file, operator) => ({
    name,
    signer: { key: file },
    builder: "https://touchmark.dev/builders/local/v1",
    "max-level": 1,
    ...(operator === null ? {} : { operator }),
  });
  const signed = (key) => line(keyBundle(key, Buffer.from(JSON.stringify(statement([subject("tool", TOOL)])))));
  const twice = (operators) =>
    trusting(
      operators.map((operator, index) => byKey(`key ${index}`, `${index}.pub`, operator)),
      {
        policy: { builders: 2 },
        bundle: signed(p256),
        files: { "0.pub": p256.publicPem, "1.pub": other.publicPem, "other.sigstore.json": signed(other) },
        args: { bundles: ["bundle.sigstore.json", "other.sigstore.json"] },
      },
    );
  pass("trust-operators", "Two builders of two operators made the same bytes.", twice(["octo", "umbrella"]));
  const few = (name, why, operators) =>
    fail(`trust-operators-${name}`, "BUILDERS_TOO_FEW", "trust-operators", why, twice(operators));
  few("same", "One operator has both builders.", ["octo", "octo"]);
  few("unnamed", "Nobody says who operates them: it could be one.", [null, null]);
}

function times(trusting, { pass, fail }, { p256 }) {
  const window = (name, change, why, outside) => {
    pass(`trust-${name}`, why, trusting({ ...ENTRY, ...change }));
    fail(`trust-${name}`, "TIME_MISMATCH", `trust-${name}`, outside[0], trusting({ ...ENTRY, ...outside[1] }));
  };
  window("from", { from: "2026-01-15T12:00:00Z" }, "Signed at the very moment from which the signer is trusted.", [
    "Signed a second before.",
    { from: "2026-01-15T12:00:01Z" },
  ]);
  window("until", { until: "2026-01-15" }, "Signed on the last day on which the signer is trusted.", [
    "Signed the day after.",
    { until: "2026-01-14" },
  ]);
  const key = {
    name: "key",
    signer: { key: "key.pub" },
    builder: "https://touchmark.dev/builders/local/v1",
    "max-level": 1,
  };
  const byKey = (change) =>
    trusting(
      { ...key, ...change },
      {
        bundle: line(keyBundle(p256, Buffer.from(JSON.stringify(statement([subject("tool", TOOL)]))))),
        files: { "key.pub": p256.publicPem },
      },
    );
  pass("trust-key", "A key is trusted for one builder.", byKey({}));
  fail(
    "trust-key-builder",
    "BUILDER_MISMATCH",
    "trust-key",
    "It is trusted for another builder.",
    byKey({ builder: "https://touchmark.dev/builders/local/v2" }),
  );
  fail(
    "trust-key-time-unproven",
    "TIME_UNPROVEN",
    "trust-key",
    "It is trusted for a time only, and nothing proves when it signed: whoever has it could claim any day (A7).",
    byKey({ until: "2026-12-31" }),
  );
  const unlogged = called({ entry: null });
  pass(
    "trust-without-log",
    "The entry believes what is in no log, by a timestamp alone.",
    trusting({ ...ENTRY, "without-log": true }, { bundle: unlogged }),
  );
  fail(
    "trust-without-log-unsaid",
    "LOG_ENTRY_INVALID",
    "trust-without-log",
    "The entry does not say so.",
    trusting(ENTRY, { bundle: unlogged }),
  );
  const elsewhere = { files: { "own_root.json": line(rootsOf()) }, roots: rootsOf(stranger) };
  pass(
    "trust-roots",
    "The entry names the roots of its certificates; those of everything else are others.",
    trusting({ ...ENTRY, roots: "own_root.json" }, elsewhere),
  );
  fail(
    "trust-roots-unsaid",
    "CERTIFICATE_INVALID",
    "trust-roots",
    "The entry does not name them.",
    trusting(ENTRY, elsewhere),
  );
}

function documents(trusting, { pass, fail }) {
  const later = { ...ENTRY, name: "builder, later", "max-level": 3, from: "2026-02-01" };
  const until = { ...ENTRY, until: "2026-01-31" };
  pass("trust-apart", "Two entries about one signer, each for a time of its own.", trusting([until, later]));
  fail(
    "trust-overlap",
    "TRUST_OVERLAP",
    "trust-apart",
    "One signature could be of both: what it is worth would depend on their order.",
    trusting([{ ...until, until: "2026-02-01" }, later]),
  );
  const invalid = (name, why, change) => fail(`trust-invalid-${name}`, "TRUST_INVALID", "trust", why, trusting(change));
  const { source, builder: _builder, ...rest } = ENTRY;
  invalid("key", "A key is misspelt: it could be the one that matters (A2).", {
    ...ENTRY,
    source: undefined,
    sources: source,
  });
  invalid("key-of-signer", "A key of the signer is misspelt (A2).", {
    ...ENTRY,
    signer: { ...ENTRY.signer, at: { tag: ">=1 <2", tags: ">=1 <2" } },
  });
  invalid("anywhere", "The workflow is trusted at any ref (A28).", {
    ...ENTRY,
    signer: { issuer: ENTRY.signer.issuer, workflow: ENTRY.signer.workflow },
  });
  invalid("builderless", "No builder is named, so that any would do.", { ...rest, source });
  invalid("anybody", "The pattern fits everybody, which nobody means (A16).", {
    ...ENTRY,
    signer: { issuer: ISSUER, "identity-pattern": ".*" },
  });
  fail("trust-invalid-nothing", "TRUST_INVALID", "trust", "The file believes nobody (A18).", trusting([]));
  fail(
    "trust-invalid-path",
    "TRUST_INVALID",
    "trust",
    "The file names a key outside of its folder (A31).",
    trusting([ENTRY, { name: "key", signer: { key: "../key.pub" }, builder: "https://a.test/v1", "max-level": 1 }]),
  );
}

function presets(trusting, { pass, fail }) {
  const generated = (at, repository = "octo/widgets") =>
    built({
      repository,
      workflow: `slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/${at}`,
    });
  const preset = (name = "slsa-github-generator@2026-11") => ({ preset: name });
  const by = (entry, bundle = generated("v2.1.0")) => trusting(entry, { bundle, policy: {} });
  pass(
    "trust-preset",
    "The user names a list that comes with the program, and the policy has the source.",
    by(preset()),
  );
  fail(
    "trust-preset-tag",
    "BUILDER_REF_UNKNOWN",
    "trust-preset",
    "The generator at a version that the list does not know.",
    by(preset(), generated("v3.0.0")),
  );
  fail(
    "trust-preset-source",
    "SOURCE_MISMATCH",
    "trust-preset",
    "Another repository called the generator (A27).",
    by(preset(), generated("v2.1.0", "octo/gadgets")),
  );
  fail(
    "trust-preset-unnamed",
    "IDENTITY_MISMATCH",
    "trust-preset",
    "The user does not name the list: nothing of it counts.",
    by(ENTRY),
  );
  fail(
    "trust-preset-undated",
    "TRUST_INVALID",
    "trust-preset",
    "A list of which date is not said.",
    by(preset("slsa-github-generator")),
  );
  fail(
    "trust-preset-unknown",
    "TRUST_INVALID",
    "trust-preset",
    "There is no such list.",
    by(preset("slsa-github-generator@2020-01")),
  );
}

function verifiers(trusting, { pass, fail }, { p256 }) {
  const VERIFIER = "https://verifier.test/widgets";
  const entry = {
    name: "verifier",
    signer: { key: "verifier.pub" },
    verifier: {
      id: VERIFIER,
      levels: ["SLSA_BUILD_LEVEL_2"],
      resources: ["pkg:generic/widgets@1.2.3"],
      "max-age": "12h",
    },
  };
  const summary = (change = {}) => ({
    _type: "https://in-toto.io/Statement/v1",
    subject: [subject("tool", TOOL)],
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: VERIFIER },
      timeVerified: "2026-01-15T12:00:00Z",
      resourceUri: "pkg:generic/widgets@1.2.3",
      policy: { uri: "https://verifier.test/policy" },
      verificationResult: "PASSED",
      verifiedLevels: ["SLSA_BUILD_LEVEL_2"],
      ...change,
    },
  });
  const said = (change, now) =>
    trusting(entry, {
      bundle: line(keyBundle(p256, Buffer.from(JSON.stringify(summary(change))))),
      files: { "verifier.pub": p256.publicPem, ...policyFile([{ match: "tool", require: ["vsa"], level: 2 }]) },
      args: { ...ruled(), acceptVsa: true, ...(now === undefined ? {} : { now }) },
    });
  pass("trust-verifier", "A verifier says what it may say, and the policy asks for its word.", said());
  const beyond = (name, code, why, change, now) =>
    fail(`trust-verifier-${name}`, code, "trust-verifier", why, said(change, now));
  beyond("level", "VSA_LEVEL_NOT_ALLOWED", "A40: it asserts a higher level than it was given.", {
    verifiedLevels: ["SLSA_BUILD_LEVEL_3"],
  });
  beyond("resource", "VSA_RESOURCE_NOT_ALLOWED", "A40: it speaks about another release.", {
    resourceUri: "pkg:generic/widgets@1.2.34",
  });
  beyond("id", "VSA_MISMATCH", "A40: the key signed for a verifier that nobody trusts it for.", {
    verifier: { id: `${VERIFIER}/other` },
  });
  beyond(
    "max-age",
    "VSA_TOO_OLD",
    "A40: the summary is a second older than the entry allows.",
    {},
    "2026-01-16T00:00:01Z",
  );
  beyond("level-of-policy", "LEVEL_TOO_LOW", "It says less than the policy expects, which it may.", {
    verifiedLevels: ["SLSA_BUILD_LEVEL_1"],
  });
}
