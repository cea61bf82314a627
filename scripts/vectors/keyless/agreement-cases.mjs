// What is signed, and whether it agrees with the certificate: A4, A12, A17, A18, A20, A25, A36.
import { RELEASE_RUN } from "../../../packages/testkit/src/sigstore/index.ts";
import { npmTarball } from "../npm-tarball.mjs";
import { changed, OTHER, subject, TOOL } from "../release-parts.mjs";
import { keyless, provenance } from "./keyless-release.mjs";

export function agreementCases({ pass, fail }, { p256 }) {
  const signing = (statement, options = {}) => ({ bundle: keyless({ statement, ...options }) });
  const good = provenance();

  // A4
  const sbom = { ...good, predicateType: "https://spdx.dev/Document", predicate: { spdxVersion: "SPDX-2.3" } };
  fail(
    "content-sbom",
    "NOT_PROVENANCE",
    "keyless",
    "The right signer and the right subject, in an SBOM (A4, CVE-2026-39395).",
    signing(sbom),
  );
  fail(
    "content-version-unknown",
    "NOT_PROVENANCE",
    "keyless",
    "The predicate type is of a version that does not exist (A4).",
    signing({ ...good, predicateType: "https://slsa.dev/provenance/v9" }),
  );
  const text = JSON.stringify(good);
  fail(
    "content-no-json",
    "STATEMENT_MALFORMED",
    "keyless",
    "The payload ends too early, and is no JSON (A4).",
    signing(text.slice(0, -1)),
  );
  fail(
    "content-twice",
    "STATEMENT_MALFORMED",
    "keyless",
    "The payload has `predicateType` twice (A4).",
    signing(text.replace('"predicateType"', '"predicateType":"https://spdx.dev/Document","predicateType"')),
  );
  fail(
    "content-other-type",
    "STATEMENT_MALFORMED",
    "keyless",
    "The statement was signed as `text/plain` (A4).",
    signing(good, { payloadType: "text/plain" }),
  );

  // The signature
  const more = structuredClone(good);
  more.predicate.runDetails.byproducts = [];
  fail("content-changed", "SIGNATURE_INVALID", "log-none-accepted", "The payload was changed after signing.", {
    bundle: changed(keyless({ entry: null }), ({ dsseEnvelope }) => {
      dsseEnvelope.payload = Buffer.from(JSON.stringify(more)).toString("base64");
    }),
    args: { withoutLog: true },
  });
  // A12
  fail("content-two-signatures", "BUNDLE_MALFORMED", "keyless", "The signature stands there twice (A12).", {
    bundle: changed(keyless(), ({ dsseEnvelope: { signatures } }) => signatures.push(signatures[0])),
  });
  fail("content-no-signature", "BUNDLE_MALFORMED", "keyless", "There is no signature (A12).", {
    bundle: changed(keyless(), ({ dsseEnvelope }) => Object.assign(dsseEnvelope, { signatures: [] })),
  });

  evidence({ pass, fail }, p256);
  packages({ pass, fail });
  names({ pass, fail });
  agreement({ fail });
}

/** A18: nothing that counts is nothing. */
function evidence({ pass, fail }, { publicPem }) {
  fail("evidence-empty", "BUNDLE_MALFORMED", "keyless", "The file of evidence is empty (A18, CVE-2025-25204).", {
    bundle: "",
  });
  fail("evidence-list", "BUNDLE_MALFORMED", "keyless", "The evidence is an empty list (A18).", { bundle: "[]\n" });
  fail("evidence-media-type", "BUNDLE_MALFORMED", "keyless", "The bundle is of a version that does not exist (A18).", {
    bundle: { ...keyless(), mediaType: "application/vnd.dev.sigstore.bundle.v9+json" },
  });
  const files = { "key.pub": publicPem };
  pass("evidence-either", "A key is trusted, and an identity. The identity signed.", {
    args: { key: "key.pub" },
    files,
  });
  fail(
    "evidence-unasked",
    "SIGNER_UNTRUSTED",
    "evidence-either",
    "The evidence has a certificate, and only a key is trusted (A18).",
    { args: { key: "key.pub", identities: [], trustedRoot: null }, files },
  );
  fail("evidence-untrusted", "TRUST_UNSET", "keyless", "Nobody is trusted (A18).", {
    args: { identities: [], trustedRoot: null },
  });
}

