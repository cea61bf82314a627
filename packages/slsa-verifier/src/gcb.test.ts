import { newTestKey } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import {
  bareSignature,
  EXPECTED_IMAGE,
  GCB_KEYS,
  type GcbSignature,
  gcbDescription,
  gcbProvenance,
  gcbProvenanceV1,
  olderWorkerStatement,
  PAE_KEY_V1,
  PAE_KEY_V01,
  paeSignature,
  REGION_KEY_ID,
  WORKER,
  workerStatement,
  workerStatementV1,
} from "../test/gcb-cases.ts";
import { bytesOf } from "../test/github-cases.ts";
import { verdictOf } from "../test/reason.ts";
import type { Expectations } from "./github-provenance.ts";
import { verifyGcbImage } from "./verify.ts";

function judged(description: unknown, expected: Partial<Expectations> = {}): string {
  return verdictOf(verifyGcbImage(bytesOf(description), { ...EXPECTED_IMAGE, ...expected }, GCB_KEYS));
}

/** Of a statement that the worker signed as it is. */
function verdict(edit: (one: ReturnType<typeof workerStatement>) => unknown = () => null, expected = {}): string {
  const statement = workerStatement();
  edit(statement);
  return judged(gcbDescription(gcbProvenance(statement)), expected);
}

function verdictV1(edit: (one: ReturnType<typeof workerStatementV1>) => unknown = () => null, expected = {}): string {
  const statement = workerStatementV1();
  edit(statement);
  return judged(gcbDescription(gcbProvenanceV1(statement)), expected);
}

describe("v0.1", () => {
  it.each([
    [{}, "passed"],
    [{ builderId: `${WORKER}@v0.3` }, "passed"],
    [{ builderId: `${WORKER}@v0.2` }, "ErrorMismatchBuilderID"],
    [{ builderId: `${WORKER}@refs/tags/v0.3` }, "ErrorMismatchBuilderID"],
    [{ source: "https://github.com/octo/widgets" }, "passed"],
    [{ source: "github.com/octo/widget" }, "ErrorMismatchSource"],
    [{ source: "github.com/octo/evil" }, "ErrorMismatchSource"],
    [{ digest: "c3".repeat(32) }, "ErrorMismatchHash"],
    [{ tag: "v13.0.30" }, "passed"],
    [{ tag: "v13" }, "ErrorMismatchTag"],
    [{ versionedTag: "v13" }, "passed"],
    [{ versionedTag: "v14" }, "ErrorMismatchVersionedTag"],
    [{ branch: "main" }, "ErrorNotSupported"],
  ])("expected %j: %s", (expected, name) => {
    expect(verdict(undefined, expected)).toBe(name);
  });

  it.each([
    ["another builder", (one) => (one.predicate.builder.id = "https://example.com@v0.3"), "ErrorInvalidBuilderID"],
    ["another version", (one) => (one.predicate.builder.id = `${WORKER}@v0.4`), "ErrorInvalidBuilderID"],
    ["v1's builder", (one) => (one.predicate.builder.id = WORKER), "ErrorInvalidBuilderID"],
    ["another recipe", (one) => (one.predicate.recipe.type = "https://example.com"), "ErrorInvalidRecipe"],
    ["arguments without a type", (one) => (one.predicate.recipe.arguments = {}), "ErrorInvalidDssePayload"],
    ["other arguments", (one) => (one.predicate.recipe.arguments["@type"] = "x"), "ErrorMismatchBuilderID"],
    ["no subject", (one) => (one.subject = []), "ErrorInvalidDssePayload"],
    ["another algorithm", (one) => (one.subject = [{ name: "x", digest: { sha512: "x" } }]), "ErrorInvalidDssePayload"],
    ["no material", (one) => (one.predicate.materials = []), "ErrorInvalidDssePayload"],
    ["an empty source", (one) => (one.predicate.materials = [{ uri: "", digest: { sha1: "x" } }]), "ErrorMalformedURI"],
    ["another statement", (one) => (one._type = "https://example.com"), "ErrorNoValidSignature"],
    ["another predicate", (one) => (one.predicateType = "https://slsa.dev/provenance/v0.2"), "ErrorNoValidSignature"],
  ] satisfies [string, (one: ReturnType<typeof workerStatement>) => unknown, string][])("%s", (_what, edit, name) => {
    expect(verdict(edit)).toBe(name);
  });

  it("steps are a recipe as well", () => {
    expect(
      verdict((one) => (one.predicate.recipe.type = "https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1")),
    ).toBe("passed");
  });

  it("a build that no tag triggered has none", () => {
    const edit = (one: ReturnType<typeof workerStatement>) => (one.predicate.recipe.arguments["substitutions"] = {});
    expect(verdict(edit)).toBe("passed");
    expect(verdict(edit, { tag: "v13.0.30" })).toBe("ErrorMismatchTag");
  });

  it("a source may name its commit behind a hash", () => {
    const at = (uri: string) => (one: ReturnType<typeof workerStatement>) =>
      (one.predicate.materials = [{ uri, digest: { sha1: "x" } }]);
    expect(verdict(at("https://github.com/octo/widgets#abc"))).toBe("passed");
    expect(verdict(at("https://github.com/octo/widgets/commit/abc"))).toBe("ErrorMismatchSource");
    expect(verdict(at("gs://bucket/source.tgz#1"), { source: "gs://bucket/source.tgz" })).toBe("passed");
  });
});

