import { describe, expect, it } from "vitest";
import { bytesOf, IDENTITY, SUBJECT, sign, trusting } from "../../test/certificate-cases.ts";
import {
  bundleOf,
  KEY_ID,
  npmDocument,
  npmKeysOf,
  npmProvenance,
  publishStatement,
  REGISTRY_KEY,
  SHA512,
  signedProvenance,
  signedPublish,
} from "../../test/npm-cases.ts";
import { testKey } from "../../test/signed-bundles.ts";
import type { Evidence } from "../evidence.ts";
import { examine } from "../examine.ts";
import type { NpmKeys } from "../npm/npm-keys.ts";
import { trustedVerifier } from "../summary/summary-trust.ts";
import type { Trust } from "../trust.ts";
import { npmFormat } from "./format-npm.ts";
import { readPieces } from "./read-pieces.ts";

const KEYS = npmKeysOf();
const { newTestKey, testSigstore } = await import("@touchmark/testkit/sigstore");

interface Given {
  readonly keys?: NpmKeys | null;
  readonly trust?: Trust;
}

/** The one piece of evidence that a document is. */
async function evidenceIn(document: unknown, { keys = KEYS, trust = trusting() }: Given = {}): Promise<Evidence> {
  const { pieces, findings } = await readPieces(bytesOf(document), "pad.json");
  expect(findings).toEqual([]);
  const [one, ...more] = pieces;
  if (one === undefined || more.length > 0) throw new Error(`${pieces.length} pieces`);
  return examine(one.name, one.piece, { trust: [trust], ...(keys === null ? {} : { npmKeys: keys }) });
}

/** `trusted`, or the codes of the refusal. */
async function outcome(document: unknown, given: Given = {}): Promise<string> {
  const evidence = await evidenceIn(document, given);
  return "findings" in evidence ? evidence.findings.map(({ code }) => code).join() : evidence.kind;
}

const published = (change: object) => npmDocument(undefined, signedPublish({ ...publishStatement(), ...change }));
const about = (name: string, sha512 = SHA512) => ({ subject: [{ name, digest: { sha512 } }] });

describe("a document in which both attestations hold", () => {
  it("says what the registry vouches for", async () => {
    expect(await evidenceIn(npmDocument())).toMatchObject({
      kind: "trusted",
      name: "pad.json",
      published: {
        registry: "https://registry.npmjs.org",
        name: "@octo/pad",
        version: "1.2.3",
        keyDigest: KEYS.get(KEY_ID)?.digest,
        signedAt: "2026-01-15T12:00:00.000Z",
      },
    });
  });

  it.each([
    ["in the other order", { attestations: npmDocument().attestations.toReversed() }],
    [
      "beside 30 of kinds that nobody knows",
      {
        attestations: [
          ...npmDocument().attestations,
          ...Array.from({ length: 30 }, () => ({ predicateType: "x".repeat(2_048), bundle: null })),
        ],
      },
    ],
    [
      "beside one of a kind that nobody knows",
      { attestations: [...npmDocument().attestations, { predicateType: "https://example.com/new", bundle: null }] },
    ],
    ["with the slash of the scope escaped", published(about("pkg:npm/%40octo%2Fpad@1.2.3"))],
    ["with the scope not escaped", published(about("pkg:npm/@octo/pad@1.2.3"))],
    [
      "as npm had them in 2023: in the log by a promise alone",
      npmDocument(
        signedProvenance(undefined, { version: "0.1", entry: "intoto-0.0.2", timestamp: null }),
        signedPublish(undefined, { version: "0.1", entry: "intoto-0.0.2", timestamp: null }),
      ),
    ],
  ])("%s", async (_what, document) => {
    expect(await outcome(document)).toBe("trusted");
  });

  it("a bundle from elsewhere needs no registry, and says so", async () => {
    const evidence = examine(
      "pad.sigstore.json",
      { kind: "statement", format: "sigstore-bundle", bundle: bundleOf(signedProvenance()) },
      { trust: [trusting()] },
    );
    expect(evidence).toMatchObject({ kind: "trusted", published: null });
  });
});

