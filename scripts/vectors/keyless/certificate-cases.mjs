// The signing certificate: A6, A14, A15.
import {
  ascii,
  basicConstraints,
  EKU,
  fulcioExtension,
  keyUsage,
  paddedTlv,
  promise,
  RELEASE_RUN,
  utf8,
} from "../../../packages/testkit/src/sigstore/index.ts";
import { IDENTITY, ISSUER, impostor, sigstore, stranger } from "./authorities.mjs";
import { derivedKey } from "./derived-key.mjs";
import { at, keyless, signed } from "./keyless-release.mjs";

export function certificateCases({ pass, fail }) {
  const refuse = (name, why, options, twin = "keyless") =>
    fail(`certificate-${name}`, "CERTIFICATE_INVALID", twin, why, { bundle: keyless(options) });
  const leaf = (name, why, options, twin) => refuse(name, why, { leaf: options }, twin);

  // A15: what it is for
  leaf("for-servers", "The certificate is for servers (A15).", { purposes: [EKU.serverAuth] });
  leaf("for-anything", "The certificate is for any purpose (A15).", { purposes: [EKU.any] });
  leaf("for-nothing", "The certificate does not say what it is for (A15).", { purposes: [] });
  leaf("authority", "The certificate is an authority's (A15).", { more: [basicConstraints(true)] });
  leaf("path-length", "The certificate says how many authorities may follow, and is none (A15).", {
    more: [basicConstraints(false, 0)],
  });
  const usages = (...uses) => usage(keyUsage(...uses));
  leaf("may-issue", "The key may sign certificates as well (A15).", {
    extensions: usages("digitalSignature", "keyCertSign"),
  });
  leaf("may-not-sign", "The key may only sign revocations (A15).", { extensions: usages("cRLSign") });
  const unknown = (critical) => ({ oid: "1.2.3.4", critical, value: ascii("?") });
  pass("certificate-unknown-extension", "An extension that nobody knows, and that is not critical.", {
    bundle: keyless({ leaf: { more: [unknown(false)] } }),
  });
  leaf(
    "unknown-critical-extension",
    "An extension that nobody knows, and that is critical (RFC 5280, 4.2).",
    { more: [unknown(true)] },
    "certificate-unknown-extension",
  );

  // Whose it is
  const chained = keyless();
  chained.verificationMaterial.x509CertificateChain = {
    certificates: [
      chained.verificationMaterial.certificate,
      ...sigstore.fulcio.chain.map(({ der }) => ({ rawBytes: Buffer.from(der).toString("base64") })),
    ],
  };
  delete chained.verificationMaterial.certificate;
  fail(
    "certificate-chain",
    "BUNDLE_MALFORMED",
    "keyless",
    "A bundle v0.3 that brings the chain, with the root in it (A15).",
    { bundle: chained },
  );
  leaf("two-names", "The certificate has two names, the trusted one first.", {
    names: [{ uri: IDENTITY }, { uri: "https://evil.example" }],
  });
  leaf("two-names-trusted-second", "The certificate has two names, the trusted one second.", {
    names: [{ email: "a@evil.example" }, { uri: IDENTITY }],
  });
  leaf("no-name", "The certificate has no name.", { names: [] });
  leaf("name-of-a-host", "The certificate's name is a host.", { names: [{ dns: "github.com" }] });
  leaf("name-with-high-bits", "A letter of the name lies outside ASCII; without its highest bit it is the right one.", {
    names: [{ uri: `${IDENTITY.slice(0, -1)}\u00b3` }],
  });
  leaf("extension-twice", "The workflow is named twice, differently.", {
    more: [fulcioExtension(9, utf8("https://evil.example"))],
  });
  leaf("no-issuer", "The certificate does not say who identified the signer.", { claims: withoutIssuer() });
  leaf("issuer-bare", "The new extension for the issuer holds bare text, as the old ones do.", {
    claims: withoutIssuer(),
    more: [fulcioExtension(8, ascii(ISSUER))],
  });
  leaf("two-refs", "The old extension and the new one name two refs.", {
    claims: { ...RELEASE_RUN, ref: "refs/heads/evil" },
  });
  leaf("two-repositories", "The old extension and the new one name two repositories.", {
    claims: { ...RELEASE_RUN, repository: "evil/widgets" },
  });

  // A14: encodings
  const { sourceRepositoryUri, ...sourceless } = RELEASE_RUN;
  pass("certificate-source", "The extension for the source repository stands last.", {
    bundle: keyless({ leaf: { claims: sourceless, more: [fulcioExtension(12, utf8(sourceRepositoryUri))] } }),
  });
  leaf(
    "source-padded",
    "Its length takes a byte more than it needs, which DER forbids (A14).",
    { claims: sourceless, more: [fulcioExtension(12, paddedTlv(0x0c, ascii(sourceRepositoryUri)))] },
    "certificate-source",
  );
  leaf(
    "source-trailing",
    "A byte follows the text in it (A14).",
    { claims: sourceless, more: [fulcioExtension(12, Buffer.concat([utf8(sourceRepositoryUri), Buffer.of(0)]))] },
    "certificate-source",
  );
  leaf(
    "arc-beyond-32-bits",
    "The issuer stands in the extension 57264 + 2^32, which is Fulcio's for a reader that keeps 32 bits (A14).",
    {
      claims: withoutIssuer(),
      more: [{ oid: `1.3.6.1.4.1.${57264 + 2 ** 32}.1.8`, critical: false, value: utf8(ISSUER) }],
    },
  );
  const longer = keyless({ entry: null });
  const { certificate } = longer.verificationMaterial;
  certificate.rawBytes = Buffer.concat([Buffer.from(certificate.rawBytes, "base64"), Buffer.of(0)]).toString("base64");
  fail("certificate-trailing", "CERTIFICATE_INVALID", "log-none-accepted", "A byte follows the certificate (A14).", {
    bundle: longer,
    args: { withoutLog: true },
  });

  // Who issued it, and who saw it
  refuse("stranger", "The certificate is of an authority that the roots do not name.", {
    by: { fulcio: stranger.fulcio },
  });
  refuse("impostor", "The certificate is of an authority with the trusted one's name and another key.", {
    by: { fulcio: impostor },
  });
  leaf("other-signature", "The certificate names the trusted authority and is signed by another.", {
    signingKey: derivedKey("impostor", "P-384"),
  });
  refuse("unknown-log", "The certificate has a receipt of a log that the roots do not name.", {
    by: { ctLog: stranger.ctLog },
  });
  leaf("no-receipt", "The certificate has no receipt of a certificate log.", { ctLogs: [] });
  leaf("receipt-twice", "The certificate has the same receipt twice: it is one witness (A6).", {
    scts: (right) => [...right, ...right],
  });
  leaf("receipt-of-another", "The receipt is for another certificate.", {
    scts: () => [promise(sigstore.ctLog, { tbs: ascii("x"), issuerSpki: sigstore.fulcio.key.spki }, at("12:00:00"))],
  });
}

/** The right extensions with another key usage; the receipt is made anew. */
function usage(instead) {
  const right = signed().leaf.fields.extensions;
  return right
    .filter(({ oid }) => oid !== "1.3.6.1.4.1.11129.2.4.2")
    .map((extension) => (extension.oid === instead.oid ? instead : extension));
}

function withoutIssuer() {
  const { issuer: _issuer, ...claims } = RELEASE_RUN;
  return claims;
}