describe("the worker v0.2", () => {
  const older = (edit: (one: ReturnType<typeof olderWorkerStatement>) => unknown = () => null, expected = {}) => {
    const statement = olderWorkerStatement();
    edit(statement);
    return judged(gcbDescription(gcbProvenance(statement)), expected);
  };

  it("names the commit with its source, and itself as the recipe", () => {
    expect(older()).toBe("passed");
    expect(older((one) => (one.predicate.recipe.type = `${WORKER}@v0.3`))).toBe("ErrorInvalidRecipe");
    expect(
      older((one) => (one.predicate.materials = [{ uri: "https://github.com/octo/widgets", digest: { sha1: "x" } }])),
    ).toBe("ErrorMismatchSource");
    expect(older(undefined, { source: "github.com/octo/widgets/commit" })).toBe("ErrorMismatchSource");
  });
});

describe("v1", () => {
  it.each([
    [{}, "passed"],
    [{ builderId: `${WORKER}@v1` }, "ErrorMismatchBuilderID"],
    [{ source: "github.com/octo/evil" }, "ErrorMismatchSource"],
    [{ tag: "v13.0.30" }, "passed"],
    [{ tag: "v13.0.31" }, "ErrorMismatchTag"],
    [{ versionedTag: "v13.0" }, "passed"],
    [{ branch: "main" }, "ErrorNotSupported"],
  ])("expected %j: %s", (expected, name) => {
    expect(verdictV1(undefined, expected)).toBe(name);
  });

  it.each([
    ["v0.1's builder", (one) => (one.predicate.runDetails.builder.id = `${WORKER}@v0.3`), "ErrorInvalidBuilderID"],
    ["another build type", (one) => (one.predicate.buildDefinition.buildType = "x"), "ErrorInvalidBuildType"],
    [
      "no ref",
      (one) => delete one.predicate.buildDefinition.externalParameters.buildConfigSource["ref"],
      "ErrorInvalidDssePayload",
    ],
    [
      "a ref with another in it",
      (one) => (one.predicate.buildDefinition.externalParameters.buildConfigSource["ref"] = "a@b"),
      "ErrorInvalidFormat",
    ],
  ] satisfies [string, (one: ReturnType<typeof workerStatementV1>) => unknown, string][])("%s", (_what, edit, name) => {
    expect(verdictV1(edit)).toBe(name);
  });

  it("the tag is the same in both places", () => {
    const edit = (one: ReturnType<typeof workerStatementV1>) =>
      (one.predicate.buildDefinition.internalParameters.systemSubstitutions["TAG_NAME"] = "v1");
    expect(verdictV1(edit, { tag: "v1" })).toBe("ErrorMismatchTag");
  });
});