describe("the registry's word must be there, and be the registry's", () => {
  const [word, provenance] = npmDocument().attestations;
  it.each<[what: string, document: unknown, code: string, given?: Given]>([
    ["is missing", { attestations: [provenance] }, "PUBLISH_MISSING"],
    [
      "is of another version of its type",
      { attestations: [{ ...word, predicateType: `${word?.predicateType.slice(0, -4)}v0.2` }, provenance] },
      "PUBLISH_MISSING",
    ],
    [
      "is by a key that the registry does not have",
      npmDocument(undefined, signedPublish(undefined, { keyHint: "SHA256:nobody" })),
      "SIGNER_UNTRUSTED",
    ],
    [
      "is by the key for another use",
      npmDocument(undefined, signedPublish(undefined, { keyHint: "SHA256:other" })),
      "SIGNER_UNTRUSTED",
    ],
    [
      "is by somebody with a certificate",
      npmDocument(undefined, signedProvenance(publishStatement())),
      "SIGNER_UNTRUSTED",
    ],
    ["is believed by nobody here", npmDocument(), "SIGNER_UNTRUSTED", { keys: null }],
    [
      "is by another key under its id",
      npmDocument(undefined, signedPublish(undefined, { key: newTestKey() })),
      "LOG_ENTRY_INVALID",
    ],
    ["is in no log", npmDocument(undefined, signedPublish(undefined, { entry: null })), "LOG_ENTRY_INVALID"],
    [
      "has no time that anybody vouches for",
      npmDocument(undefined, signedPublish(undefined, { timestamp: null })),
      "TIMESTAMP_INVALID",
    ],
    [
      "is by a key that was not yet in use",
      npmDocument(),
      "TIMESTAMP_INVALID",
      keyFrom({ start: "2026-01-15T12:00:01Z" }),
    ],
    [
      "is by a key that was in use no more",
      npmDocument(),
      "TIMESTAMP_INVALID",
      keyFrom({ end: "2026-01-15T11:59:59Z" }),
    ],
    [
      "is by a key of which nobody says when",
      npmDocument(),
      "TIMESTAMP_INVALID",
      { keys: npmKeysOf({ validFor: null }) },
    ],
  ])("%s", async (_what, document, code, given) => {
    expect(await outcome(document, given)).toBe(code);
  });

  it.each([
    ["start", keyFrom({ start: "2026-01-15T12:00:00Z" })],
    ["end", keyFrom({ end: "2026-01-15T12:00:00Z" })],
  ])("the key counts at the very %s of its time", async (_which, given) => {
    expect(await outcome(npmDocument(), given)).toBe("trusted");
  });

  it("is not changed after it was signed", async () => {
    const publish = signedPublish();
    const other = signedPublish().dsseEnvelope?.signatures;
    if (publish.dsseEnvelope === undefined || other === undefined) throw new Error("no envelope");
    publish.dsseEnvelope.signatures = other;
    expect(await outcome(npmDocument(undefined, publish))).toBe("LOG_ENTRY_INVALID");
    // An entry that keeps no signature: nothing but the key tells.
    const old = { version: "0.1", entry: "intoto-0.0.1", entryOptions: { proof: false }, timestamp: null } as const;
    const kept = signedPublish(undefined, old);
    if (kept.dsseEnvelope === undefined) throw new Error("no envelope");
    kept.dsseEnvelope.signatures =
      signedPublish(publishStatement(), { ...old, key: newTestKey() }).dsseEnvelope?.signatures ?? [];
    expect(await outcome(npmDocument(undefined, kept))).toBe("SIGNATURE_INVALID");
  });

  it("is in a log that the roots of the provenance name", async () => {
    const { signBundle } = await import("@touchmark/testkit/sigstore");
    const stranger = signBundle(testSigstore(), bytesOf(publishStatement()), { key: REGISTRY_KEY, keyHint: KEY_ID });
    expect(await outcome(npmDocument(undefined, stranger.bundle))).toMatch(/^(LOG_ENTRY|TIMESTAMP)_INVALID$/);
  });

  it("is not believed beside provenance that a key signed: nobody said which log", async () => {
    const key = testKey();
    const { signed } = await import("../../test/signed-bundles.ts");
    const piece = {
      kind: "statement",
      format: "npm",
      bundle: signed(key, npmProvenance()),
      registry: { kind: "beside", bundle: bundleOf(signedPublish()) },
    } as const;
    expect(examine("pad.json", piece, { trust: [key.trust], npmKeys: KEYS })).toMatchObject({
      kind: "refused",
      findings: [
        {
          code: "LOG_ENTRY_INVALID",
          expected: "provenance that is signed with a certificate, by an identity with its roots",
          actual: "provenance that is signed with a key",
        },
      ],
    });
  });
});

