// Bundles and signatures by a key.
import { changed, line } from "./release-parts.mjs";

export function bundleCases({ pass, fail, evidence, named, tool }, { ed25519, p256, p384, other }) {
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
  pass(
    "bundle-beside-odd-payload-type",
    "The first line of the evidence is an envelope whose payload type is half a character, which has no UTF-8 and so no pre-authentication encoding; the second is good. A reader that stops at the first one lets any stranger's file hide a release's evidence.",
    named(
      `{"payloadType":"\\ud800","payload":"e30=","signatures":[{"keyid":"","sig":"AAAA"}]}\n${line(evidence(tool))}`,
    ),
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
    const text = line(evidence(tool, { key }));
    pass(name, `Signed with ECDSA ${curve} over SHA-256.`, named(text, { publicKey: key.publicPem }));
  }
  fail(
    "signature-p384-over-sha384",
    "SIGNATURE_INVALID",
    "signature-p384",
    "Signed with ECDSA P-384 over SHA-384. A bundle does not say which hash was used; SHA-256 is the only one that the tools agree on.",
    named(line(evidence(tool, { key: p384, hash: "sha384" })), {
      publicKey: p384.publicPem,
    }),
  );
}

function flipBit(signature) {
  const bytes = Buffer.from(signature.sig, "base64");
  bytes[10] ^= 1;
  signature.sig = bytes.toString("base64");
}
