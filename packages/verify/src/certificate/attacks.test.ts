import { leastCpuMs } from "@touchmark/testkit";
import {
  ascii,
  type BundleJson,
  type BundleOptions,
  basicConstraints,
  EKU,
  type Extension,
  entryFor,
  fulcioExtension,
  githubRun,
  intermediateAuthority,
  keyUsage,
  newTestKey,
  paddedTlv,
  pemOf,
  promise,
  RELEASE_RUN,
  rootAuthority,
  rootOf,
  sequence,
  signBundle,
  type TestSigstore,
  testSigstore,
  timestampAuthority,
  trustedRoot,
  utf8,
} from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import {
  AS_OF,
  IDENTITY,
  outcome,
  PAYLOAD,
  refusal,
  rootsFrom,
  sign,
  sigstore,
  trusting,
} from "../../test/certificate-cases.ts";
import { statementBytes } from "../../test/signed-bundles.ts";

const at = (time: string) => new Date(`2026-01-15T${time}Z`);
const other = testSigstore();

type Case = readonly [string, BundleOptions, Partial<TestSigstore>, string];

/** Signs with one thing that is wrong. */
const wrong: readonly Case[] = [
  // A1, A5, A11: time
  ["a certificate that had expired", { timestamp: { time: at("12:10:01") } }, {}, "TIMESTAMP_INVALID"],
  ["a certificate that was not valid yet", { timestamp: { time: at("11:59:59") } }, {}, "TIMESTAMP_INVALID"],
  [
    "a log's time after the certificate",
    { entry: "dsse-0.0.1", entryOptions: { time: at("12:11:00") } },
    {},
    "TIMESTAMP_INVALID",
  ],
  [
    "a time that no log promised",
    { entry: "dsse-0.0.1", timestamp: null, entryOptions: { promise: false } },
    {},
    "TIMESTAMP_INVALID",
  ],
  // A15: what the certificate is for
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
  // A13, A14: encodings
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
  // who issued, who logged
  ["another authority", {}, { fulcio: other.fulcio }, "CERTIFICATE_INVALID"],
  ["another authority of the same name", {}, { fulcio: impostor() }, "CERTIFICATE_INVALID"],
  ["another key under the certificate", { leaf: { signingKey: newTestKey("P-384") } }, {}, "CERTIFICATE_INVALID"],
  ["another certificate log", {}, { ctLog: newTestKey() }, "CERTIFICATE_INVALID"],
  ["no receipt of a certificate log", { leaf: { ctLogs: [] } }, {}, "CERTIFICATE_INVALID"],
  ["the same receipt twice", { leaf: { scts: (right) => [...right, ...right] } }, {}, "CERTIFICATE_INVALID"],
  [
    "a receipt for another certificate",
    {
      leaf: {
        scts: () => [
          promise(sigstore.ctLog, { tbs: ascii("x"), issuerSpki: sigstore.fulcio.key.spki }, at("12:00:00")),
        ],
      },
    },
    {},
    "CERTIFICATE_INVALID",
  ],
  ["another log", {}, { rekorV2: other.rekorV2 }, "LOG_ENTRY_INVALID"],
  [
    "another key of the log",
    { entry: "dsse-0.0.1" },
    { rekorV1: { ...sigstore.rekorV1, key: newTestKey() } },
    "LOG_ENTRY_INVALID",
  ],
  // A13: checkpoints
  [
    "a checkpoint of another origin",
    { entryOptions: { checkpoint: { origin: "rekor.sigstore.test" } } },
    {},
    "LOG_ENTRY_INVALID",
  ],
  ["a checkpoint by a pattern", { entryOptions: { checkpointName: ".*" } }, {}, "LOG_ENTRY_INVALID"],
  ["a checkpoint by a slow pattern", { entryOptions: { checkpointName: "(a+)+$" } }, {}, "LOG_ENTRY_INVALID"],
  ["a checkpoint of another size", { entryOptions: { checkpoint: { size: 4 } } }, {}, "LOG_ENTRY_INVALID"],
  [
    "a checkpoint of another tree",
    { entryOptions: { checkpoint: { root: new Uint8Array(32) } } },
    {},
    "LOG_ENTRY_INVALID",
  ],
  // A9: timestamps
  ["another timestamp authority", {}, { timestamps: other.timestamps }, "TIMESTAMP_INVALID"],
  ["a timestamp by another key", { timestamp: { key: newTestKey() } }, {}, "TIMESTAMP_INVALID"],
  [
    "a timestamp that names the trusted signer, made by another",
    { timestamp: { namedSigner: sigstore.timestamps.certificate } },
    { timestamps: other.timestamps },
    "TIMESTAMP_INVALID",
  ],
  [
    "a forged certificate before the right one",
    {
      timestamp: {
        key: other.timestamps.key,
        certificates: [other.timestamps.certificate, sigstore.timestamps.certificate],
      },
    },
    {},
    "TIMESTAMP_INVALID",
  ],
  ["a timestamp of other bytes", { timestamp: { imprint: new Uint8Array(32) } }, {}, "TIMESTAMP_INVALID"],
  ["a timestamp by SHA-1", { timestamp: { hash: "sha1" } }, {}, "TIMESTAMP_INVALID"],
  ["a timestamp with another content", { timestamp: { messageDigest: new Uint8Array(32) } }, {}, "TIMESTAMP_INVALID"],
  ["a timestamp that was refused", { timestamp: { status: 2 } }, {}, "TIMESTAMP_INVALID"],
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

/** The names of the trusted authorities, with other keys. */
function impostor() {
  return intermediateAuthority("fulcio intermediate", rootAuthority("fulcio root"));
}

describe("with one thing wrong", () => {
  it.each(wrong)("%s", (_, options, changed, code) => {
    expect(outcome(sign(options, changed))).toBe(code);
  });
});

describe("what was changed afterwards", () => {
  const edited = (
    options: BundleOptions,
    edit: (bundle: BundleJson, entry: BundleJson["verificationMaterial"]["tlogEntries"][number]) => void,
  ) => {
    const bundle = structuredClone(sign(options));
    const [entry] = bundle.verificationMaterial.tlogEntries;
    if (entry === undefined) throw new Error("no entry");
    edit(bundle, entry);
    return outcome(bundle);
  };
  const v1 = { entry: "dsse-0.0.1", timestamp: null } as const;

  it("nothing: the twin of every case below", () => {
    expect(edited(v1, () => {})).toBe("verified");
    expect(edited({}, () => {})).toBe("verified");
  });

  it("a promised time by a second", () => {
    expect(
      edited(v1, (_, entry) => {
        entry.integratedTime = String(Number(entry.integratedTime) + 1);
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("a time for an entry that has none", () => {
    const late = { timestamp: null } as const;
    expect(
      edited(late, (_, entry) => {
        entry.integratedTime = "1768478400";
      }),
    ).toBe("TIMESTAMP_INVALID");
  });

  it.each(["x", "0x1", "-1", "1e3", "", " 1", "99999999999999999"])("an index of %j", (index) => {
    expect(
      edited(v1, (_, entry) => {
        entry.logIndex = index;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        if (entry.inclusionProof) entry.inclusionProof.logIndex = index;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        if (entry.inclusionProof) entry.inclusionProof.treeSize = index;
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("a proof with another hash, a hash less or a hash more", () => {
    const withHashes = (change: (hashes: string[]) => string[]) =>
      edited({}, (_, entry) => {
        if (entry.inclusionProof) entry.inclusionProof.hashes = change(entry.inclusionProof.hashes);
      });
    expect(withHashes((hashes) => hashes)).toBe("verified");
    expect(withHashes((hashes) => hashes.map(() => Buffer.alloc(32).toString("base64")))).toBe("LOG_ENTRY_INVALID");
    expect(withHashes((hashes) => hashes.slice(1))).toBe("LOG_ENTRY_INVALID");
    expect(withHashes((hashes) => [...hashes, Buffer.alloc(32).toString("base64")])).toBe("LOG_ENTRY_INVALID");
    expect(withHashes((hashes) => hashes.map(() => "AAAA"))).toBe("LOG_ENTRY_INVALID");
    expect(withHashes(() => new Array(65).fill(Buffer.alloc(32).toString("base64")))).toBe("LOG_ENTRY_INVALID");
  });

  it("no proof in v0.3, no checkpoint, no promise in v0.1", () => {
    expect(
      edited({}, (_, entry) => {
        delete entry.inclusionProof;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({ ...v1, version: "0.2" }, (_, entry) => {
        delete entry.inclusionProof;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({ ...v1, version: "0.1" }, (_, entry) => {
        delete entry.inclusionPromise;
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        if (entry.inclusionProof) entry.inclusionProof.checkpoint = { envelope: "" };
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("the log's name", () => {
    expect(
      edited({}, (_, entry) => {
        entry.logId.keyId = Buffer.alloc(32, 1).toString("base64");
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        entry.logId.keyId = "";
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("the kind of an entry", () => {
    expect(
      edited({}, (_, entry) => {
        entry.kindVersion.version = "0.0.1";
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, (_, entry) => {
        entry.kindVersion = { kind: "rfc3161", version: "0.0.1" };
      }),
    ).toBe("LOG_ENTRY_INVALID");
  });

  it("an entry, a receipt or a timestamp twice", () => {
    expect(
      edited({}, (bundle, entry) => {
        bundle.verificationMaterial.tlogEntries.push(entry);
      }),
    ).toBe("LOG_ENTRY_INVALID");
    expect(
      edited({}, ({ verificationMaterial: { timestampVerificationData: data } }) => {
        data?.rfc3161Timestamps.push(...data.rfc3161Timestamps);
      }),
    ).toBe("TIMESTAMP_INVALID");
  });

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

// A3: an entry is about this signature, this content and this certificate.
describe("an entry of something else", () => {
  const kinds = ["hashedrekord-0.0.1", "dsse-0.0.1", "intoto-0.0.2", "hashedrekord-0.0.2"] as const;

  it.each(kinds)("%s for another signature over the same statement", (entry) => {
    const bundle = structuredClone(sign({ entry }));
    bundle.verificationMaterial.tlogEntries = sign({ entry }).verificationMaterial.tlogEntries;
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another signature");
  });

  it.each(kinds)("%s for the same signature and another certificate of the same key", (entry) => {
    const key = newTestKey();
    const mine = signBundle(sigstore, PAYLOAD, { entry, key });
    const theirs = signBundle(sigstore, PAYLOAD, { entry, key, leaf: { serial: 99 } });
    const kind = {
      bytes: mine.bytes,
      signature: mine.signature,
      payload: PAYLOAD,
      payloadType: "application/vnd.in-toto+json",
      key,
    };
    const bundle = structuredClone(mine.bundle);
    const entryOf = (verifierPem: string) =>
      entryFor(sigstore, entry, { ...kind, verifierPem }, { time: at("12:00:00") });
    bundle.verificationMaterial.tlogEntries = [entryOf(pemOf(mine.leaf))];
    expect(outcome(bundle)).toBe("verified");
    bundle.verificationMaterial.tlogEntries = [entryOf(pemOf(theirs.leaf))];
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another certificate or key");
  });

  it.each(kinds)("%s for the same signature and other content", (entry) => {
    const mine = signBundle(sigstore, PAYLOAD, { entry });
    const bundle = structuredClone(mine.bundle);
    const signed = {
      bytes: ascii("other"),
      signature: mine.signature,
      payload: ascii("other"),
      payloadType: "application/vnd.in-toto+json",
      verifierPem: pemOf(mine.leaf),
      key: mine.key,
    };
    bundle.verificationMaterial.tlogEntries = [entryFor(sigstore, entry, signed, { time: at("12:00:00") })];
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another content");
  });

  it("intoto 0.0.2 for another payload type", () => {
    const mine = signBundle(sigstore, PAYLOAD, { entry: "intoto-0.0.2" });
    const bundle = structuredClone(mine.bundle);
    const signed = {
      bytes: mine.bytes,
      signature: mine.signature,
      payload: PAYLOAD,
      payloadType: "text/plain",
      verifierPem: pemOf(mine.leaf),
      key: mine.key,
    };
    bundle.verificationMaterial.tlogEntries = [entryFor(sigstore, "intoto-0.0.2", signed, { time: at("12:00:00") })];
    expect(refusal(bundle)).toContain("LOG_ENTRY_INVALID: a log entry is about another payload type");
  });

  it("the statement of another bundle, and the signature of another key", () => {
    const bundle = structuredClone(sign());
    const evil = structuredClone(bundle);
    if (evil.dsseEnvelope)
      evil.dsseEnvelope.payload = Buffer.from(
        statementBytes({ subject: [{ name: "evil", digest: { sha256: "0".repeat(64) } }] }),
      ).toString("base64");
    expect(outcome(evil)).toBe("LOG_ENTRY_INVALID");
    expect(
      outcome(
        { ...evil, verificationMaterial: { ...evil.verificationMaterial, tlogEntries: [] } },
        trusting({ withoutLog: true }),
      ),
    ).toBe("SIGNATURE_INVALID");
  });
});

// A16, A27, A37: who, and from where.
describe("identity and source", () => {
  it.each([
    `${IDENTITY}x`,
    IDENTITY.slice(0, -1),
    IDENTITY.replace("v1.2.3", "v1x2x3"),
    IDENTITY.replace("octo", "Octo"),
    `${IDENTITY}/`,
    IDENTITY.replace("/widgets/", "/widgets-evil/"),
    IDENTITY.replace("release.yml", "release%2Eyml"),
    IDENTITY.replace("https", "http"),
  ])("does not take the trusted %s for the one that signed", (identity) => {
    expect(outcome(sign(), trusting({ identity }))).toBe("IDENTITY_MISMATCH");
  });

  it.each(["https://token.actions.githubusercontent.com/", "https://token.actions.githubusercontent.com.evil.example"])(
    "does not take the issuer %s",
    (issuer) => {
      expect(outcome(sign(), trusting({ issuer, source: null }))).toBe("IDENTITY_MISMATCH");
    },
  );

  it("takes a pattern for the whole name only", () => {
    const pattern = (identityPattern: string) => outcome(sign(), trusting({ identityPattern }));
    expect(pattern(String.raw`https://github\.com/octo/widgets/\.github/workflows/release\.yml@refs/tags/v.*`)).toBe(
      "verified",
    );
    expect(pattern(String.raw`https://github\.com/octo/widgets`)).toBe("IDENTITY_MISMATCH");
    expect(pattern(String.raw`release\.yml@refs/tags/v1\.2\.3`)).toBe("IDENTITY_MISMATCH");
    expect(pattern(String.raw`x|https://github\.com/octo/widgets/`)).toBe("IDENTITY_MISMATCH");
  });

  it.each([
    ["octo/widgets", "verified"],
    ["https://github.com/octo/widgets", "verified"],
    ["octo/widgets@refs/tags/v1.2.3", "verified"],
    ["octo/widgets@refs/tags/v1.2.3x", "SOURCE_MISMATCH"],
    ["octo/widgets@refs/tags/v1.2", "SOURCE_MISMATCH"],
    ["octo/widget", "SOURCE_MISMATCH"],
    ["octo/widgets-evil", "SOURCE_MISMATCH"],
    ["Octo/widgets", "SOURCE_MISMATCH"],
    ["https://github.example/octo/widgets", "SOURCE_MISMATCH"],
  ])("compares the source %s with the certificate", (source, code) => {
    expect(outcome(sign(), trusting({ source }))).toBe(code);
  });

  it("wants a source for a workflow that signs for other repositories", () => {
    const workflow = "octo/builder/.github/workflows/build.yml@refs/tags/v1";
    const claims = githubRun({ repository: "evil/widgets", ref: "refs/tags/v1.2.3", workflow });
    const bundle = sign({ leaf: { claims } });
    const identity = `https://github.com/${workflow}`;
    expect(outcome(bundle, trusting({ identity }))).toBe("SOURCE_UNSET");
    expect(outcome(bundle, trusting({ identity, source: "octo/widgets" }))).toBe("SOURCE_MISMATCH");
  });

  it("wants the source repository in the certificate where one is expected", () => {
    const { repository: _old, sourceRepositoryUri: _new, ...claims } = RELEASE_RUN;
    expect(outcome(sign({ leaf: { claims } }), trusting({ source: "octo/widgets" }))).toBe("SOURCE_MISMATCH");
  });
});

// A10, A26: everything counts in its time only, and the end belongs to it.
describe("the time of the roots", () => {
  const period = (edit: (root: ReturnType<typeof rootOf>) => void) => {
    const root = rootOf(sigstore);
    edit(root);
    return rootsFrom(root);
  };
  const before = { start: "2020-01-01T00:00:00Z", end: "2026-01-15T11:59:59Z" };
  const until = { start: "2020-01-01T00:00:00Z", end: "2026-01-15T12:00:00Z" };
  const from = { start: "2026-01-15T12:00:00Z" };
  const after = { start: "2026-01-15T12:00:01Z" };
  const first = <T>([one]: T[]): T => one as T;

  it.each([
    ["log of version 1", { entry: "dsse-0.0.1" }, (root) => root.tlogs[0]?.publicKey, "LOG_ENTRY_INVALID"],
    ["log of version 2", {}, (root) => root.tlogs[1]?.publicKey, "LOG_ENTRY_INVALID"],
    ["certificate log", {}, (root) => first(root.ctlogs).publicKey, "CERTIFICATE_INVALID"],
    ["certificate authority", {}, (root) => first(root.certificateAuthorities), "CERTIFICATE_INVALID"],
    ["timestamp authority", {}, (root) => first(root.timestampAuthorities), "TIMESTAMP_INVALID"],
  ] as readonly [
    string,
    BundleOptions,
    (root: ReturnType<typeof rootOf>) => { validFor?: { start?: string; end?: string } } | undefined,
    string,
  ][])("of a %s", async (_, options, of, code) => {
    const bundle = sign(options);
    for (const [validFor, expected] of [
      [until, "verified"],
      [from, "verified"],
      [before, code],
      [after, code],
    ] as const) {
      const limited = await period((root) => Object.assign(of(root) ?? {}, { validFor }));
      expect(outcome(bundle, trusting({ roots: limited }))).toBe(expected);
    }
  });

  it("a retired timestamp authority does not borrow another one's time", async () => {
    const two = { authority: other.timestamps, uri: "https://b.example" };
    const root = trustedRoot({
      logs: [sigstore.rekorV1, sigstore.rekorV2],
      ctLogs: [{ key: sigstore.ctLog, baseUrl: "https://ct.example" }],
      certificateAuthorities: [{ authority: sigstore.fulcio, uri: "https://f.example" }],
      timestampAuthorities: [{ authority: sigstore.timestamps, uri: "https://a.example" }, two],
    });
    expect(outcome(sign(), trusting({ roots: await rootsFrom(root) }))).toBe("verified");
    Object.assign(root.timestampAuthorities[0] ?? {}, { validFor: before });
    expect(outcome(sign(), trusting({ roots: await rootsFrom(root) }))).toBe("TIMESTAMP_INVALID");
    expect(outcome(sign({}, { timestamps: other.timestamps }), trusting({ roots: await rootsFrom(root) }))).toBe(
      "verified",
    );
  });

  it("one good timestamp does not make up for one outside", async () => {
    const bundle = structuredClone(sign());
    const late = sign({ key: newTestKey() });
    expect(late).not.toEqual(bundle);
    const signed = signBundle(sigstore, PAYLOAD, {});
    const { timestampResponse } = await import("@touchmark/testkit/sigstore");
    const outside = timestampResponse(sigstore.timestamps, signed.signature, { time: at("13:00:00") });
    const inside = timestampResponse(sigstore.timestamps, signed.signature, { time: at("12:01:00") });
    const both = (second: Uint8Array) => {
      const copy = structuredClone(signed.bundle);
      copy.verificationMaterial.timestampVerificationData?.rfc3161Timestamps.push({
        signedTimestamp: Buffer.from(second).toString("base64"),
      });
      return outcome(copy);
    };
    expect(both(inside)).toBe("verified");
    expect(both(outside)).toBe("TIMESTAMP_INVALID");
  });
});

// A5: the chain must hold when the signature was made, not when the certificate begins.
it.each([
  ["2026-01-15T12:00:30Z", "verified"],
  ["2026-01-15T11:59:59Z", "CERTIFICATE_INVALID"],
  ["2026-01-15T12:00:00Z", "CERTIFICATE_INVALID"],
])("a trusted intermediate authority that ends at %s", async (end, code) => {
  const fulcio = intermediateAuthority("fulcio intermediate", rootAuthority("fulcio root"), {
    notAfter: new Date(end),
  });
  const own = { ...sigstore, fulcio };
  const signed = sign({ timestamp: { time: at("12:00:20") } }, own);
  expect(outcome(signed, trusting({ roots: await rootsFrom(rootOf(own)) }))).toBe(code);
});

describe("roots that are too old", () => {
  it.each([
    ["certificate authority", { fulcio: other.fulcio }],
    ["certificate authority with a new key", { fulcio: impostor() }],
    ["certificate log", { ctLog: newTestKey() }],
    ["transparency log", { rekorV2: other.rekorV2 }],
    ["timestamp authority", { timestamps: timestampAuthority("new", rootAuthority("new root")) }],
  ] as const)("cannot tell about a %s that is newer", async (_, changed) => {
    const bundle = sign({}, changed);
    expect(outcome(bundle, trusting({ roots: await rootsFrom(rootOf(sigstore), "2026-01-15T11:59:59Z") }))).toBe(
      "ROOTS_STALE",
    );
    expect(outcome(bundle, trusting({ roots: await rootsFrom(rootOf(sigstore), AS_OF) }))).not.toMatch(
      /ROOTS_STALE|verified/,
    );
  });

  it("still tell what is wrong with what they know", async () => {
    const old = await rootsFrom(rootOf(sigstore), "2026-01-01T00:00:00Z");
    expect(outcome(sign(), trusting({ roots: old }))).toBe("verified");
    expect(outcome(sign({ leaf: { purposes: [EKU.serverAuth] } }), trusting({ roots: old }))).toBe(
      "CERTIFICATE_INVALID",
    );
  });
});

// A8: what is too much is refused before anything is made of it.
describe("too much", () => {
  const quickly = async (what: () => string): Promise<string> => {
    let result = "";
    const cpuMs = await leastCpuMs(100, () => {
      result = what();
    });
    expect(cpuMs).toBeLessThan(100);
    return result;
  };
  const many = (count: number) => {
    const bundle = structuredClone(sign());
    const material = bundle.verificationMaterial;
    material.tlogEntries = new Array(count).fill(material.tlogEntries[0]);
    return bundle;
  };

  it("log entries", async () => {
    expect(() => outcome(many(33))).toThrow(expect.objectContaining({ code: "BUNDLE_MALFORMED" }));
    expect(await quickly(() => outcome(many(32)))).toBe("LOG_ENTRY_INVALID");
  });

  it("a certificate, a deep one, one with a huge OID", async () => {
    const bundle = structuredClone(sign());
    const withCertificate = (der: Uint8Array) =>
      quickly(() =>
        outcome({
          ...bundle,
          verificationMaterial: {
            ...bundle.verificationMaterial,
            certificate: { rawBytes: Buffer.from(der).toString("base64") },
          },
        }),
      );
    expect(await withCertificate(new Uint8Array(40_000))).toBe("CERTIFICATE_INVALID");
    expect(
      await withCertificate(Uint8Array.from({ length: 30_000 }, (_, index) => (index % 2 === 0 ? 0x30 : 0x80))),
    ).toBe("CERTIFICATE_INVALID");
    let deep: Uint8Array = new Uint8Array();
    for (let depth = 0; depth < 200; depth += 1) deep = sequence(deep);
    expect(await withCertificate(deep)).toBe("CERTIFICATE_INVALID");
    const huge = { oid: `1.2.${2n ** 4096n}`, critical: true, value: ascii("x") };
    expect(await quickly(() => outcome(sign({ leaf: { more: [huge] } })))).toBe("CERTIFICATE_INVALID");
    expect(outcome(sign({ leaf: { more: [raw(new Uint8Array(33_000))] } }))).toBe("CERTIFICATE_INVALID");
  });

  it("a timestamp, a log's body, a checkpoint", async () => {
    const bundle = structuredClone(sign());
    const [entry] = bundle.verificationMaterial.tlogEntries;
    const stamped = { rfc3161Timestamps: [{ signedTimestamp: Buffer.alloc(70_000).toString("base64") }] };
    expect(
      await quickly(() =>
        outcome({
          ...bundle,
          verificationMaterial: { ...bundle.verificationMaterial, timestampVerificationData: stamped },
        }),
      ),
    ).toBe("TIMESTAMP_INVALID");
    const withEntry = (change: object) =>
      quickly(() =>
        outcome({
          ...bundle,
          verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [{ ...entry, ...change }] },
        }),
      );
    expect(await withEntry({ canonicalizedBody: Buffer.alloc(300_000).toString("base64") })).toBe("LOG_ENTRY_INVALID");
    expect(
      await withEntry({ inclusionProof: { ...entry?.inclusionProof, checkpoint: { envelope: "a".repeat(70_000) } } }),
    ).toBe("LOG_ENTRY_INVALID");
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