function keyFrom(validFor: object): Given {
  return { keys: npmKeysOf({ validFor }) };
}

/** A17, GHSA-r2xv-vpr2-42m9 */
describe("the registry's word must be about the same package", () => {
  const predicate = publishStatement().predicate;
  it.each([
    ["another name", about("pkg:npm/%40octo/wide@1.2.3"), "PUBLISH_MISMATCH"],
    ["another scope", about("pkg:npm/%40other/pad@1.2.3"), "PUBLISH_MISMATCH"],
    ["a name without the scope", about("pkg:npm/pad@1.2.3"), "PUBLISH_MISMATCH"],
    ["another case", about("pkg:npm/%40octo/Pad@1.2.3"), "PUBLISH_MISMATCH"],
    ["another version", about("pkg:npm/%40octo/pad@1.2.4"), "PUBLISH_MISMATCH"],
    ["no version", about("pkg:npm/%40octo/pad"), "PUBLISH_MISMATCH"],
    ["another registry's package", about("pkg:pypi/pad@1.2.3"), "PUBLISH_MISMATCH"],
    ["a package with qualifiers", about("pkg:npm/%40octo/pad@1.2.3?arch=x"), "PUBLISH_MISMATCH"],
    ["other bytes", about("pkg:npm/%40octo/pad@1.2.3", "00".repeat(64)), "PUBLISH_MISMATCH"],
    [
      "bytes by another algorithm alone",
      { subject: [{ name: "pkg:npm/%40octo/pad@1.2.3", digest: SUBJECT.digest }] },
      "PUBLISH_MISMATCH",
    ],
    ["two packages", { subject: [...publishStatement().subject, ...publishStatement().subject] }, "PUBLISH_MISMATCH"],
    ["another name in the predicate", { predicate: { ...predicate, name: "@octo/wide" } }, "PUBLISH_MISMATCH"],
    ["another version in the predicate", { predicate: { ...predicate, version: "1.2.4" } }, "PUBLISH_MISMATCH"],
    ["no name in the predicate", { predicate: { ...predicate, name: undefined } }, "STATEMENT_MALFORMED"],
    ["no registry in the predicate", { predicate: { ...predicate, registry: undefined } }, "STATEMENT_MALFORMED"],
    ["another type within", { predicateType: "https://slsa.dev/provenance/v1" }, "STATEMENT_MALFORMED"],
    ["no statement", { _type: "https://example.com/Statement" }, "STATEMENT_MALFORMED"],
  ])("%s", async (_what, change, code) => {
    expect(await outcome(published(change))).toBe(code);
  });

  it("by sha512: that neither has one makes them no same bytes", async () => {
    const subject = [{ name: "pkg:npm/%40octo/pad@1.2.3", digest: SUBJECT.digest }];
    const document = npmDocument(
      signedProvenance({ ...npmProvenance(), subject }),
      signedPublish({ ...publishStatement(), subject }),
    );
    expect(await outcome(document)).toBe("PUBLISH_MISMATCH");
  });

  it("is a statement by its payload's type", async () => {
    const publish = signedPublish(undefined, { payloadType: "text/plain" });
    expect(await outcome(npmDocument(undefined, publish))).toBe("STATEMENT_MALFORMED");
  });

  it.each([
    ["files", { subject: [SUBJECT] }],
    ["two packages", { subject: [...npmProvenance().subject, ...npmProvenance().subject] }],
  ])("and provenance about %s is npm's of nothing", async (_what, change) => {
    expect(await outcome(npmDocument(signedProvenance({ ...npmProvenance(), ...change })))).toBe("PUBLISH_MISMATCH");
  });
});