describe("the signature", () => {
  const statement = workerStatement();
  const signedBy = (...signatures: GcbSignature[]) => judged(gcbDescription(gcbProvenance(statement, signatures)));

  it("of a region is over the payload alone", () => {
    expect(signedBy(bareSignature(statement))).toBe("passed");
    expect(signedBy({ ...paeSignature(statement, REGION_KEY_ID), keyid: REGION_KEY_ID })).toBe("ErrorNoValidSignature");
    expect(signedBy(bareSignature(statement, newTestKey()))).toBe("ErrorNoValidSignature");
  });

  it("of the two others is as DSSE says", () => {
    expect(signedBy(paeSignature(statement, PAE_KEY_V01))).toBe("passed");
    expect(signedBy(paeSignature(statement, PAE_KEY_V01, newTestKey()))).toBe("ErrorNoValidSignature");
    expect(signedBy(bareSignature(statement, newTestKey(), PAE_KEY_V01))).toBe("ErrorNoValidSignature");
  });

  it("each key signs one version", () => {
    expect(signedBy(paeSignature(statement, PAE_KEY_V1))).toBe("ErrorNoValidSignature");
    const newer = workerStatementV1();
    expect(judged(gcbDescription(gcbProvenanceV1(newer, [paeSignature(newer, PAE_KEY_V01)])))).toBe(
      "ErrorNoValidSignature",
    );
  });

  it.each([
    ["no key", ""],
    ["a region that is not known", REGION_KEY_ID.replace("us-west2", "moon")],
    ["another key of the region", REGION_KEY_ID.replace(/1$/, "2")],
    ["another project's", REGION_KEY_ID.replace("verified-builder", "other")],
  ])("%s", (_what, keyid) => {
    expect(signedBy({ ...bareSignature(statement), keyid })).toBe("ErrorNoValidSignature");
  });

  it("one of several is enough", () => {
    const wrong = bareSignature(statement, newTestKey());
    expect(signedBy(wrong, { keyid: REGION_KEY_ID, sig: "?" }, bareSignature(statement))).toBe("passed");
    expect(signedBy(wrong, wrong)).toBe("ErrorNoValidSignature");
    expect(signedBy()).toBe("ErrorNoValidSignature");
  });
});

describe("the description", () => {
  const changed = (edit: (one: ReturnType<typeof gcbDescription>) => unknown) => {
    const description = gcbDescription(gcbProvenance(workerStatement()));
    edit(description);
    return judged(description);
  };
  const first = (one: ReturnType<typeof gcbDescription>) => {
    const [provenance] = one.provenance_summary.provenance;
    if (provenance === undefined) throw new TypeError("no provenance");
    return provenance;
  };

  it.each([
    ["no provenance", (one) => (one.provenance_summary.provenance = []), "ErrorInvalidDssePayload"],
    ["no summary", (one) => Object.assign(one, { provenance_summary: null }), "ErrorInvalidDssePayload"],
    ["another kind", (one) => (first(one).kind = "DISCOVERY"), "ErrorInvalidFormat"],
    ["another resource", (one) => (first(one).resourceUri = `x@sha256:${"0".repeat(64)}`), "ErrorMismatchHash"],
    ["another summary", (one) => (one.image_summary.digest = `sha256:${"0".repeat(64)}`), "ErrorMismatchHash"],
    ["another name", (one) => (one.image_summary.fully_qualified_digest = "x"), "ErrorMismatchHash"],
    ["no text", (one) => (first(one).build = {}), "ErrorMismatchIntoto"],
    [
      "a text that is none",
      (one) => (first(one).build = { intotoStatement: { subject: 1 } }),
      "ErrorInvalidDssePayload",
    ],
    [
      "another text",
      (one) => Object.assign(first(one).build["intotoStatement"] as object, { subject: [] }),
      "ErrorMismatchIntoto",
    ],
  ] satisfies [string, (one: ReturnType<typeof gcbDescription>) => unknown, string][])("%s", (_what, edit, name) => {
    expect(changed(edit)).toBe(name);
  });

  it("the text may have what nobody reads, and names in any case", () => {
    const edit = (one: ReturnType<typeof gcbDescription>) => {
      const text = first(one).build["intotoStatement"] as Record<string, unknown>;
      text["Subject"] = text["subject"];
      delete text["subject"];
      text["extra"] = 1;
    };
    expect(changed(edit)).toBe("passed");
  });

  it("of several provenances one that holds is enough", () => {
    const broken = gcbProvenance(workerStatement(), [bareSignature(workerStatement(), newTestKey())]);
    const good = gcbProvenance(workerStatement());
    expect(judged(gcbDescription(broken, good))).toBe("passed");
    expect(judged(gcbDescription(broken, broken))).toBe("ErrorNoValidSignature");
  });

  it("is JSON, of one meaning", () => {
    const bytes = new TextEncoder().encode('{"image_summary":{},"image_summary":{}}');
    expect(verdictOf(verifyGcbImage(bytes, EXPECTED_IMAGE, GCB_KEYS))).toBe("ErrorInvalidDssePayload");
  });
});
