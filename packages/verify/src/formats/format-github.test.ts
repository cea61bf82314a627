import { rootOf, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { githubPredicate, PAYLOAD, SUBJECT, sign, sigstore, trusting } from "../../test/certificate-cases.ts";
import { sha256, statementBytes } from "../../test/signed-bundles.ts";
import { examine } from "../examine.ts";
import { openRoots } from "../open-roots.ts";
import { githubFormat } from "./format-github.ts";
import { readPieces } from "./read-pieces.ts";

/** GitHub's own instance: an authority and timestamps, and no public log. */
const own = testSigstore();
const byOwn = (payload = PAYLOAD) => signBundle(own, payload, { entry: null, leaf: { ctLogs: [] } }).bundle;
const stranger = () => signBundle(testSigstore(), PAYLOAD, { entry: null }).bundle;

/** As `gh attestation trusted-root` prints them: a line each. */
const roots = await openRoots({
  bytes: new TextEncoder().encode(
    [rootOf(sigstore), { ...rootOf(own), tlogs: [], ctlogs: [] }].map((root) => JSON.stringify(root)).join("\n"),
  ),
  label: "trusted_root.jsonl",
  asOf: null,
});

const item = (bundle: unknown) => ({
  bundle,
  bundle_url: "https://x.example/b",
  repository_id: 1001,
  initiator: "user",
});

async function read(...values: readonly object[]) {
  const text = values.map((value) => JSON.stringify(value)).join("\n");
  const { whole, pieces, findings } = await readPieces(new TextEncoder().encode(text), "f");
  const trust = [trusting({ roots })];
  return {
    whole,
    pieces: pieces.map(({ name, piece }) => [name, piece.format, examine(name, piece, { trust }).kind]),
    findings,
  };
}

describe("an answer of GitHub's API", () => {
  it("has a piece for each attestation, of the public instance and of GitHub's own", async () => {
    expect(await read({ attestations: [item(sign()), item(byOwn())] })).toEqual({
      whole: true,
      pieces: [
        ["f#1", "github", "trusted"],
        ["f#2", "github", "trusted"],
      ],
      findings: [],
    });
  });

  it("says of several digests at once the same", async () => {
    const answer = {
      attestations_subject_digests: {
        "sha256:aa": { attestations: [item(sign())] },
        "sha256:bb": { attestations: [item(byOwn())] },
      },
      page_info: {},
    };
    expect((await read(answer)).pieces.map(([, , kind]) => kind)).toEqual(["trusted", "trusted"]);
  });

  it("is not spoilt by one that it has elsewhere, nor by one of a version that is not known", async () => {
    const unknown = { ...sign(), mediaType: "application/vnd.dev.sigstore.bundle.v0.9+json" };
    const { whole, pieces, findings } = await read({ attestations: [item(null), item(unknown), item(sign())] });
    expect([whole, pieces]).toEqual([false, [["f#3", "github", "trusted"]]]);
    expect(findings.map(({ code, message }) => [code, message.slice(0, 3)])).toEqual([
      ["BUNDLE_MALFORMED", "f#1"],
      ["BUNDLE_MALFORMED", "f#2"],
    ]);
  });

  it("says where the bundle is that it does not have", async () => {
    for (const one of [item(null), { bundle_url: "https://x.example/b" }]) {
      expect(await read({ attestations: [one] })).toMatchObject({
        findings: [
          {
            message: expect.stringContaining("which only says where it lies"),
            expected: "a bundle; `gh attestation download` brings them",
            actual: "bundle_url alone",
          },
        ],
      });
    }
  });

  it("is none where nothing in it is an attestation, and leaves npm's document alone", () => {
    for (const json of [
      { attestations: [] },
      { attestations: "x" },
      { attestations: [{}] },
      { attestations: [item(sign()), 1] },
      { attestations: [{ predicateType: "x", bundle: {} }] },
      { attestations_subject_digests: { "sha256:aa": 1 } },
      { attestations_subject_digests: { "sha256:aa": [item(sign())], "sha256:bb": 1 } },
    ]) {
      expect(githubFormat.recognises(JSON.parse(JSON.stringify(json)))).toBe(false);
    }
  });

  it("has at most 10,000 of them", async () => {
    const attestations = Array.from({ length: 10_001 }, () => ({ bundle: null }));
    expect(await read({ attestations })).toMatchObject({ pieces: [], findings: [{ code: "BUNDLE_MALFORMED" }] });
    expect((await read({ attestations: attestations.slice(1) })).findings).toHaveLength(10_000);
  });
});

describe("what gh attestation download writes", () => {
  it("is not spoilt by a line of an instance whose roots are not here (cli/cli#10059)", async () => {
    const { whole, pieces } = await read(stranger(), byOwn(), stranger(), sign());
    expect([whole, pieces.map(([, , kind]) => kind)]).toEqual([true, ["refused", "trusted", "refused", "trusted"]]);
  });

  it("may be about many subjects at once", async () => {
    const subject = [SUBJECT, ...["a", "b"].map((name) => ({ name, digest: { sha256: sha256(name) } }))];
    const payload = statementBytes({ subject, predicate: githubPredicate() });
    expect((await read(byOwn(payload))).pieces).toEqual([["f", "sigstore-bundle", "trusted"]]);
  });
});