describe("what is refused is shown beside what was expected", () => {
  const other = newTestKey();
  const [word, provenance] = npmDocument().attestations;
  const bytes = (size: number) => "x".repeat(size);
  const predicate = publishStatement().predicate;

  it.each<[string, unknown, string, string, Given?]>([
    [
      "no word",
      { attestations: [provenance] },
      `an attestation of the type ${word?.predicateType} beside the provenance`,
      "none",
    ],
    [
      "an unknown key",
      npmDocument(undefined, signedPublish(undefined, { keyHint: "SHA256:nobody" })),
      KEY_ID,
      "SHA256:nobody",
    ],
    ["a certificate", npmDocument(undefined, signedProvenance(publishStatement())), KEY_ID, "a certificate"],
    ["no hint", npmDocument(undefined, signedPublish(undefined, { keyHint: "" })), KEY_ID, "a key without a hint"],
    ["no keys", npmDocument(), "keys of the registry, of which none are given", KEY_ID, { keys: null }],
    [
      "a time before",
      npmDocument(),
      "2026-01-15T12:00:01.000Z to now",
      "2026-01-15T12:00:00.000Z",
      keyFrom({ start: "2026-01-15T12:00:01Z" }),
    ],
    [
      "a time behind",
      npmDocument(),
      "2026-01-01T00:00:00.000Z to 2026-01-15T11:59:59.000Z",
      "2026-01-15T12:00:00.000Z",
      keyFrom({ end: "2026-01-15T11:59:59Z" }),
    ],
    [
      "a key without a time",
      npmDocument(),
      "a key that says from when it counts",
      "2026-01-15T12:00:00.000Z",
      { keys: npmKeysOf({ validFor: null }) },
    ],
    [
      "another payload",
      npmDocument(undefined, signedPublish(undefined, { payloadType: "text/plain" })),
      "an in-toto statement",
      '"text/plain"',
    ],
    ["another version", published(about("pkg:npm/%40octo/pad@1.2.4")), "1.2.3", "1.2.4"],
    [
      "another type",
      published({ predicateType: "https://example.com/x" }),
      word?.predicateType ?? "",
      "https://example.com/x",
    ],
    [
      "no version",
      published({ predicate: { ...predicate, version: 1 } }),
      "name, version and registry, each a text",
      "version: number",
    ],
    [
      "an empty registry",
      published({ predicate: { ...predicate, registry: "" } }),
      "name, version and registry, each a text",
      "registry: string",
    ],
    [
      "a long registry",
      published({ predicate: { ...predicate, registry: bytes(4_097) } }),
      "name, version and registry, each a text",
      "registry: string",
    ],
    ["no predicate", published({ predicate: undefined }), "name, version and registry, each a text", "name: undefined"],
    [
      "two packages",
      published({ subject: [...publishStatement().subject, ...publishStatement().subject] }),
      "one subject, pkg:npm/NAME@VERSION with its sha512",
      "2 subjects",
    ],
    [
      "no name",
      published({ subject: [{ digest: { sha512: SHA512 } }] }),
      "one subject, pkg:npm/NAME@VERSION with its sha512",
      '"no name"',
    ],
  ])("%s", async (_what, document, expected, actual, given) => {
    expect(await evidenceIn(document, given)).toMatchObject({ findings: [{ expected, actual }] });
  });

  it("and a registry may have a long name", async () => {
    const registry = bytes(4_096);
    expect(await evidenceIn(published({ predicate: { ...predicate, registry } }))).toMatchObject({
      published: { registry, keyId: KEY_ID },
    });
  });

  it("a key that was in use at one of two times only was not in use", async () => {
    const entryOptions = { time: new Date("2026-01-15T12:00:05Z") };
    const document = npmDocument(undefined, signedPublish(undefined, { entry: "hashedrekord-0.0.1", entryOptions }));
    expect(await outcome(document)).toBe("trusted");
    expect(await outcome(document, keyFrom({ end: "2026-01-15T12:00:04Z" }))).toBe("TIMESTAMP_INVALID");
    expect(await outcome(document, keyFrom({ start: "2026-01-15T12:00:01Z" }))).toBe("TIMESTAMP_INVALID");
    expect(await outcome(document, { keys: npmKeysOf({ key: other }) })).not.toBe("trusted");
  });

  it.each([
    [
      "no attestation of either kind",
      { attestations: [{ predicateType: "a", bundle: {} }] },
      "1 attestations of other types",
    ],
    ["two of a kind", { attestations: [word, word] }, `2 of ${word?.predicateType}`],
  ])("%s", async (_what, document, actual) => {
    const { findings } = await readPieces(bytesOf(document), "pad.json");
    expect(findings).toMatchObject([{ code: "BUNDLE_MALFORMED", actual }]);
  });
});

