// Every vector, in the order of docs/verification.md. A `_fail` vector differs from its twin in one thing.
import { createHash } from "node:crypto";
import { blobFile, evidenceManifest, index, layout, manifest, narSha256 } from "./vector-image.mjs";
import { npmTarball } from "./vector-package.mjs";
import { bundle } from "./vector-signing.mjs";

const PROVENANCE = "https://slsa.dev/provenance/v1";
const BUNDLE = "bundle.sigstore.json";
const TOOL = "the tool\n";
const OTHER = "the other tool\n";

/**
 * @param keys - name → key pair.
 * @param earlier - (folder, file) → the text that is committed there, or null.
 */
export function cases(keys, earlier) {
  const list = [];
  const { ed25519, p256, p384, other } = keys;

  /** Signs a statement, or a payload that is none. */
  const evidence = (payload, options = {}) => bundle(options.key ?? ed25519, bytesOf(payload), options);
  const add = (name, error, twin, why, { files, args = {}, publicKey = ed25519.publicPem }) =>
    list.push({ name, error, twin, why, files, args, publicKey });
  const pass = (name, why, content) => add(name, null, null, why, content);
  const fail = (name, error, twin, why, content) => add(name, error, twin, why, content);

  /** A release of one tool, with its evidence beside the release and named, so that only the evidence is in question. */
  const named = (evidenceText, options = {}) => ({
    files: { "release/tool": TOOL, [BUNDLE]: evidenceText, ...options.files },
    args: { bundles: [BUNDLE], ...options.args },
    ...(options.publicKey === undefined ? {} : { publicKey: options.publicKey }),
  });
  /** The evidence lies in the release, as people download it. */
  const inside = (files, statementOf, args = {}) => ({
    files: { ...prefixed(files), "release/release.intoto.jsonl": line(evidence(statementOf)) },
    args,
  });
  const tool = statement([subject("tool", TOOL)]);

  // The bundle.
  pass("bundle", "A bundle v0.3, signed with Ed25519, named on the command line.", named(line(evidence(tool))));
  fail(
    "bundle-two-signatures",
    "BUNDLE_MALFORMED",
    "bundle",
    "The good signature stands beside a second one. A Sigstore bundle has exactly one: whoever checks any of them, or only the first, can be made to believe the wrong one.",
    named(line(changed(evidence(tool), (one) => one.dsseEnvelope.signatures.push({ sig: "AAAA", keyid: "" })))),
  );
  fail(
    "bundle-duplicate-key",
    "BUNDLE_MALFORMED",
    "bundle",
    "The bundle has `payloadType` twice. Parsers differ in which one they take.",
    named(line(evidence(tool)).replace('"payloadType"', '"payloadType":"text/plain","payloadType"')),
  );
  fail(
    "bundle-proto-key",
    "BUNDLE_MALFORMED",
    "bundle",
    "The bundle has a member `__proto__`, which some languages take for something else than a member.",
    named(line(evidence(tool)).replace('"mediaType"', '"__proto__":{},"mediaType"')),
  );
  fail(
    "bundle-unknown-member",
    "BUNDLE_MALFORMED",
    "bundle",
    "The bundle has a member that no version of the format knows: what it means cannot be known either.",
    named(line(changed(evidence(tool), (one) => Object.assign(one.verificationMaterial, { trusted: true })))),
  );
  fail(
    "bundle-media-type-unknown",
    "BUNDLE_MALFORMED",
    "bundle",
    "The bundle is of a version that does not exist.",
    named(
      line(
        changed(evidence(tool), (one) =>
          Object.assign(one, { mediaType: "application/vnd.dev.sigstore.bundle.v9+json" }),
        ),
      ),
    ),
  );
  pass(
    "bundle-beside-malformed-one",
    "The first line of the evidence is no bundle, the second is good. Bad evidence is reported and does not hurt.",
    named(`{"mediaType":"text/plain"}\n${line(evidence(tool))}`),
  );

  // The signature.
  fail(
    "signature-bit",
    "SIGNATURE_INVALID",
    "bundle",
    "One bit of the signature is flipped.",
    named(line(changed(evidence(tool), (one) => flipBit(one.dsseEnvelope.signatures[0])))),
  );
  fail(
    "signature-other-key",
    "SIGNER_UNTRUSTED",
    "bundle",
    "The bundle was signed with a key that nobody trusts.",
    named(line(evidence(tool, { key: other }))),
  );
  fail(
    "signature-other-key-with-hint",
    "SIGNATURE_INVALID",
    "bundle",
    "The bundle was signed with a key that nobody trusts, and its hint names the trusted one. A hint decides nothing.",
    named(
      line(
        changed(evidence(tool, { key: other }), (one) =>
          Object.assign(one.verificationMaterial.publicKey, { hint: ed25519.hint }),
        ),
      ),
    ),
  );
  pass(
    "signature-hint-foreign",
    "The trusted key signed; the hint names nobody. A hint decides nothing.",
    named(
      line(changed(evidence(tool), (one) => Object.assign(one.verificationMaterial.publicKey, { hint: "nobody" }))),
    ),
  );
  for (const [name, key, curve] of [
    ["signature-p256", p256, "P-256"],
    ["signature-p384", p384, "P-384"],
  ]) {
    const text = line(evidence(tool, { key, earlier: earlier(name, BUNDLE) }));
    pass(name, `Signed with ECDSA ${curve} over SHA-256.`, named(text, { publicKey: key.publicPem }));
  }
  fail(
    "signature-p384-over-sha384",
    "SIGNATURE_INVALID",
    "signature-p384",
    "Signed with ECDSA P-384 over SHA-384. A bundle does not say which hash was used; SHA-256 is the only one that the tools agree on.",
    named(
      line(evidence(tool, { key: p384, hash: "sha384", earlier: earlier("signature-p384-over-sha384_fail", BUNDLE) })),
      {
        publicKey: p384.publicPem,
      },
    ),
  );

  // The payload.
  fail(
    "payload-type",
    "STATEMENT_MALFORMED",
    "bundle",
    "A statement, well signed, as `text/plain`: the signer did not sign it as a statement.",
    named(line(evidence(tool, { payloadType: "text/plain" }))),
  );
  pass(
    "payload-type-with-predicate",
    "The payload type names the predicate, as in-toto allows.",
    named(line(evidence(tool, { payloadType: "application/vnd.in-toto.provenance+json" }))),
  );
  fail(
    "payload-type-changed",
    "SIGNATURE_INVALID",
    "payload-type-with-predicate",
    "The payload type was changed after signing. The signature covers it.",
    named(
      line(
        changed(evidence(tool), (one) =>
          Object.assign(one.dsseEnvelope, { payloadType: "application/vnd.in-toto.provenance+json" }),
        ),
      ),
    ),
  );
  fail(
    "statement-duplicate-key",
    "STATEMENT_MALFORMED",
    "bundle",
    "The signed statement has `subject` twice, with different digests.",
    named(
      line(
        evidence(
          JSON.stringify(tool).replace('"subject"', `"subject":${JSON.stringify([subject("tool", OTHER)])},"subject"`),
        ),
      ),
    ),
  );

  // The predicate.
  pass(
    "predicate-v02",
    "SLSA provenance v0.2 in a statement v0.1, as older builders write it.",
    named(
      line(
        evidence({
          _type: "https://in-toto.io/Statement/v0.1",
          subject: [subject("tool", TOOL)],
          predicateType: "https://slsa.dev/provenance/v0.2",
          predicate: { builder: { id: "https://example.com/builder" }, buildType: "https://example.com/build" },
        }),
      ),
    ),
  );
  fail(
    "predicate-sbom",
    "NOT_PROVENANCE",
    "bundle",
    "The right signer, the right subject, and an SBOM: it does not say where the artifact came from (A33).",
    named(
      line(evidence({ ...tool, predicateType: "https://spdx.dev/Document", predicate: { spdxVersion: "SPDX-2.3" } })),
    ),
  );
  fail(
    "predicate-failed-test",
    "NOT_PROVENANCE",
    "bundle",
    "The right signer, the right subject, and a test result that says FAILED (A33).",
    named(
      line(
        evidence({
          ...tool,
          predicateType: "https://in-toto.io/attestation/test-result/v0.1",
          predicate: { result: "FAILED", configuration: [] },
        }),
      ),
    ),
  );
  fail(
    "predicate-version-unknown",
    "NOT_PROVENANCE",
    "bundle",
    "A predicate type that looks like SLSA provenance and is of a version that does not exist.",
    named(line(evidence({ ...tool, predicateType: "https://slsa.dev/provenance/v9" }))),
  );
  fail(
    "predicate-without-builder",
    "STATEMENT_MALFORMED",
    "bundle",
    "Provenance that does not say who built.",
    named(line(evidence({ ...tool, predicate: { ...tool.predicate, runDetails: {} } }))),
  );

  // Digests of subjects.
  fail(
    "subject-digest-uppercase",
    "STATEMENT_MALFORMED",
    "bundle",
    "The digest of a second subject is in upper case; in-toto has lower case, so that the statement is malformed as a whole.",
    named(
      line(
        evidence(
          statement([
            subject("tool", TOOL),
            { name: "other", digest: { sha256: hash("sha256", OTHER).toUpperCase() } },
          ]),
        ),
      ),
    ),
  );
  fail(
    "subject-without-digest",
    "STATEMENT_MALFORMED",
    "bundle",
    "A second subject has no digest, so that the statement is malformed as a whole.",
    named(line(evidence(statement([subject("tool", TOOL), { name: "other", uri: "https://example.com/other" }])))),
  );
  const twoDigests = (first, second) =>
    statement([{ name: "tool", digest: { sha256: hash("sha256", first), sha512: hash("sha512", second) } }]);
  pass(
    "subject-two-digests",
    "A subject with two digests, both of the artifact.",
    named(line(evidence(twoDigests(TOOL, TOOL)))),
  );
  fail(
    "subject-two-digests-conflict",
    "SUBJECT_MISMATCH",
    "subject-two-digests",
    "The sha256 is the artifact's, the sha512 is that of other bytes. in-toto lets any equal digest match; with the bytes at hand all acceptable ones must (A29).",
    named(line(evidence(twoDigests(TOOL, OTHER)))),
  );
  fail(
    "subject-two-digests-conflict-reversed",
    "SUBJECT_MISMATCH",
    "subject-two-digests",
    "The sha512 is the artifact's, the sha256 is that of other bytes (A29).",
    named(line(evidence(twoDigests(OTHER, TOOL)))),
  );
  fail(
    "subject-sha1-only",
    "DIGEST_UNACCEPTABLE",
    "bundle",
    "The only digest of the subject is a sha1. It is the artifact's, and proves nothing.",
    named(line(evidence(statement([{ name: "tool", digest: { sha1: hash("sha1", TOOL) } }])))),
  );

  // Names of subjects.
  const two = statement([subject("tool-amd64", TOOL), subject("tool-arm64", OTHER)]);
  pass(
    "names",
    "A folder of two files, the evidence among them.",
    inside({ "tool-amd64": TOOL, "tool-arm64": OTHER }, two),
  );
  fail(
    "names-swapped",
    "SUBJECT_MISMATCH",
    "names",
    "Both files are subjects, each under the name of the other (A30).",
    inside({ "tool-amd64": OTHER, "tool-arm64": TOOL }, two),
  );
  fail(
    "names-renamed",
    "SUBJECT_MISMATCH",
    "names",
    "One subject twice: under its own name, and as an installer that no statement knows (A30).",
    inside({ "tool-amd64": TOOL, "tool-arm64": OTHER, installer: OTHER }, two),
  );
  pass(
    "names-any",
    "The same with `anyName`: the user asked for digests only.",
    inside({ "tool-amd64": TOOL, "tool-arm64": OTHER, installer: OTHER }, two, { anyName: true }),
  );
  fail(
    "names-byte-changed",
    "SUBJECT_MISMATCH",
    "names",
    "One byte of one file is changed.",
    inside({ "tool-amd64": "the toom\n", "tool-arm64": OTHER }, two),
  );
  const folders = statement([subject("linux/tool", TOOL), subject("darwin/tool", OTHER)]);
  pass(
    "names-in-folders",
    "Subjects in folders, found at their paths.",
    inside({ "linux/tool": TOOL, "darwin/tool": OTHER }, folders),
  );
  fail(
    "names-ambiguous",
    "SUBJECT_MISMATCH",
    "names-in-folders",
    "A file lies beside its folder. Two subjects have its base name, so that it does not say which one it is.",
    inside({ tool: TOOL, "darwin/tool": OTHER }, folders),
  );
  pass("names-given-alone", "A file given by itself, not by its folder: its base name is the subject's last segment.", {
    ...inside({ tool: TOOL }, folders),
    args: { targets: ["release/tool"] },
  });
  const purl = "pkg:npm/%40octo/pad@1.0.0";
  const tarball = npmTarball({ name: "@octo/pad", version: "1.0.0" });
  pass(
    "names-package",
    "A package's name and version are inside it; its file is called as one likes.",
    inside({ "pad.tgz": tarball }, statement([subject(purl, tarball)])),
  );
  const older = npmTarball({ name: "@octo/pad", version: "0.9.0" });
  fail(
    "names-package-other-version",
    "SUBJECT_MISMATCH",
    "names-package",
    "The statement has these bytes as version 1.0.0, and the package inside says 0.9.0.",
    inside({ "octo-pad-1.0.0.tgz": older }, statement([subject(purl, older)])),
  );

  // What is in the folder.
  pass("folder", "A release of one file, with its evidence.", inside({ tool: TOOL }, tool));
  fail(
    "folder-extra-file",
    "NOT_COVERED",
    "folder",
    "A file that no statement mentions.",
    inside({ tool: TOOL, extra: "x\n" }, tool),
  );
  pass(
    "folder-extra-file-ignored",
    "The user ignores it.",
    inside({ tool: TOOL, extra: "x\n" }, tool, { ignore: ["extra"] }),
  );
  fail(
    "folder-hidden-file",
    "NOT_COVERED",
    "folder",
    "A hidden file that no statement mentions (A32).",
    inside({ tool: TOOL, ".profile": "x\n" }, tool),
  );
  fail(
    "folder-policy",
    "NOT_COVERED",
    "folder",
    "The release brings a policy and a trust list that allow everything. They are files like any others: not read, and not covered (A31).",
    inside(
      { tool: TOOL, "touchmark.trust.yaml": "version: 1\ntrust: [{ any: true }]\n", "touchmark.yaml": "version: 1\n" },
      tool,
    ),
  );
  fail(
    "folder-config-code",
    "NOT_COVERED",
    "folder",
    "The release brings a configuration that is code. It is never run (A31).",
    inside({ tool: TOOL, "touchmark.config.ts": 'throw new Error("touchmark.config.ts was run");\n' }, tool),
  );
  fail(
    "folder-script-named-evidence",
    "NOT_COVERED",
    "folder",
    "A script whose name says that it is evidence (A32).",
    inside({ tool: TOOL, "install.intoto.jsonl": "#!/bin/sh\necho\n" }, tool),
  );
  fail(
    "folder-script-behind-evidence",
    "NOT_COVERED",
    "folder",
    "A file whose first line is a good bundle and whose second is a script: not evidence as a whole (A32).",
    inside({ tool: TOOL, "install.intoto.jsonl": `${line(evidence(tool))}echo\n` }, tool),
  );
  const earlierEvidence = line(evidence(tool));
  const coversEvidence = statement([subject("tool", TOOL), subject("build.sigstore.json", earlierEvidence)]);
  pass(
    "folder-covered-evidence",
    "A file of evidence is itself a subject of the release.",
    inside({ tool: TOOL, "build.sigstore.json": earlierEvidence }, coversEvidence, { complete: true }),
  );
  fail(
    "folder-covered-evidence-replaced",
    "SUBJECT_MISMATCH",
    "folder-covered-evidence",
    "Evidence that is a subject has a line end more than the statement says. It is not set aside: this very path is known with other bytes (A30, A32).",
    inside({ tool: TOOL, "build.sigstore.json": `${earlierEvidence}\n` }, coversEvidence, { complete: true }),
  );
  fail("folder-evidence-only", "NOTHING_TO_VERIFY", "folder", "Evidence without any artifact.", inside({}, tool));
  fail("folder-evidence-removed", "NOT_COVERED", "folder", "The release without its evidence.", {
    files: { "release/tool": TOOL },
    args: {},
  });

  // Absent subjects.
  pass(
    "absent",
    "One of two subjects is there. The other is counted as absent, which is no failure by itself.",
    inside({ "tool-amd64": TOOL }, two),
  );
  pass(
    "complete",
    "Both subjects are there, and all are wanted.",
    inside({ "tool-amd64": TOOL, "tool-arm64": OTHER }, two, { complete: true }),
  );
  fail(
    "complete-absent",
    "SUBJECT_ABSENT",
    "complete",
    "One of two subjects is there, and all are wanted.",
    inside({ "tool-amd64": TOOL }, two, { complete: true }),
  );

  // Digests without bytes.
  const target = (content) => ({
    files: { [BUNDLE]: line(evidence(two)) },
    args: { targets: [`sha256:${hash("sha256", content)}`], bundles: [BUNDLE] },
  });
  pass("digest", "A digest without the artifact: no name to compare.", target(TOOL));
  fail("digest-other", "NOT_COVERED", "digest", "The digest of other bytes.", target("x\n"));

  // Images in a layout.
  const [amd64, arm64] = [manifest("the layer of amd64\n", "amd64"), manifest("the layer of arm64\n", "arm64")];
  const image = index(amd64, arm64);
  const platforms = [imageSubject(amd64, "linux/amd64"), imageSubject(arm64, "linux/arm64")];
  const inLayout = (files, subjects, args = {}) => ({
    files: { ...files, [BUNDLE]: line(evidence(statement(subjects))) },
    args: { targets: ["oci-layout:image"], ...args },
  });
  const whole = layout("image", [image]);
  pass(
    "image",
    "An image of two platforms in a layout, and a statement about its index.",
    inLayout(whole, [imageSubject(image)]),
  );
  pass(
    "image-recursive",
    "The same, and the statement names the platforms too. Each is judged by itself.",
    inLayout(whole, [imageSubject(image), ...platforms], { recursive: true, complete: true }),
  );
  fail(
    "image-platform-under-index",
    "NOT_COVERED",
    "image-recursive",
    "A statement about the index alone does not cover the platforms in it.",
    inLayout(whole, [imageSubject(image)], { recursive: true }),
  );
  fail(
    "image-index-under-platforms",
    "NOT_COVERED",
    "image",
    "A statement about every platform does not cover the index.",
    inLayout(whole, platforms),
  );
  fail(
    "image-platforms-swapped",
    "SUBJECT_MISMATCH",
    "image-recursive",
    "The manifest of amd64 is stated for arm64, and the other way round (A30).",
    inLayout(whole, [imageSubject(image), imageSubject(amd64, "linux/arm64"), imageSubject(arm64, "linux/amd64")], {
      recursive: true,
    }),
  );
  fail(
    "image-layer-changed",
    "DIGEST_MISMATCH",
    "image",
    "One byte of a layer is changed. The index has its digest still.",
    inLayout({ ...whole, [blobFile("image", amd64.blobs[1])]: "the layer of amd65\n" }, [imageSubject(image)]),
  );
  fail(
    "image-layer-missing",
    "IMAGE_MISSING",
    "image",
    "A layer is not in the layout.",
    inLayout(without(whole, blobFile("image", amd64.blobs[1])), [imageSubject(image)]),
  );
  fail(
    "image-as-folder",
    "NOT_COVERED",
    "image",
    "The layout is given as a folder. What lies in a folder does not make an image of it: each file needs a statement.",
    inLayout(whole, [imageSubject(image)], { targets: ["image"], bundles: [BUNDLE] }),
  );
  const inner = evidenceManifest(line(evidence(statement([imageSubject(image)]))));
  pass("image-evidence-inside", "The evidence is an entry of the layout, as registries and cosign keep it.", {
    files: layout("image", [image, inner]),
    args: { targets: ["oci-layout:image"] },
  });
  fail(
    "image-marked-as-evidence",
    "NOT_COVERED",
    "image-evidence-inside",
    "A further image is marked as attestations, as cosign save marks them. A mark makes no evidence of it (A32).",
    {
      files: layout("image", [image, inner, arm64], [{}, {}, { kind: "dev.cosignproject.cosign/atts" }]),
      args: { targets: ["oci-layout:image"] },
    },
  );

  // Trees.
  const files = { bin: { tool: TOOL }, "read me": "x\n" };
  const stated = (digest) => [{ name: "demo", digest }];
  const nar = narSha256(files);
  const inTree = (subjects, { content = files, target = "nix:demo" } = {}) => ({
    files: { ...pathsOf("demo", content), [BUNDLE]: line(evidence(statement(subjects))) },
    args: { targets: [target], bundles: [BUNDLE] },
  });
  pass("tree", "A folder as a whole, by the SHA-256 over its NAR.", inTree(stated({ narSha256: nar })));
  fail(
    "tree-byte-changed",
    "SUBJECT_MISMATCH",
    "tree",
    "One byte of one file is changed.",
    inTree(stated({ narSha256: nar }), { content: { ...files, bin: { tool: "the toom\n" } } }),
  );
  fail(
    "tree-file-renamed",
    "SUBJECT_MISMATCH",
    "tree",
    "One file has another name.",
    inTree(stated({ narSha256: nar }), { content: { ...files, bin: { tools: TOOL } } }),
  );
  fail(
    "tree-other-name",
    "SUBJECT_MISMATCH",
    "tree",
    "The tree is a subject under another name (A30).",
    inTree([{ name: "demo-debug", digest: { narSha256: nar } }]),
  );
  fail(
    "tree-as-folder",
    "NOT_COVERED",
    "tree",
    "The tree is given as a folder of files, of which no statement says anything.",
    inTree(stated({ narSha256: nar }), { target: "demo" }),
  );
  fail(
    "tree-dirhash-only",
    "DIGEST_UNACCEPTABLE",
    "tree",
    "The only digest of the subject is a dirHash, which sees neither links nor executable bits.",
    inTree(stated({ dirHash: "h1:x=" })),
  );
  fail(
    "tree-digest-of-bytes-beside",
    "SUBJECT_MISMATCH",
    "tree",
    "The subject also has a sha256, which a folder has none of: the set was made from two things (A29).",
    inTree(stated({ narSha256: nar, sha256: hash("sha256", TOOL) })),
  );
  pass(
    "tree-digest",
    "The tree's digest without the tree.",
    inTree(stated({ narSha256: nar }), { target: `narSha256:${nar}` }),
  );
  fail(
    "tree-digest-as-sha256",
    "NOT_COVERED",
    "tree-digest",
    "The same digits as a sha256: the digest of a tree is not one of a file.",
    inTree(stated({ narSha256: nar }), { target: `sha256:${nar}` }),
  );

  return list;
}

