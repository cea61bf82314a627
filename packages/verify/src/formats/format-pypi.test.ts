import type { BundleJson, BundleOptions } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf, PAYLOAD, SUBJECT, sign, trusting } from "../../test/certificate-cases.ts";
import { file } from "../../test/judge-cases.ts";
import { statementBytes } from "../../test/signed-bundles.ts";
import type { Evidence } from "../evidence.ts";
import { examine } from "../examine.ts";
import { judge } from "../judge.ts";
import { pypiFormat } from "./format-pypi.ts";
import { readPieces } from "./read-pieces.ts";

/** Only a log that promises says when: an attestation of PyPI brings no timestamp. */
const LOGGED: BundleOptions = { entry: "dsse-0.0.1", timestamp: null };

/** `from_bundle` of pypi-attestations. */
function attestation(bundle: BundleJson = sign(LOGGED)) {
  const { verificationMaterial: material, dsseEnvelope } = bundle;
  return {
    version: 1,
    verification_material: {
      certificate: material.certificate?.rawBytes,
      transparency_entries: material.tlogEntries,
    },
    envelope: { statement: dsseEnvelope?.payload, signature: dsseEnvelope?.signatures[0]?.sig },
  };
}

function provenance(...attestations: readonly unknown[]) {
  const publisher = { kind: "GitHub", repository: "octo/widgets", workflow: "release.yml", claims: null };
  return { version: 1, attestation_bundles: [{ publisher, attestations }] };
}

const PUBLISHED = sign(
  LOGGED,
  {},
  statementBytes({
    subject: [SUBJECT],
    predicateType: "https://docs.pypi.org/attestations/publish/v1",
    predicate: null,
  }),
);

async function evidenceIn(document: unknown): Promise<readonly Evidence[]> {
  const { pieces, findings } = await readPieces(bytesOf(document), "x.provenance");
  expect(findings).toEqual([]);
  return pieces.map(({ name, piece }) => examine(name, piece, { trust: [trusting()] }));
}

describe("what PyPI has of a file", () => {
  it("is provenance where it says so", async () => {
    const [one, ...more] = await evidenceIn(attestation());
    expect(more).toEqual([]);
    expect(one).toMatchObject({ kind: "trusted", published: null, verified: { statement: { subject: [SUBJECT] } } });
  });

  it("is read with base64 in lines, as PyPI wrote it", async () => {
    const lines = (text = "") => `${text.replaceAll(/(.{76})/g, "$1\n")}\n`;
    const { verification_material: material, envelope, version } = attestation();
    const wrapped = {
      version,
      verification_material: { ...material, certificate: lines(material.certificate) },
      envelope: { statement: lines(envelope.statement), signature: lines(envelope.signature) },
    };
    expect(await evidenceIn(wrapped)).toMatchObject([{ kind: "trusted" }]);
  });

  it("is one piece for each attestation, each by itself", async () => {
    const changed = attestation();
    changed.envelope.statement = Buffer.from(`${Buffer.from(PAYLOAD).toString()} `).toString("base64");
    const several = provenance(attestation(), changed, attestation(PUBLISHED));
    several.attestation_bundles.push(...provenance(attestation()).attestation_bundles);
    expect(await evidenceIn(several)).toMatchObject([
      { kind: "trusted", name: "x.provenance#1" },
      { kind: "refused", name: "x.provenance#2", findings: [{ code: "LOG_ENTRY_INVALID" }] },
      { kind: "trusted", name: "x.provenance#3", verified: { predicate: null } },
      { kind: "trusted", name: "x.provenance#4" },
    ]);
  });

  it("does not tell where a file came from when it only tells who uploaded it", async () => {
    const evidence = await evidenceIn(attestation(PUBLISHED));
    const { verdicts } = await judge([file("tool", "tool")], evidence, { anyName: false });
    expect(verdicts).toMatchObject([
      {
        status: "not-covered",
        findings: [
          {
            code: "NOT_PROVENANCE",
            message:
              "x.provenance says that tool was uploaded to PyPI by its signer, but does not say where it came from",
          },
        ],
      },
    ]);
  });

  it("is in a log that says when", async () => {
    const [one] = await evidenceIn(attestation(sign({ entry: "hashedrekord-0.0.2", timestamp: null })));
    expect(one).toMatchObject({ kind: "refused", findings: [{ code: "TIMESTAMP_INVALID" }] });
    const unlogged = attestation();
    unlogged.verification_material.transparency_entries = [];
    expect(await evidenceIn(unlogged)).toMatchObject([{ kind: "refused", findings: [{ code: "TIMESTAMP_INVALID" }] }]);
  });
});

describe("what is no such object", () => {
  const one = attestation();
  it.each<[what: string, document: unknown]>([
    ["version 2", { ...one, version: 2 }],
    ["a member that nobody knows", { ...one, extra: true }],
    ["no envelope", { version: 1, verification_material: one.verification_material }],
    ["no certificate", { ...one, verification_material: { transparency_entries: [] } }],
    ["a certificate that is no base64", withMaterial({ certificate: "***" })],
    ["a certificate with blanks in it", withMaterial({ certificate: `${one.verification_material.certificate} ` })],
    ["33 entries of logs", withMaterial({ transparency_entries: Array.from({ length: 33 }, () => ({})) })],
    ["an entry that is no object", withMaterial({ transparency_entries: [1] })],
    ["no bundle", { version: 1, attestation_bundles: [] }],
    ["an empty bundle", provenance()],
    ["33 bundles", { version: 1, attestation_bundles: Array.from({ length: 33 }, () => ({ attestations: [one] })) }],
    ["33 attestations", provenance(...Array.from({ length: 33 }, () => one))],
    ["one broken attestation among good ones", provenance(one, { ...one, version: 2 })],
  ])("%s", async (_what, document) => {
    const { whole, pieces, findings } = await readPieces(bytesOf(document), "x.provenance");
    expect({ whole, pieces, codes: findings.map(({ code }) => code) }).toEqual({
      whole: false,
      pieces: [],
      codes: ["BUNDLE_MALFORMED"],
    });
  });

  function withMaterial(change: object) {
    return { ...one, verification_material: { ...one.verification_material, ...change } };
  }

  it("says what was expected", async () => {
    const { findings } = await readPieces(bytesOf({ ...one, version: 2 }), "x.provenance");
    expect(findings).toMatchObject([
      {
        expected: "an attestation object or a provenance object of version 1 (PEP 740)",
        actual: expect.stringContaining("version"),
      },
    ]);
  });

  it("a bundle is not PyPI's", () => {
    expect(pypiFormat.recognises(sign() as never)).toBe(false);
  });
});