describe("the provenance is judged as any other", () => {
  it("by somebody whom nobody trusts", async () => {
    const trust = trusting({ identity: IDENTITY.replace("release.yml", "other.yml") });
    expect(await outcome(npmDocument(), { trust })).toBe("IDENTITY_MISMATCH");
  });

  it("that contradicts its certificate", async () => {
    const statement = npmProvenance();
    statement.predicate.buildDefinition.internalParameters.github.repository_id = "1002";
    expect(await outcome(npmDocument(signedProvenance(statement)))).toBe("PREDICATE_MISMATCH");
  });

  it("that is something else than the document says", async () => {
    const sbom = { ...npmProvenance(), predicateType: "https://spdx.dev/Document" };
    expect(await evidenceIn(npmDocument(signedProvenance(sbom)))).toMatchObject({
      kind: "trusted",
      verified: { predicate: null },
    });
  });
});

it("a verifier's summary in the place of provenance does not go without the registry's word", async () => {
  const key = testKey();
  const { signed } = await import("../../test/signed-bundles.ts");
  const predicateType = "https://slsa.dev/verification_summary/v1";
  const bundle = signed(key, { ...npmProvenance(), predicateType, predicate: {} });
  const piece = { kind: "statement", format: "npm", bundle, registry: { kind: "missing" } } as const;
  const options = { verifierId: "https://verifier.example", resourceUri: "pkg:npm/x", levels: ["SLSA_BUILD_LEVEL_1"] };
  const verifier = trustedVerifier({ ...options, signer: key.trust });
  expect(examine("pad.json", piece, { trust: [key.trust], verifiers: [verifier], npmKeys: KEYS })).toMatchObject({
    kind: "refused",
    findings: [{ code: "PUBLISH_MISSING" }],
  });
});

it("a package that was published without provenance: the registry's word alone covers nothing", async () => {
  const [word] = npmDocument().attestations;
  expect(await evidenceIn({ attestations: [word] }, { keys: null })).toMatchObject({
    kind: "signature",
    digests: { sha512: SHA512 },
    findings: [{ code: "NOT_PROVENANCE" }],
  });
});

describe("what is no such document", () => {
  const [word, provenance] = npmDocument().attestations;
  it.each([
    ["two provenances", { attestations: [word, provenance, provenance] }],
    ["two words of the registry", { attestations: [word, word, provenance] }],
    ["an attestation without a type", { attestations: [word, { bundle: provenance?.bundle }] }],
    ["neither", { attestations: [{ predicateType: "https://example.com/new", bundle: {} }] }],
    ["a bundle that is none", { attestations: [word, { ...provenance, bundle: {} }] }],
    ["no bundle", { attestations: [word, { predicateType: provenance?.predicateType, bundle: null }] }],
    ["an empty type", { attestations: [word, provenance, { predicateType: "", bundle: {} }] }],
    ["a long type", { attestations: [word, provenance, { predicateType: "x".repeat(2_049), bundle: {} }] }],
    ["33 attestations", { attestations: Array.from({ length: 33 }, () => word) }],
  ])("%s", async (_what, document) => {
    const { whole, pieces, findings } = await readPieces(bytesOf(document), "pad.json");
    expect({ whole, pieces, codes: findings.map(({ code }) => code) }).toEqual({
      whole: false,
      pieces: [],
      codes: ["BUNDLE_MALFORMED"],
    });
  });

  it.each([
    ["what GitHub answers", { attestations: [{ bundle: sign(), repository_id: 1, bundle_url: "" }] }],
    ["an empty list", { attestations: [] }],
    ["a list of nothing", { attestations: [null, 1, []] }],
    ["a type alone", { attestations: [{ predicateType: "a" }] }],
    ["no list", { attestations: { predicateType: "a", bundle: {} } }],
    ["nothing", null],
    ["a bundle", sign()],
  ])("%s is not npm's", (_what, json) => {
    expect(npmFormat.recognises(json as never)).toBe(false);
  });

  it("one attestation with its type is enough to be npm's", () => {
    expect(npmFormat.recognises({ attestations: [null, { predicateType: "a", bundle: null }] })).toBe(true);
  });
});
