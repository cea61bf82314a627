import type { EvidenceDescription } from "@touchmark/engine";
import { describe, expect, it } from "vitest";
import { unbelieved } from "./trust-unset.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const GENERATOR =
  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml";

const said = (changed: Partial<EvidenceDescription>): EvidenceDescription => ({
  unverified: true,
  name: "r.intoto.jsonl",
  format: "sigstore-bundle",
  signer: { kind: "key", hint: "abc=" },
  certificate: null,
  predicateType: "https://slsa.dev/provenance/v1",
  subjects: 1,
  builder: null,
  source: null,
  ref: null,
  commit: null,
  ...changed,
});
const certified = (identity: string, issuer = ISSUER) =>
  said({ signer: { kind: "certificate" }, certificate: { issuer, identity, source: null, runner: null } });
const typed = (...found: readonly EvidenceDescription[]) => unbelieved(found, ["dist", "a b"]);

describe("where nobody is trusted", () => {
  it.each<[string, EvidenceDescription, string]>([
    ["a key", said({}), "--key PUBLIC_KEY_OF_THE_SIGNER"],
    [
      "a builder of a preset",
      certified(`${GENERATOR}@refs/tags/v2.1.0`),
      "--trust preset:slsa-github-generator@2026-11 --source OWNER/REPO",
    ],
    [
      "a builder's name by another issuer",
      certified(`${GENERATOR}@refs/tags/v2.1.0`, "https://evil.example"),
      "--signer-identity WORKFLOW_OF_THE_SIGNER --signer-issuer URL",
    ],
    [
      "a name that begins like a builder's",
      certified(`${GENERATOR}.evil@refs/tags/v2.1.0`),
      "--signer-identity WORKFLOW_OF_THE_SIGNER --signer-issuer URL",
    ],
    [
      "a verification summary",
      said({ predicateType: "https://slsa.dev/verification_summary/v1" }),
      "--trust FILE_THAT_NAMES_THE_VERIFIER --accept-vsa",
    ],
  ])("the line to type is that for %s", (_what, one, flags) => {
    expect(typed(one)).toMatchObject({ code: "TRUST_UNSET", expected: `touchmark verify dist 'a b' ${flags}` });
  });

  it("shows the name in a certificate, and who gave it", () => {
    expect(typed(certified("https://a.example/w.yml@refs/tags/v1")).actual).toContain(
      `signed with a certificate for https://a.example/w.yml@refs/tags/v1, issuer ${ISSUER}`,
    );
  });
});
