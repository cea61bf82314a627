import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { describe, expect, it } from "vitest";
import {
  type BundleJson,
  type BundleOptions,
  EKU,
  githubRun,
  newTestKey,
  promise,
  rootAuthority,
  rootOf,
  signBundle,
  type TestSigstore,
  testSigstore,
  timestampAuthority,
} from "./index.ts";

// Another implementation judges: what is made here must hold for it, and each change must not.
const sigstore = testSigstore();
const ISSUER = "https://token.actions.githubusercontent.com";
const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";
const payload = new TextEncoder().encode('{"_type":"https://in-toto.io/Statement/v1"}');

function verified(bundle: BundleJson, root: unknown = rootOf(sigstore)): string {
  const message = bundle.messageSignature === undefined ? undefined : Buffer.from(payload);
  const timed = bundle.verificationMaterial.timestampVerificationData !== undefined;
  const logged = bundle.verificationMaterial.tlogEntries.length > 0;
  const material = toTrustMaterial(TrustedRoot.fromJSON(root));
  const options = { tlogThreshold: logged ? 1 : 0, timestampThreshold: 1, ctlogThreshold: 1 };
  const entity = toSignedEntity(bundleFromJSON(bundle), message);
  const policy = { subjectAlternativeName: IDENTITY, extensions: { issuer: ISSUER } };
  const signer = new Verifier(material, options).verify(entity, policy);
  return `${signer.identity?.subjectAlternativeName}${timed ? " with a timestamp" : ""}`;
}

function sign(options: BundleOptions = {}, changed: Partial<TestSigstore> = {}): BundleJson {
  return signBundle({ ...sigstore, ...changed }, payload, options).bundle;
}

describe("another verifier takes", () => {
  it.each(["hashedrekord-0.0.1", "dsse-0.0.1", "intoto-0.0.2", "hashedrekord-0.0.2", null] as const)(
    "an envelope with entry %s",
    (entry) => {
      expect(verified(sign({ entry }))).toBe(`${IDENTITY} with a timestamp`);
    },
  );

  it.each(["hashedrekord-0.0.1", "hashedrekord-0.0.2", null] as const)("a message with entry %s", (entry) => {
    expect(verified(sign({ content: "message", entry }))).toBe(`${IDENTITY} with a timestamp`);
  });

  it.each(["0.1", "0.2", "0.3"] as const)("bundle %s with the time of its log", (version) => {
    expect(verified(sign({ version, entry: "dsse-0.0.1", timestamp: null }))).toBe(IDENTITY);
  });

  it("a promise without a proof", () => {
    const bundle = sign({ version: "0.1", entry: "dsse-0.0.1", timestamp: null, entryOptions: { proof: false } });
    expect(bundle.verificationMaterial.tlogEntries[0]?.inclusionProof).toBe(undefined);
    expect(verified(bundle)).toBe(IDENTITY);
  });

  it.each(Array.from({ length: 9 }, (_, before) => [before, 8 - before]))(
    "a proof with %i entries before and %i after",
    (before, after) => {
      const others = (count: number, name: string) =>
        Array.from({ length: count }, (_, index) => new TextEncoder().encode(`${name} ${index}`));
      const entryOptions = { before: others(before, "before"), after: others(after, "after") };
      expect(verified(sign({ entryOptions }))).toBe(`${IDENTITY} with a timestamp`);
    },
  );

  it.each(["hashedrekord-0.0.1", "dsse-0.0.1", "hashedrekord-0.0.2"] as const)(
    "a key without a certificate in %s",
    (entry) => {
      const { bundle, key } = signBundle(sigstore, payload, { entry, keyHint: "the hint" });
      const keys = (hint: string) => {
        expect(hint).toBe("the hint");
        return { publicKey: key.publicKey, validFor: () => true };
      };
      const material = toTrustMaterial(TrustedRoot.fromJSON(rootOf(sigstore)), keys);
      const entity = toSignedEntity(bundleFromJSON(bundle));
      expect(new Verifier(material, { ctlogThreshold: 0 }).verify(entity).key.equals(key.publicKey)).toBe(true);
    },
  );

  it("a timestamp over SHA-512", () => {
    expect(verified(sign({ timestamp: { hash: "sha512" } }))).toBe(`${IDENTITY} with a timestamp`);
  });
});

const at = (time: string) => new Date(`2026-01-15T${time}Z`);

describe("another verifier refuses", () => {
  const other = testSigstore();
  it.each<[string, BundleOptions, Partial<TestSigstore>, string]>([
    ["another authority", {}, { fulcio: other.fulcio }, "CERTIFICATE_ERROR"],
    ["another certificate log", {}, { ctLog: newTestKey() }, "CERTIFICATE_ERROR"],
    ["no promise of the certificate", { leaf: { ctLogs: [] } }, {}, "CERTIFICATE_ERROR"],
    ["a promise of another certificate", { leaf: { scts: () => [foreignPromise()] } }, {}, "CERTIFICATE_ERROR"],
    ["another key under the certificate", { leaf: { signingKey: newTestKey() } }, {}, "CERTIFICATE_ERROR"],
    ["a leaf that has expired", { leaf: { notAfter: at("11:59:59") } }, {}, "CERTIFICATE_ERROR"],
    ["another identity", { leaf: { names: [{ uri: "https://other.example" }] } }, {}, "UNTRUSTED_SIGNER_ERROR"],
    ["another log", {}, { rekorV2: other.rekorV2 }, "TLOG_INCLUSION_PROOF_ERROR"],
    [
      "a changed checkpoint",
      { entryOptions: { checkpoint: { root: new Uint8Array(32) } } },
      {},
      "TLOG_INCLUSION_PROOF_ERROR",
    ],
    ["another timestamp authority", {}, { timestamps: other.timestamps }, "TIMESTAMP_ERROR"],
    ["a timestamp of other bytes", { timestamp: { imprint: new Uint8Array(32) } }, {}, "TIMESTAMP_ERROR"],
    ["a timestamp by another key", { timestamp: { key: newTestKey() } }, {}, "TIMESTAMP_ERROR"],
    ["a timestamp with another content", { timestamp: { messageDigest: new Uint8Array(32) } }, {}, "TIMESTAMP_ERROR"],
    ["a timestamp before the leaf", { timestamp: { time: at("11:59:59") } }, {}, "CERTIFICATE_ERROR"],
  ])("%s", (_, options, changed, code) => {
    expect(() => verified(sign(options, changed))).toThrow(expect.objectContaining({ code }));
  });

  function foreignPromise() {
    return promise(sigstore.ctLog, { tbs: new Uint8Array(8), issuerSpki: sigstore.fulcio.key.spki }, at("12:00:00"));
  }
});

it("makes what that verifier wrongly takes: a leaf for TLS servers, an authority without its purpose, a tree of another size", () => {
  expect(verified(sign({ entryOptions: { checkpoint: { size: 4 } } }))).toContain(IDENTITY);
  expect(verified(sign({ leaf: { purposes: [EKU.serverAuth] } }))).toContain(IDENTITY);
  const timestamps = timestampAuthority("lax", rootAuthority("lax root"), { extensions: [] });
  const lax = { ...sigstore, timestamps };
  expect(verified(sign({}, lax), rootOf(lax))).toContain(IDENTITY);
});

it("names the run that a test asks for", () => {
  const claims = githubRun({
    repository: "octo/widgets",
    ref: "refs/heads/main",
    workflow: "evil/w/.github/workflows/x.yml@v1",
  });
  expect(() => verified(sign({ leaf: { claims } }))).toThrow(/https:\/\/github\.com\/evil\/w/);
});
