import { githubRun } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { EXPECTED, genericStatement, RUN, roots, signed, WORKFLOWS } from "../test/github-cases.ts";
import { verdictOf } from "../test/reason.ts";
import { rulesFor, verifyImage } from "./verify.ts";

const CONTAINER = `https://github.com/${WORKFLOWS}/generator_container_slsa3.yml`;
const CLAIMS = githubRun({
  repository: "octo/widgets",
  ref: "refs/tags/v13.0.30",
  workflow: `${WORKFLOWS}/generator_container_slsa3.yml@refs/tags/v2.1.0`,
});

function imageStatement() {
  const statement = genericStatement();
  statement.predicate.builder.id = `${CONTAINER}@refs/tags/v2.1.0`;
  statement.predicate.buildType = "https://github.com/slsa-framework/slsa-github-generator/container@v1";
  return statement;
}

const verdict = (attestations: Parameters<typeof verifyImage>[0], expected = {}) =>
  verdictOf(verifyImage(attestations, { ...EXPECTED, ...expected }, roots));

describe("an image", () => {
  const good = signed(imageStatement(), CLAIMS);

  it.each([
    [{}, "passed"],
    [{ builderId: CONTAINER }, "passed"],
    [{ builderId: `${CONTAINER}@v2.1.0` }, "passed"],
    [{ builderId: `${CONTAINER}@v2.0.0` }, "ErrorUntrustedReusableWorkflow"],
    [{ builderId: "https://example.com" }, "ErrorVerifierNotSupported"],
    [{ tag: "v13.0.30" }, "passed"],
    [{ source: "github.com/octo/evil" }, "ErrorMismatchSource"],
    [{ digest: "c3".repeat(32) }, "ErrorMismatchHash"],
  ])("expected %j: %s", (expected, name) => {
    expect(verdict([good], expected)).toBe(name);
  });

  it("one attestation that holds is enough, and where none does the first says why", () => {
    const generic = signed(genericStatement(), RUN);
    const forged = { ...good, payload: new TextEncoder().encode("{}") };
    expect(verdict([generic, forged, good])).toBe("passed");
    expect(verdict([generic, forged])).toBe("ErrorUntrustedReusableWorkflow");
    expect(verdict([forged, generic])).toBe("ErrorInvalidRekorEntry");
    expect(verdict([])).toBe("ErrorNoValidSignature");
  });
});

it.each([
  [null, "github"],
  ["", "github"],
  [CONTAINER, "github"],
  ["https://cloudbuild.googleapis.com/GoogleHostedWorker", "gcb"],
  ["https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3", "gcb"],
  ["https://cloudbuild.googleapis.com/GoogleHostedWorkera", null],
  ["http://github.com/octo/x", null],
])("the rules for %j are %j", (builderId, rules) => {
  expect(rulesFor(builderId)).toBe(rules);
});
