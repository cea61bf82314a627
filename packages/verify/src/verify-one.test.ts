import { createHash } from "node:crypto";
import { entryFor, newTestKey, publicPem, signBundle, type TestKey } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf, IDENTITY, ISSUER, PAYLOAD, roots, sigstore } from "../test/certificate-cases.ts";
import { statementBytes } from "../test/signed-bundles.ts";
import { trustedKey } from "./trust.ts";
import { type OneArtifact, type OneSigner, verifyOne } from "./verify-one.ts";

const FILE = new TextEncoder().encode("bytes of a file");
const OTHER = new TextEncoder().encode("bytes of another file");
const WHO: OneSigner = { kind: "identity", identity: IDENTITY, issuer: ISSUER };
const bytes = (content: Uint8Array): OneArtifact => ({ kind: "bytes", bytes: content });
const digest = (content: Uint8Array): OneArtifact => ({
  kind: "digest",
  sha256: createHash("sha256").update(content).digest("hex"),
});

async function outcome(bundle: unknown, artifact: OneArtifact, signer: OneSigner = WHO): Promise<string> {
  try {
    await verifyOne(bytesOf(bundle), artifact, signer, roots);
    return "verified";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const message = (key?: TestKey) =>
  signBundle(sigstore, FILE, { content: "message", ...(key === undefined ? {} : { key }) }).bundle;

describe("a signature over a file", () => {
  it("holds for the file and for its digest, and for no other", async () => {
    const bundle = message();
    expect(await outcome(bundle, bytes(FILE))).toBe("verified");
    expect(await outcome(bundle, digest(FILE))).toBe("verified");
    expect(await outcome(bundle, bytes(OTHER))).toBe("DIGEST_MISMATCH");
    expect(await outcome(bundle, digest(OTHER))).toBe("DIGEST_MISMATCH");
  });

  it("is not believed for what the bundle says of its digest", async () => {
    const bundle = structuredClone(message());
    const stated = createHash("sha256").update(OTHER).digest("base64");
    if (bundle.messageSignature) bundle.messageSignature.messageDigest.digest = stated;
    expect(await outcome(bundle, bytes(OTHER))).toBe("LOG_ENTRY_INVALID");
    expect(await outcome(bundle, digest(OTHER))).toBe("LOG_ENTRY_INVALID");
    Reflect.deleteProperty(bundle.messageSignature ?? {}, "messageDigest");
    expect(await outcome(bundle, digest(FILE))).toBe("verified");
    expect(await outcome(bundle, digest(OTHER))).toBe("LOG_ENTRY_INVALID");
  });

  it("by keys that hash otherwise needs the file", async () => {
    for (const kind of ["P-384", "P-521", "ed25519", "RSA"] as const) {
      const key = newTestKey(kind);
      const bundle = message(key);
      expect([kind, await outcome(bundle, bytes(FILE))]).toEqual([kind, "verified"]);
      // A log that hashed otherwise has another digest, which is seen before the signature is.
      const code = key.hash === "sha256" ? "SIGNATURE_INVALID" : "LOG_ENTRY_INVALID";
      expect([kind, await outcome(bundle, digest(FILE))]).toEqual([kind, code]);
    }
  });

  it("by another signature of the same key does not hold, as file or as digest", async () => {
    const key = newTestKey();
    const wrong = structuredClone(message(key));
    const signature = Buffer.from(key.sign(OTHER)).toString("base64");
    if (wrong.messageSignature) wrong.messageSignature.signature = signature;
    expect(await outcome(wrong, bytes(FILE))).toBe("LOG_ENTRY_INVALID");
    expect(await outcome(wrong, digest(FILE))).toBe("LOG_ENTRY_INVALID");
  });
});

describe("a statement", () => {
  it("must have the artifact among its subjects", async () => {
    const { bundle } = signBundle(sigstore, PAYLOAD);
    const tool = new TextEncoder().encode("tool");
    expect(await outcome(bundle, bytes(tool))).toBe("verified");
    expect(await outcome(bundle, digest(tool))).toBe("verified");
    expect(await outcome(bundle, bytes(OTHER))).toBe("NOT_COVERED");
    expect(await outcome(bundle, digest(OTHER))).toBe("NOT_COVERED");
  });

  it("must be by exactly this identity and issuer", async () => {
    const { bundle } = signBundle(sigstore, PAYLOAD);
    const tool = bytes(new TextEncoder().encode("tool"));
    expect(await outcome(bundle, tool, { ...WHO, identity: `${IDENTITY}x` })).toBe("IDENTITY_MISMATCH");
    expect(await outcome(bundle, tool, { ...WHO, issuer: `${ISSUER}/` })).toBe("IDENTITY_MISMATCH");
  });
});

describe("a key instead of a certificate", () => {
  const key = newTestKey();
  const trusted = trustedKey(new TextEncoder().encode(publicPem(key)), "key.pub");
  const signed = (signer: TestKey, logged: TestKey = signer) => {
    const signature = signer.sign(FILE);
    const about = {
      bytes: FILE,
      signature,
      payload: FILE,
      payloadType: "",
      verifierPem: publicPem(logged),
      key,
    };
    return {
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: {
        publicKey: { hint: "" },
        tlogEntries: [entryFor(sigstore, "hashedrekord-0.0.1", about, { time: new Date("2026-01-15T12:00:00Z") })],
      },
      messageSignature: {
        messageDigest: { algorithm: "SHA2_256", digest: createHash("sha256").update(FILE).digest("base64") },
        signature: Buffer.from(signature).toString("base64"),
      },
    };
  };

  it("holds with its log entry, and without one", async () => {
    const bundle = signed(key);
    expect(await outcome(bundle, bytes(FILE), trusted)).toBe("verified");
    expect(await outcome(bundle, digest(FILE), trusted)).toBe("verified");
    const bare = { ...bundle, verificationMaterial: { publicKey: { hint: "" } } };
    expect(await outcome(bare, digest(FILE), trusted)).toBe("verified");
    expect(await outcome(bare, digest(OTHER), trusted)).toBe("DIGEST_MISMATCH");
  });

  it("is refused by another key, with another's log entry, and in place of a certificate", async () => {
    const other = newTestKey();
    expect(await outcome(signed(other), bytes(FILE), trusted)).toBe("LOG_ENTRY_INVALID");
    const bare = { ...signed(other), verificationMaterial: { publicKey: { hint: "" } } };
    expect(await outcome(bare, bytes(FILE), trusted)).toBe("SIGNATURE_INVALID");
    expect(await outcome(bare, digest(FILE), trusted)).toBe("SIGNATURE_INVALID");
    expect(await outcome(signed(key, other), bytes(FILE), trusted)).toBe("LOG_ENTRY_INVALID");
    expect(await outcome(signed(key), bytes(FILE))).toBe("SIGNER_UNTRUSTED");
    expect(await outcome(message(), bytes(FILE), trusted)).toBe("SIGNER_UNTRUSTED");
  });
});

describe("what a bundle may leave open", () => {
  it("a message bundle without a digest is compared by its signature alone", async () => {
    const bundle = structuredClone(message());
    Reflect.deleteProperty(bundle.messageSignature ?? {}, "messageDigest");
    expect(await outcome(bundle, bytes(FILE))).toBe("verified");
    expect(await outcome(bundle, bytes(OTHER))).toBe("LOG_ENTRY_INVALID");
  });

  it("one of several subjects is enough", async () => {
    const both = [FILE, OTHER].map((file) => ({
      name: "file",
      digest: { sha256: createHash("sha256").update(file).digest("hex") },
    }));
    const { bundle } = signBundle(sigstore, statementBytes({ subject: both }));
    expect(await outcome(bundle, bytes(FILE))).toBe("verified");
    expect(await outcome(bundle, digest(OTHER))).toBe("verified");
    expect(await outcome(bundle, bytes(new Uint8Array(3)))).toBe("NOT_COVERED");
  });

  it("what is no bundle at all is malformed", async () => {
    expect(await outcome({}, bytes(FILE))).toBe("BUNDLE_MALFORMED");
  });
});

it("a refusal says what was expected, and what there is", async () => {
  const refusal = (bundle: unknown, artifact: OneArtifact, signer: OneSigner) =>
    verifyOne(bytesOf(bundle), artifact, signer, roots).catch((error: unknown) => error);
  const key = newTestKey();
  const trusted = trustedKey(new TextEncoder().encode(publicPem(key)), "key.pub");
  const byKey = signBundle(sigstore, PAYLOAD, { key, keyHint: "", entry: null, timestamp: null }).bundle;
  const tool = bytes(new TextEncoder().encode("tool"));
  const { bundle } = signBundle(sigstore, PAYLOAD);
  const cases: readonly (readonly [unknown, OneArtifact, OneSigner, object])[] = [
    [
      bundle,
      tool,
      { ...WHO, identity: "somebody" },
      { code: "IDENTITY_MISMATCH", expected: `somebody (${ISSUER})`, actual: `${IDENTITY} (${ISSUER})` },
    ],
    [
      bundle,
      digest(OTHER),
      WHO,
      {
        code: "NOT_COVERED",
        expected: `a subject with sha256:${createHash("sha256").update(OTHER).digest("hex")}`,
        actual: "others",
      },
    ],
    [
      message(),
      bytes(OTHER),
      WHO,
      { code: "DIGEST_MISMATCH", expected: "the artifact's digest", actual: "another one" },
    ],
    [
      bundle,
      tool,
      trusted,
      { code: "SIGNER_UNTRUSTED", expected: "a bundle that was signed with a key", actual: "a certificate" },
    ],
    [byKey, tool, WHO, { code: "SIGNER_UNTRUSTED", expected: "a certificate", actual: "a key" }],
  ];
  for (const [signed, artifact, signer, shown] of cases) {
    expect(await refusal(signed, artifact, signer)).toMatchObject(shown);
  }
  expect(await refusal(byKey, tool, trusted)).toBeUndefined();
});
