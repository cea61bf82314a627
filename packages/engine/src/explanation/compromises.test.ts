import { rootOf, testSigstore } from "@touchmark/testkit/sigstore";
import { openRoots, type SummaryTrust, trustedIdentity, trustedVerifier } from "@touchmark/verify";
import { expect, it } from "vitest";
import { testKey } from "../../../verify/test/signed-bundles.ts";
import { compromises } from "./compromises.ts";

const key = testKey("ed25519", "key.pub").trust;
const identity = trustedIdentity({
  issuer: "https://token.actions.githubusercontent.com",
  identity: "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.0.0",
  identityPattern: null,
  source: null,
  withoutLog: false,
  roots: await openRoots({
    bytes: new TextEncoder().encode(JSON.stringify(rootOf(testSigstore()))),
    label: "roots.json",
    asOf: null,
  }),
});
const verifier: SummaryTrust = trustedVerifier({
  signer: testKey("ed25519", "verifier.pub").trust,
  verifierId: "https://v.example",
  resourceUri: "https://example.com/tool",
  levels: [],
});

/** Those who alone can fool, by the first words of their name. */
const fooling = (...said: Parameters<typeof compromises>) =>
  compromises(...said).flatMap(({ party, fools }) => (fools ? [party] : []));
const whyOf = (party: string, ...said: Parameters<typeof compromises>) =>
  compromises(...said).find((one) => one.party === party)?.why;

it("follows from who is trusted", () => {
  const machine = "this machine";
  expect(fooling([key], [], false)).toEqual(["the signer's key", "the workflow and its repository", machine]);
  expect(fooling([identity], [], false)).toEqual([
    "the workflow and its repository",
    "the certificate authority, or who identifies signers to it",
    "the roots",
    machine,
  ]);
  expect(fooling([], [verifier], false)).toEqual(["a verifier whose summaries count", machine]);
});

it.each([
  ["a key", [key], "whoever has key.pub signs what they like"],
  ["an identity", [identity], "it is made for one run, and its certificate counts for minutes"],
  ["a verifier alone", [], "no key is trusted to sign provenance"],
])("says of the signer's key what is so with %s", (_what, trust, why) => {
  expect(whyOf("the signer's key", trust, [verifier], false)).toBe(why);
});

it("says of the workflow that none is trusted where a verifier is alone", () => {
  expect(whyOf("the workflow and its repository", [], [verifier], false)).toBe("no workflow is trusted to sign");
  expect(whyOf("the workflow and its repository", [key], [], false)).toMatch(/^where the key is used/);
});

it("says where a policy wants builders to agree", () => {
  expect(whyOf("the signer's key", [key], [], true)).toMatch(
    /, unless the policy wants independent builders to agree$/,
  );
});