/** A17: only provenance of this very package covers it. */
function packages({ pass, fail }) {
  const tarball = npmTarball({ name: "@octo/pad", version: "1.0.0" });
  const published = (bundle) => ({
    bundle,
    files: { "release/pad.tgz": tarball },
    args: { targets: ["release/pad.tgz"] },
    digests: null,
  });
  const purl = "pkg:npm/%40octo/pad@1.0.0";
  const about = (name) => keyless({ statement: provenance(undefined, [subject(name, tarball)]) });
  pass("package", "The provenance of a package.", published(about(purl)));
  fail(
    "package-other",
    "SUBJECT_MISMATCH",
    "package",
    "Provenance that has these bytes under another package's name (A17, GHSA-r2xv-vpr2-42m9).",
    published(about("pkg:npm/%40octo/wide@1.0.0")),
  );
  const publish = {
    ...provenance(undefined, [subject(purl, tarball)]),
    predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
    predicate: { name: "@octo/pad", version: "1.0.0", registry: "https://registry.npmjs.org" },
  };
  fail(
    "package-publish-only",
    "NOT_PROVENANCE",
    "package",
    "The registry's word that the package was published, and nothing about where it came from (A17).",
    published(keyless({ statement: publish })),
  );
}

/** A20: names are compared, and lead nowhere. */
function names({ pass, fail }) {
  const beside = (name, where, subjectName) => {
    const parts = {
      bundle: keyless({ statement: provenance(undefined, [subject("tool", TOOL), subject(subjectName, OTHER)]) }),
      files: { outside: OTHER },
      digests: null,
    };
    pass(`path-${name}`, `A second subject is called \`${subjectName}\`; ${where} lies a file with its bytes.`, {
      ...parts,
      args: { targets: ["release"] },
    });
    fail(
      `path-${name}-complete`,
      "SUBJECT_ABSENT",
      `path-${name}`,
      "All subjects are wanted. A name leads to no file outside the target, so that this one is absent (A20, CVE-2026-24686).",
      { ...parts, args: { targets: ["release"], complete: true } },
    );
  };
  beside("upwards", "in that place", "../outside");
  beside("absolute", "beside the target", "/outside");
  for (const [name, subjectName] of [
    ["nul", "tool\u0000"],
    ["backslash", "release\\tool"],
  ]) {
    fail(
      `path-${name}`,
      "SUBJECT_MISMATCH",
      "keyless",
      `The subject is called \`${JSON.stringify(subjectName)}\`, which is another name than \`tool\` (A20).`,
      { bundle: keyless({ statement: provenance(undefined, [subject(subjectName, TOOL)]) }), digests: null },
    );
  }
}

/** A25, A36: the job that signs may write anything, and the certificate is the platform's word. */
function agreement({ fail }) {
  const disagree = (name, what, change) => {
    const statement = provenance();
    change(statement.predicate.buildDefinition, statement.predicate.runDetails);
    fail(
      `agreement-${name}`,
      "PREDICATE_MISMATCH",
      "keyless",
      `The provenance names another ${what} than the certificate (A25).`,
      { bundle: keyless({ statement }) },
    );
  };
  const { sourceRepositoryUri: repository, sourceRepositoryRef: ref } = RELEASE_RUN;
  disagree("builder", "builder", (_, run) => {
    run.builder.id = run.builder.id.replace("release.yml", "other.yml");
  });
  disagree("runner", "kind of runner", (build) => {
    build.internalParameters.github.runner_environment = "self-hosted";
  });
  disagree("run", "run", (_, run) => {
    run.metadata.invocationId = run.metadata.invocationId.replace("/42/", "/43/");
  });
  disagree("source", "source repository", ({ resolvedDependencies: [first] }) => {
    first.uri = `git+${repository}-fork@${ref}`;
  });
  disagree("source-ref", "source ref", ({ resolvedDependencies: [first] }) => {
    first.uri = `git+${repository}@refs/tags/v1.2.4`;
  });
  disagree("event", "event", (build) => {
    build.internalParameters.github.event_name = "workflow_dispatch";
  });
  disagree("repository-id", "repository id", (build) => {
    build.internalParameters.github.repository_id = "1002";
  });
  disagree("owner-id", "owner id", (build) => {
    build.internalParameters.github.repository_owner_id = "2003";
  });
  disagree("workflow-repository", "workflow repository", ({ externalParameters: { workflow } }) => {
    workflow.repository = `${repository}-fork`;
  });
  disagree("workflow-ref", "workflow ref", ({ externalParameters: { workflow } }) => {
    workflow.ref = "refs/heads/main";
  });
  disagree("workflow-path", "workflow path", ({ externalParameters: { workflow } }) => {
    workflow.path = ".github/workflows/other.yml";
  });
  const checkedOut = provenance();
  checkedOut.predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit =
    "fedcba9876543210fedcba9876543210fedcba98";
  fail(
    "agreement-commit",
    "PREDICATE_MISMATCH",
    "keyless",
    "The provenance names another commit than the certificate: something else was checked out than what started the run (A25, A36).",
    { bundle: keyless({ statement: checkedOut }) },
  );
}
