// npm's document: provenance, and the registry's own word for having published the package (A17).
import { githubRun } from "../../../packages/testkit/src/sigstore/index.ts";
import { npmTarball } from "../npm-tarball.mjs";
import { hash, line } from "../release-parts.mjs";
import { derivedKey } from "./derived-key.mjs";
import { keyless, provenance } from "./keyless-release.mjs";

const PUBLISH = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";
const PROVENANCE = "https://slsa.dev/provenance/v1";
const PURL = "pkg:npm/%40octo/pad@1.0.0";
const TARBALL = npmTarball({ name: "@octo/pad", version: "1.0.0" });
const KEY = derivedKey("npm's registry");
const KEY_ID = "SHA256:registry";
const KEYS = "npm_keys.json";

/** How npm had its bundles in 2023; an entry of this kind keeps no signature. */
const PROMISED = { version: "0.1", entry: "intoto-0.0.1", entryOptions: { proof: false }, timestamp: null };

export function npmCases({ pass, fail }) {
  const document = (attestations, keys = keysJson()) => ({
    bundle: line({ attestations }),
    files: { "release/pad.tgz": TARBALL, [KEYS]: line(keys) },
    args: { targets: ["release/pad.tgz"], npmKeys: KEYS },
    digests: null,
  });
  const good = [published(), built()];

  pass(
    "npm-document",
    "npm's document about a package: provenance, and the registry's word that it published these bytes.",
    document(good),
  );
  pass(
    "npm-document-escaped",
    "The registry writes the slash of the scope as `%2F`, which is the same package.",
    document([published(publish({ name: "pkg:npm/%40octo%2Fpad@1.0.0" })), built()]),
  );
  pass(
    "npm-document-promised",
    "Both attestations are in the log by a promise alone, in entries that keep no signature.",
    document([published(publish(), PROMISED), built(PROMISED)]),
  );
  pass(
    "npm-document-more",
    "An attestation of a type that nobody knows stands beside the two.",
    document([...good, { predicateType: "https://example.com/attestation", bundle: null }]),
  );

  const refuse = (name, error, why, attestations, twin = "npm-document") =>
    fail(`npm-${name}`, error, twin, why, document(attestations));
  refuse("publish-missing", "PUBLISH_MISSING", "The registry's word is missing (A17, GHSA-r2xv-vpr2-42m9).", [built()]);
  for (const [what, statement] of [
    ["of-another-package", publish({ name: "pkg:npm/%40octo/wide@1.0.0" })],
    ["of-another-version", publish({ name: "pkg:npm/%40octo/pad@1.0.1" })],
    ["of-other-bytes", publish({ content: "other bytes" })],
    ["of-a-file", publish({ name: "pad.tgz" })],
    ["of-another-name", publish({ predicate: { name: "@octo/wide" } })],
    ["of-another-number", publish({ predicate: { version: "1.0.1" } })],
  ]) {
    refuse(
      `publish-${what}`,
      "PUBLISH_MISMATCH",
      "The registry's word is genuine, and about something else than the provenance (A17, GHSA-r2xv-vpr2-42m9).",
      [published(statement), built()],
    );
  }
  refuse(
    "publish-of-another-kind",
    "STATEMENT_MALFORMED",
    "What the registry signed is of another type than the document says (A17).",
    [published({ ...publish(), predicateType: "https://example.com/attestation" }), built()],
  );
  refuse("publish-unknown-key", "SIGNER_UNTRUSTED", "The registry has no key of this name (A17).", [
    published(publish(), { keyHint: "SHA256:nobody" }),
    built(),
  ]);
  refuse("publish-other-use", "SIGNER_UNTRUSTED", "The registry uses this key for something else (A17).", [
    published(publish(), { keyHint: "SHA256:signatures" }),
    built(),
  ]);
  refuse("publish-other-key", "LOG_ENTRY_INVALID", "Another key signed under the name of the registry's (A17).", [
    published(publish(), { key: derivedKey("not npm's registry") }),
    built(),
  ]);
  const changed = published(publish(), PROMISED);
  changed.bundle.dsseEnvelope.signatures = keyless({
    ...{ statement: publish(), ...PROMISED, keyHint: KEY_ID, key: derivedKey("not npm's registry") },
  }).dsseEnvelope.signatures;
  refuse(
    "publish-changed",
    "SIGNATURE_INVALID",
    "The signature is another one; the log's entry keeps none that would tell (A17).",
    [changed, built(PROMISED)],
    "npm-document-promised",
  );
  refuse("publish-unlogged", "LOG_ENTRY_INVALID", "The registry's word is in no log (A17).", [
    published(publish(), { entry: null }),
    built(),
  ]);
  refuse("publish-undated", "TIMESTAMP_INVALID", "Nobody says when the registry signed (A17).", [
    published(publish(), { timestamp: null }),
    built(),
  ]);
  refuse(
    "publish-only",
    "NOT_PROVENANCE",
    "The document has the registry's word alone: published without provenance (A17).",
    [published()],
  );
  refuse("two-words", "BUNDLE_MALFORMED", "The registry's word stands there twice: which one counts? (A17)", [
    ...good,
    published(),
  ]);
  refuse("two-provenances", "BUNDLE_MALFORMED", "Provenance stands there twice: which one counts? (A17)", [
    ...good,
    built(),
  ]);
  for (const [name, validFor, why] of [
    ["ended", { end: "2026-01-15T11:59:59.000Z" }, "The registry gave the key up before it signed with it (A7, A17)."],
    [
      "not-begun",
      { start: "2026-01-15T12:00:01.000Z" },
      "The registry signed with the key before it was in use (A7, A17).",
    ],
    ["timeless", null, "The keys do not say from when this one counts (A7, A17)."],
  ]) {
    fail(`npm-key-${name}`, "TIMESTAMP_INVALID", "npm-document", why, document(good, keysJson(validFor)));
  }

  const wanted = (purl) => {
    const parts = document(good);
    return { ...parts, args: { ...parts.args, package: purl } };
  };
  pass("npm-expected", "The package is the one that was asked for.", wanted("pkg:npm/@octo/pad@1.0.0"));
  for (const [name, purl] of [
    ["package", "pkg:npm/%40octo/pads@1.0.0"],
    ["version", "pkg:npm/%40octo/pad@1.0.1"],
  ]) {
    fail(
      `npm-expected-other-${name}`,
      "PACKAGE_MISMATCH",
      "npm-expected",
      `A genuine package was handed out in place of the ${name} that was asked for (A17, A38).`,
      wanted(purl),
    );
  }
}

