// Payloads, predicates and the digests of subjects.
import { changed, hash, line, OTHER, statement, subject, TOOL } from "./release-parts.mjs";

export function statementCases({ pass, fail, evidence, named, tool }) {
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
}
