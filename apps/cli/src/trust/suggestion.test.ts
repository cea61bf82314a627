import type { EvidenceDescription } from "@touchmark/engine";
import { trustDocument } from "@touchmark/policy";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { suggestEntries, suggestionLines } from "./suggestion.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const BUILDER = "github.com/octo/builder/.github/workflows/build.yml";

const said = (changed: Partial<EvidenceDescription> = {}): EvidenceDescription => ({
  unverified: true,
  name: "r.sigstore.json",
  format: "sigstore-bundle",
  signer: { kind: "certificate" },
  certificate: {
    issuer: ISSUER,
    identity: `https://${BUILDER}@refs/tags/v1.4.2`,
    source: "https://github.com/octo/a",
    runner: "github-hosted",
  },
  predicateType: "https://slsa.dev/provenance/v1",
  subjects: 1,
  builder: `https://${BUILDER}@refs/tags/v1.4.2`,
  source: "https://github.com/octo/a",
  ref: null,
  commit: null,
  ...changed,
});
const text = (...found: readonly EvidenceDescription[]) => suggestionLines(suggestEntries(found)).join("\n");
const read = (yaml: string) => trustDocument(parseDocument(yaml).toJS(), { label: "t.yaml", digest: "" });

describe("a suggestion", () => {
  it("is a trust file of what was seen, at level 0", () => {
    expect(read(text(said()))).toMatchObject({
      entries: [
        {
          signer: { kind: "workflow", workflow: `https://${BUILDER}`, tags: { text: ">=1.4.2 <2" } },
          builders: "same-as-signer",
          source: "https://github.com/octo/a",
          runners: "github-hosted",
          maxLevel: 0,
        },
      ],
    });
  });

  it("has no entry of its own for what names no builder, where its signer's provenance does", () => {
    const key = { signer: { kind: "key", hint: "abc=" }, certificate: null, source: null } as const;
    const list = said({ ...key, builder: null, predicateType: "https://in-toto.io/attestation/release/v0.2" });
    const entries = suggestEntries([list, said({ ...key, builder: "https://builder.example/v1" })]);
    expect(entries.map(({ builder }) => builder)).toEqual(["https://builder.example/v1"]);
    expect(suggestEntries([list]).map(({ builder }) => builder)).toEqual(["URI_OF_THE_BUILDER"]);
  });

  it("keeps keys apart that the evidence calls differently", () => {
    const of = (hint: string) => said({ signer: { kind: "key", hint }, certificate: null });
    expect(suggestEntries([of("one="), of("two="), of("one=")]).map(({ pieces }) => pieces)).toEqual([2, 1]);
  });

  it("marks every word of the evidence as unverified", () => {
    const lines = text(said()).split("\n");
    expect(lines[0]).toContain("NOTHING HERE IS VERIFIED");
    for (const line of lines.filter((one) => /issuer|workflow:|builder|source|runners/.test(one)))
      expect(line).toMatch(/# unverified$/);
  });

  it("names a signer exactly where it is at no version", () => {
    const at = (ref: string) => {
      const identity = `https://${BUILDER}@${ref}`;
      return text(said({ certificate: { issuer: ISSUER, identity, source: null, runner: null } }));
    };
    expect(read(at("refs/heads/main")).entries[0]?.signer).toMatchObject({ kind: "identity" });
    expect(read(at("refs/tags/v1")).entries[0]?.signer).toMatchObject({ kind: "identity" });
    expect(at("ab".repeat(20))).toContain("may be a fork's");
  });

  it("leaves the key to the person", () => {
    const keyed = text(said({ signer: { kind: "key", hint: "abc" }, certificate: null, builder: "https://b.example" }));
    expect(keyed).toContain("from a place that you trust; the evidence calls it abc");
    expect(read(keyed).entries[0]?.signer).toEqual({ kind: "key", path: "PUBLIC_KEY.pub" });
  });

  it("is of Google Cloud Build where that is what it looks like", () => {
    const entry = read(text(said({ format: "cloud-build", certificate: null, signer: { kind: "key", hint: "k" } })))
      .entries[0];
    expect(entry).toMatchObject({ signer: { kind: "cloud-build" }, builders: null });
  });

  it("says the same once", () => {
    expect(text(said(), said({ name: "b" }), said({ name: "c" }))).toContain(
      "r.sigstore.json and 2 more pieces of evidence",
    );
    const many = Array.from({ length: 50 }, (_, index) => said({ builder: `https://b.example/${index}` }));
    expect(suggestEntries(many)).toHaveLength(20);
  });

  it("is the same whatever a stranger writes: no word leaves its place", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string({ unit: fc.constantFrom("\n", "\r", "#", ":", " ", "'", '"', "-", "\u2028", "a") }),
        (one, other) => {
          const certificate = { issuer: ISSUER, identity: `https://x.example/${one}`, source: other, runner: null };
          const yaml = text(said({ certificate, name: other, builder: one, signer: { kind: "certificate" } }));
          const document = parseDocument(yaml);
          expect(document.errors).toEqual([]);
          expect(document.toJS()).toEqual({
            version: 1,
            trust: [
              {
                name: "unverified 1",
                signer: { issuer: ISSUER, identity: certificate.identity },
                builder: one === certificate.identity ? "same-as-signer" : one,
                source: other,
                "max-level": 0,
              },
            ],
          });
        },
      ),
    );
  });
});
