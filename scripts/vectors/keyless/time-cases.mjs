// When it was signed: A1, A5, A11.
import { intermediateAuthority, timestampResponse } from "../../../packages/testkit/src/sigstore/index.ts";
import { rootsOf, sigstore } from "./authorities.mjs";
import { derivedKey } from "./derived-key.mjs";
import { at, keyless, signed } from "./keyless-release.mjs";

const LOGGED = { entry: "dsse-0.0.1", timestamp: null };

export function timeCases({ pass, fail }) {
  pass("keyless", "Signed with a certificate; an entry of Rekor v2 with its proof, and a timestamp.", {});
  pass("keyless-logged", "The log's promise (Rekor v1) says when. No timestamp.", { bundle: keyless(LOGGED) });

  fail(
    "time-unpromised",
    "TIMESTAMP_INVALID",
    "keyless-logged",
    "The entry has its proof, and no promise. Its time is signed by nobody: whoever holds the key of an old certificate writes one that suits (A1, CVE-2026-48816).",
    { bundle: keyless({ ...LOGGED, entryOptions: { promise: false } }) },
  );
  const dated = keyless({ timestamp: null });
  dated.verificationMaterial.tlogEntries[0].integratedTime = "1768478400";
  fail(
    "time-written-into-entry",
    "TIMESTAMP_INVALID",
    "keyless",
    "In the place of the timestamp, a time in an entry of a log that promises none (A1).",
    { bundle: dated },
  );
  fail("time-none", "TIMESTAMP_INVALID", "keyless", "Nobody says when it was signed (A1).", {
    bundle: keyless({ timestamp: null }),
  });
  const later = keyless(LOGGED);
  later.verificationMaterial.tlogEntries[0].integratedTime = "1768478401";
  fail(
    "time-promise-changed",
    "LOG_ENTRY_INVALID",
    "keyless-logged",
    "The time in the entry is a second later than the promised one (A1).",
    { bundle: later },
  );

  pass("time-last-second", "The timestamp is of the certificate's last second, which belongs to it.", {
    bundle: keyless({ timestamp: { time: at("12:10:00") } }),
  });
  fail("time-after", "TIMESTAMP_INVALID", "time-last-second", "The timestamp is a second later.", {
    bundle: keyless({ timestamp: { time: at("12:10:01") } }),
  });
  fail("time-before", "TIMESTAMP_INVALID", "keyless", "The timestamp is a second earlier than the certificate.", {
    bundle: keyless({ timestamp: { time: at("11:59:59") } }),
  });
  pass("time-logged-last-second", "The log promised in the certificate's last second.", {
    bundle: keyless({ ...LOGGED, entryOptions: { time: at("12:10:00") } }),
  });
  fail("time-logged-after", "TIMESTAMP_INVALID", "time-logged-last-second", "The log promised a second later.", {
    bundle: keyless({ ...LOGGED, entryOptions: { time: at("12:10:01") } }),
  });

  pass("time-both", "A log's promise and a timestamp, both within the certificate's time.", {
    bundle: keyless({ entry: "dsse-0.0.1", entryOptions: { time: at("12:10:00") } }),
  });
  fail(
    "time-both-log-outside",
    "TIMESTAMP_INVALID",
    "time-both",
    "The log promised a second too late. A timestamp in time does not make up for it (A11).",
    { bundle: keyless({ entry: "dsse-0.0.1", entryOptions: { time: at("12:10:01") } }) },
  );
  pass("time-two-timestamps", "Two timestamps in time.", { bundle: stampedTwice("12:10:00") });
  fail(
    "time-two-timestamps-one-outside",
    "TIMESTAMP_INVALID",
    "time-two-timestamps",
    "The second timestamp is a second too late. The earliest one does not win (A11).",
    { bundle: stampedTwice("12:10:01") },
  );

  pass(
    "time-intermediate",
    "The authority that issued ends ten seconds after it signed this certificate, and five after the signature.",
    underIntermediate({ notAfter: at("12:00:10") }),
  );
  fail(
    "time-intermediate-ended",
    "CERTIFICATE_INVALID",
    "time-intermediate",
    "The authority ended before the signature was made, though it was valid when the certificate began (A5, CVE-2026-24122).",
    underIntermediate({ notAfter: at("12:00:04") }),
  );
  fail(
    "time-intermediate-not-begun",
    "CERTIFICATE_INVALID",
    "time-intermediate",
    "The authority began after the signature was made (A5).",
    underIntermediate({ notBefore: at("12:00:06") }),
  );
}

/** At 12:00:05, by an authority with such a validity. */
function underIntermediate(validity) {
  const key = derivedKey("intermediate of its own", "P-384");
  const fulcio = intermediateAuthority("sigstore intermediate", sigstore.issuing, { key, ...validity });
  const by = { ...sigstore, fulcio };
  return { bundle: keyless({ by, timestamp: { time: at("12:00:05") } }), roots: rootsOf(by) };
}

function stampedTwice(second) {
  const { bundle, signature } = signed();
  const copy = structuredClone(bundle);
  const response = timestampResponse(sigstore.timestamps, signature, { time: at(second), serial: 8 });
  copy.verificationMaterial.timestampVerificationData.rfc3161Timestamps.push({
    signedTimestamp: Buffer.from(response).toString("base64"),
  });
  return copy;
}