/** keys.json, as Sigstore's TUF repository has it. */
function keysJson(validFor = {}) {
  const publicKey = {
    rawBytes: Buffer.from(KEY.spki).toString("base64"),
    keyDetails: "PKIX_ECDSA_P256_SHA_256",
    ...(validFor === null ? {} : { validFor: { start: "2026-01-01T00:00:00.000Z", ...validFor } }),
  };
  return {
    keys: [
      { keyId: KEY_ID, keyUsage: "npm:attestations", publicKey },
      { keyId: "SHA256:signatures", keyUsage: "npm:signatures", publicKey },
    ],
  };
}

function publish({ name = PURL, content = TARBALL, predicate = {} } = {}) {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [{ name, digest: { sha512: hash("sha512", content) } }],
    predicateType: PUBLISH,
    predicate: { name: "@octo/pad", version: "1.0.0", registry: "https://registry.npmjs.org", ...predicate },
  };
}

function published(statement = publish(), options = {}) {
  return { predicateType: PUBLISH, bundle: keyless({ statement, key: KEY, keyHint: KEY_ID, ...options }) };
}

/** As npm's command line writes it, in the workflow of the release. */
function built(options = {}) {
  const run = githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.2.3" });
  const statement = provenance(run, [{ name: PURL, digest: { sha512: hash("sha512", TARBALL) } }]);
  const { buildDefinition, runDetails } = statement.predicate;
  buildDefinition.buildType = "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1";
  runDetails.builder.id = "https://github.com/actions/runner/github-hosted";
  return { predicateType: PROVENANCE, bundle: keyless({ statement, ...options }) };
}

/** PyPI's form of the same. */
export function pypiCases({ pass, fail }) {
  const logged = { entry: "dsse-0.0.1", timestamp: null };
  const attestation = (statement, change = {}) => {
    const { verificationMaterial: material, dsseEnvelope } = keyless({ statement, ...logged });
    return {
      version: 1,
      verification_material: {
        certificate: material.certificate.rawBytes,
        transparency_entries: material.tlogEntries,
      },
      envelope: { statement: dsseEnvelope.payload, signature: dsseEnvelope.signatures[0].sig },
      ...change,
    };
  };
  const uploaded = () => ({
    ...provenance(),
    predicateType: "https://docs.pypi.org/attestations/publish/v1",
    predicate: null,
  });
  pass("pypi-attestation", "Provenance in an attestation object (PEP 740).", { bundle: line(attestation()) });
  fail(
    "pypi-publish-only",
    "NOT_PROVENANCE",
    "pypi-attestation",
    "The attestation of an upload says who uploaded a file, and not where it came from (A33).",
    { bundle: line(attestation(uploaded())) },
  );
  fail("pypi-version-2", "BUNDLE_MALFORMED", "pypi-attestation", "The object is of a version that does not exist.", {
    bundle: line(attestation(undefined, { version: 2 })),
  });
  const object = (...attestations) => ({
    version: 1,
    attestation_bundles: [
      { publisher: { kind: "GitHub", repository: "octo/widgets", workflow: "release.yml" }, attestations },
    ],
  });
  pass("pypi-provenance", "What PyPI's integrity API answers: the upload's attestation, and provenance.", {
    bundle: line(object(attestation(uploaded()), attestation())),
  });
  fail(
    "pypi-provenance-publish-only",
    "NOT_PROVENANCE",
    "pypi-provenance",
    "PyPI's integrity API has the upload's attestation alone (A33).",
    { bundle: line(object(attestation(uploaded()))) },
  );
}
