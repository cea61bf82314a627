import {
  ascii,
  basicConstraints,
  EKU,
  type Extension,
  fulcioExtension,
  keyUsage,
  paddedTlv,
  RELEASE_RUN,
  signBundle,
  utf8,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { type Attack, edited } from "../../test/attack-cases.ts";
import { IDENTITY, outcome, PAYLOAD, sign, sigstore } from "../../test/certificate-cases.ts";

// A13, A14, A15: what a signing certificate may be, and how it is written.
const attacks: readonly Attack[] = [
  ["a certificate for servers", { leaf: { purposes: [EKU.serverAuth] } }, {}, "CERTIFICATE_INVALID"],
  ["a certificate for anything", { leaf: { purposes: [EKU.any] } }, {}, "CERTIFICATE_INVALID"],
  ["a certificate that does not say what for", { leaf: { purposes: [] } }, {}, "CERTIFICATE_INVALID"],
  ["a certificate authority", { leaf: { more: [basicConstraints(true)] } }, {}, "CERTIFICATE_INVALID"],
  ["a path length", { leaf: { more: [basicConstraints(false, 0)] } }, {}, "CERTIFICATE_INVALID"],
  ["an unknown critical extension", { leaf: { more: [unknown(true)] } }, {}, "CERTIFICATE_INVALID"],
  ["an unknown extension that is not critical", { leaf: { more: [unknown(false)] } }, {}, "verified"],
  ["two names", { leaf: { names: [{ uri: IDENTITY }, { uri: "https://evil.example" }] } }, {}, "CERTIFICATE_INVALID"],
  [
    "two names, the trusted one second",
    { leaf: { names: [{ email: "a@b.c" }, { uri: IDENTITY }] } },
    {},
    "CERTIFICATE_INVALID",
  ],
  ["no name", { leaf: { names: [] } }, {}, "CERTIFICATE_INVALID"],
  ["a host for a name", { leaf: { names: [{ dns: "github.com" }] } }, {}, "CERTIFICATE_INVALID"],
  [
    "an extension twice",
    { leaf: { more: [fulcioExtension(9, utf8("https://evil.example"))] } },
    {},
    "CERTIFICATE_INVALID",
  ],
  [
    "a name with high bits",
    { leaf: { names: [{ uri: `${IDENTITY.slice(0, -1)}\u00b3` }] } },
    {},
    "CERTIFICATE_INVALID",
  ],
  [
    "an issuer in another encoding",
    { leaf: { claims: withoutIssuer(), more: [fulcioExtension(8, ascii("https://x.example"))] } },
    {},
    "CERTIFICATE_INVALID",
  ],
  ["no issuer", { leaf: { claims: withoutIssuer() } }, {}, "CERTIFICATE_INVALID"],
  [
    "old and new extensions that differ",
    { leaf: { claims: { ...RELEASE_RUN, ref: "refs/heads/evil" } } },
    {},
    "CERTIFICATE_INVALID",
  ],
  [
    "two source repositories",
    { leaf: { claims: { ...RELEASE_RUN, repository: "evil/widgets" } } },
    {},
    "CERTIFICATE_INVALID",
  ],
  ["a length with a leading zero", { leaf: { more: [raw(paddedTlv(0x0c, ascii("x")))] } }, {}, "verified"], // opaque to us
  [
    "a source in a padded encoding",
    {
      leaf: {
        claims: withoutSource(),
        more: [fulcioExtension(12, paddedTlv(0x0c, ascii("https://github.com/octo/widgets")))],
      },
    },
    {},
    "CERTIFICATE_INVALID",
  ],
  [
    "an arc that is 57264 beyond 32 bits",
    { leaf: { claims: withoutIssuer(), more: [collision()] } },
    {},
    "CERTIFICATE_INVALID",
  ],
];

function unknown(critical: boolean): Extension {
  return { oid: "1.2.3.4", critical, value: ascii("?") };
}

function raw(value: Uint8Array): Extension {
  return { oid: "1.2.3.5", critical: false, value };
}

function withoutIssuer() {
  const { issuer: _issuer, ...claims } = RELEASE_RUN;
  return claims;
}

function withoutSource() {
  const { sourceRepositoryUri: _uri, ...claims } = RELEASE_RUN;
  return claims;
}

/** 57264 + 2^32: equal to Fulcio's arc in a reader that keeps 32 bits. */
function collision(): Extension {
  return {
    oid: `1.3.6.1.4.1.${57264 + 2 ** 32}.1.8`,
    critical: false,
    value: utf8("https://token.actions.githubusercontent.com"),
  };
}

it.each(attacks)("%s", (_, options, changed, code) => {
  expect(outcome(sign(options, changed))).toBe(code);
});

describe("what was changed afterwards", () => {
  it("a chain in v0.3, with the authorities in it", () => {
    const bundle = structuredClone(sign());
    const chain = [
      bundle.verificationMaterial.certificate?.rawBytes ?? "",
      ...sigstore.fulcio.chain.map(({ der }) => Buffer.from(der).toString("base64")),
    ];
    delete bundle.verificationMaterial.certificate;
    bundle.verificationMaterial.x509CertificateChain = { certificates: chain.map((rawBytes) => ({ rawBytes })) };
    expect(outcome(bundle)).toBe("BUNDLE_MALFORMED");
  });

  it("bytes behind the certificate or the timestamp", () => {
    const longer = (text: string) => Buffer.concat([Buffer.from(text, "base64"), Buffer.of(0)]).toString("base64");
    expect(
      edited({}, ({ verificationMaterial: { certificate } }) => {
        if (certificate) certificate.rawBytes = longer(certificate.rawBytes);
      }),
    ).toBe("CERTIFICATE_INVALID");
    expect(
      edited({}, ({ verificationMaterial: { timestampVerificationData: data } }) => {
        for (const one of data?.rfc3161Timestamps ?? []) one.signedTimestamp = longer(one.signedTimestamp);
      }),
    ).toBe("TIMESTAMP_INVALID");
  });
});

it("keys that issue are not keys that sign", () => {
  const extensions = (...uses: ("digitalSignature" | "keyCertSign" | "cRLSign")[]) => {
    const right = signBundle(sigstore, PAYLOAD, {}).leaf.fields.extensions.filter(
      ({ oid: id }) => id !== "1.3.6.1.4.1.11129.2.4.2",
    );
    return right.map((extension) => (extension.oid === "2.5.29.15" ? keyUsage(...uses) : extension));
  };
  // Extensions of another leaf name another key, which nothing reads in a leaf.
  expect(outcome(sign({ leaf: { extensions: extensions("digitalSignature") } }))).toBe("verified");
  expect(outcome(sign({ leaf: { extensions: extensions("digitalSignature", "keyCertSign") } }))).toBe(
    "CERTIFICATE_INVALID",
  );
  expect(outcome(sign({ leaf: { extensions: extensions("cRLSign") } }))).toBe("CERTIFICATE_INVALID");
});
