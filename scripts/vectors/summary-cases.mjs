// Verification summaries in place of provenance (A40: a verifier that says more than it may).
import { BUNDLE, line, subject, TOOL } from "./release-parts.mjs";
import { twoNumbers } from "./signing.mjs";

const VERIFIER = "https://verifier.test/widgets";
const RESOURCE = "pkg:generic/widgets@1.0.0";

/** Both included: the summary is of noon of that day. */
const PERIOD = { notBefore: "2026-01-15T00:00:00Z", notAfter: "2026-01-15T12:05:00Z" };

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
  const released = (payload, options = {}, asked = {}) => ({
    files: {
      "release/tool": TOOL,
      "verifier.pub": p256.publicPem,
      [BUNDLE]: line(evidence(payload, { key: p256, ...options })),
    },
    args: {
      bundles: [BUNDLE],
      verifiers: [
        { key: "verifier.pub", verifier: VERIFIER, resource: RESOURCE, levels: ["SLSA_BUILD_LEVEL_2"], ...asked },
      ],
    },
  });
  /** Nobody asks for a resource: what the verifier may say counts. */
  const rights = {
    levels: ["SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_2", "SLSA_BUILD_REPRODUCED"],
    resources: [RESOURCE, "https://widgets.test/releases/*"],
  };
  const bounded = (change, subjects) => released(stated(change, subjects), {}, { resource: null, rights });
  const dated = (change, subjects) => released(stated(change, subjects), {}, { period: PERIOD });

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
    "passed-and-failed",
    "STATEMENT_MALFORMED",
    "The summary passed, and says FAILED among its levels.",
    released(stated({ verifiedLevels: ["SLSA_BUILD_LEVEL_3", "FAILED"] })),
  );
  refused(
    "other-bytes",
    "NOT_COVERED",
    "The summary is about other bytes of this name.",
    released(stated({}, [subject("tool", `${TOOL}!`)])),
  );
  const property = { levels: ["SLSA_BUILD_REPRODUCED"] };
  pass(
    "summary-property",
    "A verified property is asked for, and assured.",
    released(stated({ verifiedLevels: ["SLSA_BUILD_REPRODUCED", "SLSA_BUILD_LEVEL_UNEVALUATED"] }), {}, property),
  );
  fail(
    "summary-property-missing",
    "VSA_LEVEL_TOO_LOW",
    "summary-property",
    "A level of the track is no property of it.",
    released(stated({ verifiedLevels: ["SLSA_BUILD_LEVEL_3"] }), {}, property),
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

  pass(
    "summary-rights",
    "Trust says what the verifier may say, and it says no more: lower levels, properties that are named, what it did not evaluate.",
    bounded({
      resourceUri: "https://widgets.test/releases/1.0.0",
      verifiedLevels: [
        "SLSA_BUILD_LEVEL_2",
        "SLSA_BUILD_REPRODUCED",
        "SLSA_SOURCE_LEVEL_1",
        "SLSA_BUILDENV_LEVEL_UNEVALUATED",
      ],
    }),
  );
  const beyond = (name, error, why, change) => fail(`summary-${name}`, error, "summary-rights", why, bounded(change));
  beyond("level-not-allowed", "VSA_LEVEL_NOT_ALLOWED", "A40: the verifier asserts a higher level than it was given.", {
    verifiedLevels: ["SLSA_BUILD_LEVEL_4"],
  });
  beyond(
    "track-not-allowed",
    "VSA_LEVEL_NOT_ALLOWED",
    "A40: the verifier asserts a level of a track that it was not given.",
    {
      verifiedLevels: ["SLSA_BUILD_LEVEL_3", "SLSA_BUILDENV_LEVEL_1"],
    },
  );
  beyond(
    "property-not-allowed",
    "VSA_LEVEL_NOT_ALLOWED",
    "A40: the verifier asserts a property that it was not given.",
    {
      verifiedLevels: ["SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_TWO_PARTY_REVIEWED"],
    },
  );
  beyond(
    "word-not-allowed",
    "VSA_LEVEL_NOT_ALLOWED",
    "A40: the verifier asserts a word of its own that it was not given.",
    {
      verifiedLevels: ["SLSA_BUILD_LEVEL_3", "WIDGETS_REVIEWED"],
    },
  );
  beyond(
    "resource-not-allowed",
    "VSA_RESOURCE_NOT_ALLOWED",
    "A40: the verifier speaks about another project's artifact.",
    {
      resourceUri: "https://gadgets.test/releases/1.0.0",
    },
  );
  beyond(
    "resource-beginning",
    "VSA_RESOURCE_NOT_ALLOWED",
    "A40: the resource only begins like one that the verifier may speak about; that one has no * behind.",
    { resourceUri: `${RESOURCE}-rc.1` },
  );
  const nameless = [{ digest: subject("tool", TOOL).digest }];
  pass(
    "summary-rights-nameless",
    "The summary gives the tool no name, and nobody asked for its very resource: the end of the resource is the tool's name.",
    bounded({ resourceUri: "https://widgets.test/releases/tool" }, nameless),
  );
  fail(
    "summary-rights-other-name",
    "NOT_COVERED",
    "summary-rights-nameless",
    "The summary is about something of another name, whose bytes stand under the tool's.",
    bounded({ resourceUri: "https://widgets.test/releases/debug-tool" }, nameless),
  );
  pass("summary-dated", "The summary is as young as it must be.", dated());
  const outdated = (name, why, change) => fail(`summary-${name}`, "VSA_TOO_OLD", "summary-dated", why, dated(change));
  outdated("old", "A40: the summary is a second older than is allowed.", { timeVerified: "2026-01-14T23:59:59Z" });
  outdated("of-tomorrow", "A40: the summary says that it was made later than now: it would be young for ever.", {
    timeVerified: "2026-01-16T12:00:00Z",
  });
  outdated("undated", "A40: the summary does not say when it was made.", { timeVerified: undefined });
}
