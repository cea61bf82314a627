// Lists of whole releases, and gaps that published releases have: what is there and nobody vouches for it as a part of this one.
import { line, OTHER, statement, subject, TOOL } from "./release-parts.mjs";

const PROVENANCE = "release.intoto.jsonl";
const LIST = "release.release.sigstore.json";
const SBOM = '{"spdxVersion":"SPDX-2.3","name":"tool 1.0.0"}\n';
const OLDER_SBOM = '{"spdxVersion":"SPDX-2.3","name":"tool 0.9.0"}\n';
const WANTED = { release: { version: null } };

export function releaseCases({ pass, fail, evidence }, { other }) {
  const proof = (files, options) => line(evidence(statement(subjectsOf(files)), options));
  const list = (files, { version = "1.0.0", key = undefined, purl = `pkg:generic/tool@${version}` } = {}) =>
    line(
      evidence(
        {
          ...statement(subjectsOf(files)),
          predicateType: "https://in-toto.io/attestation/release/v0.2",
          predicate: { purl },
        },
        key === undefined ? {} : { key },
      ),
    );
  const artifacts = { tool: TOOL, "tool.spdx.json": SBOM };
  const provenance = proof(artifacts);
  const whole = { ...artifacts, [PROVENANCE]: provenance };
  /** A release as it was listed; `change` is what somebody did to the folder, and null takes a file away. */
  const listed = (change = {}, args = {}) => ({
    files: prefixed({ ...whole, [LIST]: list(whole), ...change }),
    args: { ...WANTED, ...args },
  });

  pass("release-list", "All that the list has is here, and nothing else.", listed());
  pass("release-list-version", "The user says which version.", listed({}, { release: { version: "1.0.0" } }));
  fail(
    "release-list-absent",
    "RELEASE_INCOMPLETE",
    "release-list",
    "An artifact was taken away.",
    listed({ "tool.spdx.json": null }),
  );
  fail(
    "release-list-evidence-absent",
    "RELEASE_INCOMPLETE",
    "release-list",
    "A file of evidence was replaced by another that says as much.",
    listed({ [PROVENANCE]: null, "other.intoto.jsonl": `${provenance}\n` }),
  );
  fail("release-list-removed", "RELEASE_MISSING", "release-list", "The list was taken away.", listed({ [LIST]: null }));
  fail(
    "release-list-by-a-stranger",
    "SIGNER_UNTRUSTED",
    "release-list",
    "Somebody else lists the release: there is no list.",
    listed({ [LIST]: list(whole, { key: other }) }),
  );
  fail(
    "release-list-without-version",
    "STATEMENT_MALFORMED",
    "release-list",
    "The list does not say of which release it is.",
    listed({ [LIST]: list(whole, { purl: "pkg:generic/tool" }) }),
  );
  fail(
    "release-list-other-version",
    "RELEASE_MISSING",
    "release-list-version",
    "The user wants another version than the list is of.",
    listed({}, { release: { version: "1.0.1" } }),
  );
  const two = { "older.sigstore.json": list({ tool: OTHER }, { version: "0.9.0" }) };
  fail(
    "release-list-two",
    "RELEASE_AMBIGUOUS",
    "release-list-two-one-wanted",
    "There are lists of two releases, and nobody said which one is meant.",
    listed(two),
  );
  pass("release-list-two-one-wanted", "The user says which of two.", listed(two, { release: { version: "1.0.0" } }));
  pass("release-list-state", "The same release was seen before.", seen(listed(), "1.0.0"));
  fail(
    "release-list-rollback",
    "ROLLBACK",
    "release-list-state",
    "A newer release was seen before (A38).",
    seen(listed(), "1.0.1"),
  );
  pass(
    "release-list-not-wanted",
    "An artifact was taken away, and the user did not ask for all of the release.",
    listed({ "tool.spdx.json": null }, { release: null }),
  );

  // Gaps of published releases, each with what closes it.
  const asset = { ...artifacts, "crd.json": "{}\n" };
  const withAsset = (proven, args) => ({
    files: prefixed({ ...asset, [PROVENANCE]: proven, [LIST]: list({ ...asset, [PROVENANCE]: proven }) }),
    args,
  });
  const unlisted = (proven) => ({ files: prefixed({ ...asset, [PROVENANCE]: proven }), args: {} });
  pass("gap-asset", "Every asset is a subject.", unlisted(proof(asset)));
  fail(
    "gap-asset-without-subject",
    "NOT_COVERED",
    "gap-asset",
    "An asset is published, and no statement has it among its subjects.",
    unlisted(provenance),
  );
  pass("gap-asset-listed", "Every asset is a subject, and listed.", withAsset(proof(asset), WANTED));
  fail(
    "gap-asset-listed-alone",
    "NOT_PROVENANCE",
    "gap-asset-listed",
    "An asset is published and listed, and nothing says where it came from: a list covers nothing.",
    withAsset(provenance, WANTED),
  );
  const older = { "tool.spdx.json": OLDER_SBOM };
  fail(
    "gap-sbom-of-another-release",
    "RELEASE_UNLISTED",
    "release-list",
    "The SBOM has good provenance of its own, and is that of an older release: only the list ties it to the tool.",
    { ...listed({ "sbom/tool.spdx.json": OLDER_SBOM, "sbom.intoto.jsonl": proof(older) }) },
  );
  const named = (name) => ({
    files: prefixed({ "kubectl-tool": TOOL, [PROVENANCE]: proof({ [name]: TOOL }) }),
    args: {},
  });
  pass(
    "gap-name",
    "The statement calls the asset as it is published, in the folder it was built in.",
    named("dist/kubectl-tool"),
  );
  fail(
    "gap-name-other",
    "SUBJECT_MISMATCH",
    "gap-name",
    "The statement calls the asset otherwise than it is published.",
    named("dist/tool-cli"),
  );
}

function subjectsOf(files) {
  return Object.entries(files).map(([name, content]) => subject(name, content));
}

function prefixed(files) {
  return Object.fromEntries(
    Object.entries(files)
      .filter(([, content]) => content !== null)
      .map(([name, content]) => [`release/${name}`, content]),
  );
}

function seen({ files, args }, version) {
  const state = { releases: { "pkg:generic/tool": { "": version } }, roots: [], version: 1 };
  return { files: { ...files, "state.json": `${JSON.stringify(state)}\n` }, args: { ...args, state: "state.json" } };
}
