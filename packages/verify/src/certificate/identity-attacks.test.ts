import { githubRun, RELEASE_RUN } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { quickly } from "../../test/attack-cases.ts";
import { IDENTITY, outcome, sign, trusting } from "../../test/certificate-cases.ts";

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

  it("does not let a name make a pattern slow", async () => {
    const identityPattern = String.raw`https://github\.com/octo/.*a.*a.*b`;
    for (const length of [400, 1_900]) {
      const bundle = sign({ leaf: { names: [{ uri: `https://github.com/octo/${"a".repeat(length)}` }] } });
      expect(await quickly(() => outcome(bundle, trusting({ identityPattern })))).toBe("IDENTITY_MISMATCH");
    }
    const long = sign({ leaf: { names: [{ uri: `https://github.com/octo/${"a".repeat(500)}b` }] } });
    expect(outcome(long, trusting({ identityPattern }))).toBe("IDENTITY_MISMATCH");
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
