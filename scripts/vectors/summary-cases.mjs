// Verification summaries in place of provenance (A40: a verifier that says more than it may).
import { BUNDLE, line, subject, TOOL } from "./release-parts.mjs";
import { twoNumbers } from "./signing.mjs";

const VERIFIER = "https://verifier.test/widgets";
const RESOURCE = "pkg:generic/widgets@1.0.0";

export function summaryCases({ pass, fail, evidence }, { p256, ed25519, other }) {
  const stated = (change = {}, subjects = [subject("tool", TOOL)]) => ({
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects,
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: VERIFIER },
      timeVerified: "2026-01-15T12:00:00Z",
      resourceUri: RESOURCE,
      policy: { uri: "https://verifier.test/policy" },
      verificationResult: "PASSED",
      verifiedLevels: ["SLSA_BUILD_LEVEL_3"],
      ...change,
    },
  });
  /** The release's own key signs nothing here that counts. */
  const released = (payload, options = {}) => ({
    files: {
      "release/tool": TOOL,
      "verifier.pub": p256.publicPem,
      [BUNDLE]: line(evidence(payload, { key: p256, ...options })),
    },
    args: {
      bundles: [BUNDLE],
      verifiers: [{ key: "verifier.pub", verifier: VERIFIER, resource: RESOURCE, levels: ["SLSA_BUILD_LEVEL_2"] }],
    },
  });

  pass("summary", "A trusted verifier says that it verified the tool, at more than the level.", released(stated()));
  pass(
    "summary-nameless",
    "The summary gives the tool no name: the resource, which was asked for, is its name.",
    released(stated({}, [{ digest: subject("tool", TOOL).digest }])),
  );
  pass(
    "summary-two-numbers",
    "The signature is the two numbers of ECDSA one after the other, not DER.",
    released(stated(), { encoded: twoNumbers }),
  );
  const refused = (name, error, why, content) => fail(`summary-${name}`, error, "summary", why, content);
  refused(
    "other-verifier",
    "VSA_MISMATCH",
    "A40: the key signed for a verifier that nobody trusts it for.",
    released(stated({ verifier: { id: `${VERIFIER}/other` } })),
  );
  refused(
    "other-resource",
    "VSA_MISMATCH",
    "A40: the tool was verified as something else.",
    released(stated({ resourceUri: `${RESOURCE}-rc.1` })),
  );
  refused(
    "failed",
    "VSA_FAILED",
    "The verifier says that the tool failed; the level beside that counts for nothing.",
    released(stated({ verificationResult: "FAILED" })),
  );
  refused(
    "level",
    "VSA_LEVEL_TOO_LOW",
    "The level is below the one that is asked for.",
    released(stated({ verifiedLevels: ["SLSA_BUILD_LEVEL_1"] })),
  );
  refused(
    "unevaluated",
    "VSA_LEVEL_TOO_LOW",
    "The verifier did not evaluate the track.",
    released(stated({ verifiedLevels: ["SLSA_BUILD_LEVEL_UNEVALUATED"] })),
  );
  refused(
    "two-levels",
    "STATEMENT_MALFORMED",
    "The summary states two levels of one track.",
    released(stated({ verifiedLevels: ["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_0"] })),
  );
  refused(
    "builder-key",
    "SIGNER_UNTRUSTED",
    "A40: the key that signs the release's provenance signed the summary.",
    released(stated(), { key: ed25519 }),
  );
  refused(
    "stranger",
    "SIGNER_UNTRUSTED",
    "A key that nobody trusts signed the summary.",
    released(stated(), { key: other }),
  );
}