function statement(subjects) {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects,
    predicateType: PROVENANCE,
    predicate: {
      buildDefinition: {
        buildType: "https://touchmark.dev/build-types/local/v1",
        externalParameters: {},
        internalParameters: {},
        resolvedDependencies: [
          {
            uri: "git+https://github.com/octo/widgets@refs/tags/v1.0.0",
            digest: { gitCommit: "0123456789".repeat(4) },
          },
        ],
      },
      runDetails: { builder: { id: "https://touchmark.dev/builders/local/v1" } },
    },
  };
}

function subject(name, content) {
  return { name, digest: { sha256: hash("sha256", content) } };
}

function imageSubject({ hex }, platform = null) {
  const repository = "ghcr.io/octo/app";
  const query = platform === null ? "" : `platform=${encodeURIComponent(platform)}&`;
  const purl = `pkg:oci/app@sha256%3A${hex}?${query}repository_url=${encodeURIComponent(repository)}`;
  return { name: platform === null ? repository : purl, digest: { sha256: hex }, uri: purl };
}

function without(files, name) {
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== name));
}

function pathsOf(folder, node) {
  const paths = Object.entries(node).flatMap(([name, content]) => {
    const path = `${folder}/${name}`;
    return typeof content === "string" ? [[path, content]] : Object.entries(pathsOf(path, content));
  });
  return Object.fromEntries(paths);
}

function hash(algorithm, content) {
  return createHash(algorithm).update(content).digest("hex");
}

function bytesOf(payload) {
  return Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
}

function line(value) {
  return `${JSON.stringify(value)}\n`;
}

function changed(value, change) {
  change(value);
  return value;
}

function flipBit(signature) {
  const bytes = Buffer.from(signature.sig, "base64");
  bytes[10] ^= 1;
  signature.sig = bytes.toString("base64");
}

function prefixed(files) {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`release/${name}`, content]));
}
