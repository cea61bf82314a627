// Timestamps of RFC 3161: A6, A9, A10.
import { EKU, extendedKeyUsage, keyUsage, timestampAuthority } from "../../../packages/testkit/src/sigstore/index.ts";
import { rootsOf, sigstore, stranger } from "./authorities.mjs";
import { derivedKey } from "./derived-key.mjs";
import { keyless } from "./keyless-release.mjs";

export function timestampCases({ pass, fail }) {
  const refuse = (name, why, timestamp, twin = "keyless") =>
    fail(`timestamp-${name}`, "TIMESTAMP_INVALID", twin, why, { bundle: keyless({ timestamp }) });
  const both = [stranger.timestamps.certificate, sigstore.timestamps.certificate];

  pass("timestamp-two-certificates", "A certificate that nobody trusts stands before the signer's. It is not used.", {
    bundle: keyless({ timestamp: { certificates: both } }),
  });
  refuse(
    "forged-certificate-first",
    "The key of that first certificate made the signature; the signer's information names the trusted one (A9, CVE-2026-39984).",
    { certificates: both, key: stranger.timestamps.key },
    "timestamp-two-certificates",
  );
  refuse("other-key", "The timestamp names the trusted authority and is signed by another (A9).", {
    key: stranger.timestamps.key,
  });
  fail("timestamp-stranger", "TIMESTAMP_INVALID", "keyless", "The timestamp is of an authority that nobody trusts.", {
    bundle: keyless({ by: { timestamps: stranger.timestamps } }),
  });
  pass("timestamp-without-certificate", "The timestamp holds no certificate: the roots have it.", {
    bundle: keyless({ timestamp: { certificates: [] } }),
  });
  fail(
    "timestamp-stranger-without-certificate",
    "TIMESTAMP_INVALID",
    "timestamp-without-certificate",
    "The same, of an authority that nobody trusts.",
    { bundle: keyless({ by: { timestamps: stranger.timestamps }, timestamp: { certificates: [] } }) },
  );
  refuse("of-other-bytes", "The timestamp is about another signature.", { imprint: new Uint8Array(32) });
  refuse("by-sha-1", "The timestamp is about the SHA-1 of the signature.", { hash: "sha1" });
  refuse("other-content", "The signed attributes are about another content.", { messageDigest: new Uint8Array(32) });
  refuse("refused", "The authority refused to give a timestamp (RFC 3161, 2.4.2).", { status: 2 });
  pass("timestamp-by-sha-384", "The timestamp is about the SHA-384 of the signature.", {
    bundle: keyless({ timestamp: { hash: "sha384" } }),
  });

  const edit = (change) => {
    const bundle = keyless();
    change(bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps);
    return { bundle };
  };
  fail(
    "timestamp-twice",
    "TIMESTAMP_INVALID",
    "keyless",
    "The same timestamp twice: it is one witness (A6).",
    edit((stamps) => stamps.push(stamps[0])),
  );
  fail(
    "timestamp-trailing",
    "TIMESTAMP_INVALID",
    "keyless",
    "A byte follows the timestamp (A14).",
    edit(([stamp]) => {
      stamp.signedTimestamp = Buffer.concat([Buffer.from(stamp.signedTimestamp, "base64"), Buffer.of(0)]).toString(
        "base64",
      );
    }),
  );

  // A9: what the authority is for
  const authority = (name, why, purposes, critical) => {
    const timestamps = timestampAuthority("sigstore timestamps 3", sigstore.stamping, {
      key: derivedKey("timestamps 3"),
      extensions: [keyUsage("digitalSignature"), extendedKeyUsage(purposes, critical)],
    });
    const by = { ...sigstore, timestamps };
    const content = { bundle: keyless({ by }), roots: rootsOf(by) };
    if (critical && purposes.length === 1) pass(name, why, content);
    else fail(name, "ROOTS_INVALID", "timestamp-authority", why, content);
  };
  authority("timestamp-authority", "An authority for timestamps, and that critical.", [EKU.timeStamping], true);
  authority("timestamp-authority-not-critical", "The same, not critical (A9).", [EKU.timeStamping], false);
  authority(
    "timestamp-authority-for-more",
    "An authority for timestamps and for code (A9).",
    [EKU.timeStamping, EKU.codeSigning],
    true,
  );

  // A10: each authority in its own time
  const period = (validFor) => {
    const uri = "https://timestamp-b.sigstore.test";
    const roots = rootsOf(sigstore, { timestampAuthorities: [{ authority: stranger.timestamps, uri }] });
    roots.timestampAuthorities[0].validFor = validFor;
    return { roots };
  };
  const start = "2020-01-01T00:00:00Z";
  pass(
    "timestamp-two-authorities",
    "Two authorities are trusted. The one that stamped retired in this second, which still belongs to it.",
    period({ start, end: "2026-01-15T12:00:00Z" }),
  );
  fail(
    "timestamp-authority-retired",
    "TIMESTAMP_INVALID",
    "timestamp-two-authorities",
    "It retired a second before. That the other one was in office does not help (A10).",
    period({ start, end: "2026-01-15T11:59:59Z" }),
  );
}
