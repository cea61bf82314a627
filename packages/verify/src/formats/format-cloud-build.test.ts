import type { Json, StatedStatement } from "@touchmark/core";
import { newTestKey } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bareSignature,
  bytesOf,
  cloudBuildTrust,
  description,
  IMAGE_DIGEST,
  PAE_V1_KEY,
  PAE_V1_KEY_ID,
  PAE_V01_KEY,
  PAE_V01_KEY_ID,
  paeSignature,
  REGION_KEY,
  REGION_KEY_ID,
  record,
  type StatementV1,
  type StatementV01,
  statementV1,
  statementV01,
  WORKER,
} from "../../test/cloud-build-cases.ts";
import { signedBytes, testKey } from "../../test/signed-bundles.ts";
import { checkRecord } from "../cloud-build/record.ts";
import { examine } from "../examine.ts";
import { judge } from "../judge.ts";
import { type KeyTrust, type Trust, trustedKey } from "../trust.ts";
import { cloudBuildFormat } from "./format-cloud-build.ts";
import { readPieces } from "./read-pieces.ts";

/** `trusted`, or the code of what is wrong, for each piece in their order; then what was no piece. */
async function outcomes(document: unknown, trust: readonly Trust[] = [cloudBuildTrust()]): Promise<readonly string[]> {
  const { pieces, findings } = await readPieces(bytesOf(document), "image.json");
  const examined = pieces.map(({ name, piece }) => examine(name, piece, { trust }));
  return [
    ...examined.map((one) =>
      one.kind === "trusted" ? "trusted" : (one.kind === "refused" && one.findings[0]?.code) || one.kind,
    ),
    ...findings.map(({ code }) => code),
  ];
}

async function v01(edit: (one: StatementV01) => unknown = () => null, source = "octo/widgets"): Promise<string> {
  const statement = statementV01();
  edit(statement);
  return (await outcomes(description(record(statement)), [cloudBuildTrust(source)])).join();
}

async function v1(edit: (one: StatementV1) => unknown = () => null, source = "octo/widgets"): Promise<string> {
  const statement = statementV1();
  edit(statement);
  return (await outcomes(description(record(statement)), [cloudBuildTrust(source)])).join();
}

describe("what was built", () => {
  it.each([
    ["octo/widgets", "trusted"],
    ["https://github.com/octo/widgets", "trusted"],
    ["https://GitHub.com/octo/widgets", "trusted"],
    ["octo/widgets@refs/tags/v1.2.0", "trusted"],
    ["octo/widgets@refs/tags/v1.2", "SOURCE_MISMATCH"],
    ["octo/widgets@refs/heads/v1.2.0", "SOURCE_MISMATCH"],
    ["octo/widget", "SOURCE_MISMATCH"],
    ["octo/widgets2", "SOURCE_MISMATCH"],
    ["octo/Widgets", "SOURCE_MISMATCH"],
    ["https://gitlab.com/octo/widgets", "SOURCE_MISMATCH"],
    ["gs://github.com/octo/widgets", "SOURCE_MISMATCH"],
  ])("expected from %s: %s", async (source, outcome) => {
    expect([await v01(undefined, source), await v1(undefined, source)]).toEqual([outcome, outcome]);
  });

  it.each([
    ["git+https://github.com/octo/widgets", "trusted"],
    ["https://github.com/octo/widgets.git", "trusted"],
    ["https://github.com/octo/widgets#abc", "trusted"],
    ["gs://github.com/octo/widgets", "SOURCE_MISMATCH"],
    ["https://github.com/octo/widgets/commit/abc", "SOURCE_MISMATCH"],
    ["https://example.com/https://github.com/octo/widgets", "SOURCE_MISMATCH"],
  ])("a material %s: %s", async (uri, outcome) => {
    expect(await v01((one) => Object.assign(one.predicate.materials[0] ?? {}, { uri }))).toBe(outcome);
  });

  it("a branch", async () => {
    const branch = (one: StatementV01) => (one.predicate.recipe.arguments.substitutions = { BRANCH_NAME: "main" });
    expect(await v01(branch, "octo/widgets@refs/heads/main")).toBe("trusted");
    expect(await v01(branch, "octo/widgets@refs/tags/main")).toBe("SOURCE_MISMATCH");
  });

  it("an archive is what the user says, of any upload", async () => {
    const upload = (one: StatementV01) => {
      one.predicate.recipe.type = "https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1";
      one.predicate.materials = [{ uri: "gs://bucket/source.tgz#17", digest: {} }];
    };
    expect(await v01(upload, "gs://bucket/source.tgz")).toBe("trusted");
    expect(await v01(upload, "gs://bucket/source")).toBe("SOURCE_MISMATCH");
    expect(await v01(upload, "https://bucket/source.tgz")).toBe("SOURCE_MISMATCH");
  });

  it("steps that came with the request are no repository's", async () => {
    const steps = "https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1";
    expect(await v01((one) => (one.predicate.recipe.type = steps))).toBe("SOURCE_MISMATCH");
  });

  it.each([
    ["another repository", "https://github.com/octo/evil", "SOURCE_MISMATCH"],
    ["an archive", "gs://github.com/octo/widgets", "SOURCE_MISMATCH"],
    ["without git+", "https://github.com/octo/widgets", "trusted"],
  ])("v1's configuration from %s", async (_what, repository, outcome) => {
    const edit = ({ predicate: { buildDefinition: definition } }: StatementV1) => {
      definition.externalParameters["buildConfigSource"] = { repository, ref: "refs/tags/v1.2.0" };
    };
    expect(await v1(edit)).toBe(outcome);
  });

  it("v1's tag is the same in both places", async () => {
    const edit = ({ predicate: { buildDefinition: definition } }: StatementV1) => {
      definition.internalParameters.systemSubstitutions["TAG_NAME"] = "v1.1.0";
    };
    expect(await v1(edit)).toBe("trusted");
    expect(await v1(edit, "octo/widgets@refs/tags/v1.2.0")).toBe("SOURCE_MISMATCH");
  });
});

describe("who built", () => {
  it.each([
    ["a worker that is not known", (one) => (one.predicate.builder.id = `${WORKER}@v0.4`)],
    ["v1's worker", (one) => (one.predicate.builder.id = WORKER)],
    ["another builder", (one) => (one.predicate.builder.id = "https://example.com")],
    ["another recipe", (one) => (one.predicate.recipe.type = "https://example.com")],
    ["the older worker's recipe", (one) => (one.predicate.recipe.type = `${WORKER}@v0.2`)],
    ["other arguments", (one) => (one.predicate.recipe.arguments["@type"] = "x")],
    ["v0.2 of the format", (one) => (one.predicateType = "https://slsa.dev/provenance/v0.2")],
    ["no provenance", (one) => (one.predicateType = "https://spdx.dev/Document")],
  ] satisfies [string, (one: StatementV01) => unknown][])("v0.1: %s", async (_what, edit) => {
    expect(["PREDICATE_MISMATCH", "STATEMENT_MALFORMED"]).toContain(await v01(edit));
  });

  it("the worker v0.2 names itself as the recipe, and the commit with its source", async () => {
    const older = (one: StatementV01) => {
      one.predicate.builder.id = `${WORKER}@v0.2`;
      one.predicate.recipe.type = `${WORKER}@v0.2`;
      one.predicate.materials = [{ uri: `https://github.com/octo/widgets/commit/${"1f".repeat(20)}`, digest: {} }];
    };
    expect(await v01(older)).toBe("trusted");
    const other = (one: StatementV01) => {
      older(one);
      one.predicate.recipe.type += "x";
    };
    expect(await v01(other)).toBe("PREDICATE_MISMATCH");
  });

  it.each([
    ["v0.1's worker", (one) => (one.predicate.runDetails.builder.id = `${WORKER}@v0.3`)],
    ["another build type", (one) => (one.predicate.buildDefinition.buildType = "https://example.com")],
  ] satisfies [string, (one: StatementV1) => unknown][])("v1: %s", async (_what, edit) => {
    expect(await v1(edit)).toBe("PREDICATE_MISMATCH");
  });
});

describe("the signature", () => {
  const statement = statementV01();
  const newer = statementV1();
  const signed = async (one: StatementV01 | StatementV1, ...signatures: ReturnType<typeof bareSignature>[]) =>
    (await outcomes(description(record(one, signatures)))).join();

  it("of a region is over the payload alone, of the others as DSSE says", async () => {
    expect(await signed(statement, bareSignature(statement))).toBe("trusted");
    expect(await signed(statement, paeSignature(statement, PAE_V01_KEY_ID, PAE_V01_KEY))).toBe("trusted");
    expect(await signed(newer, paeSignature(newer, PAE_V1_KEY_ID, PAE_V1_KEY))).toBe("trusted");
    expect(await signed(statement, paeSignature(statement, REGION_KEY_ID, REGION_KEY))).toBe("SIGNATURE_INVALID");
    expect(await signed(statement, bareSignature(statement, PAE_V01_KEY, PAE_V01_KEY_ID))).toBe("SIGNATURE_INVALID");
    expect(await signed(newer, bareSignature(newer, PAE_V1_KEY, PAE_V1_KEY_ID))).toBe("SIGNATURE_INVALID");
  });

  it("of each key is for one version", async () => {
    expect(await signed(statement, paeSignature(statement, PAE_V1_KEY_ID, PAE_V1_KEY))).toBe("PREDICATE_MISMATCH");
    expect(await signed(newer, paeSignature(newer, PAE_V01_KEY_ID, PAE_V01_KEY))).toBe("PREDICATE_MISMATCH");
    expect(await signed(newer, bareSignature(newer))).toBe("PREDICATE_MISMATCH");
  });

  it.each([
    ["nobody", ""],
    ["a region that is not known", REGION_KEY_ID.replace("us-west2", "us-west9")],
    ["another version of the key", REGION_KEY_ID.replace(/1$/, "2")],
    ["another project's key", REGION_KEY_ID.replace("verified-builder", "other")],
    ["a region called as another key", REGION_KEY_ID.replace("us-west2", "global-pae-provenanceSigner_1")],
  ])("by %s", async (_what, keyid) => {
    const key = keyid.includes("global-pae") ? PAE_V01_KEY : REGION_KEY;
    expect(await signed(statement, bareSignature(statement, key, keyid))).toBe("SIGNER_UNTRUSTED");
  });

  it("of several each is a piece, and one that is no base64 hides no other", async () => {
    const wrong = bareSignature(statement, newTestKey());
    expect(await signed(statement, wrong, { keyid: REGION_KEY_ID, sig: "?" }, bareSignature(statement))).toBe(
      "SIGNATURE_INVALID,SIGNATURE_INVALID,trusted",
    );
  });

  it("of a payload that was changed", async () => {
    const changed = record(statement);
    changed.envelope.payload = record({ ...statement, subject: [] }).envelope.payload;
    expect(await outcomes(description(changed))).toEqual(["SIGNATURE_INVALID"]);
  });
});

describe("nobody else's, and of nothing else", () => {
  const statement = statementV01();
  const keyTrust = (key: typeof REGION_KEY): KeyTrust =>
    trustedKey(Buffer.from(key.publicKey.export({ type: "spki", format: "pem" })), "key.pub");

  it("a key that the user trusts signs no provenance of Google Cloud Build", async () => {
    const document = description(
      record(statement),
      record(statement, [paeSignature(statement, PAE_V01_KEY_ID, PAE_V01_KEY)]),
    );
    expect(await outcomes(document, [keyTrust(REGION_KEY), keyTrust(PAE_V01_KEY)])).toEqual([
      "SIGNER_UNTRUSTED",
      "SIGNER_UNTRUSTED",
    ]);
    expect(await outcomes(document, [])).toEqual(["SIGNER_UNTRUSTED", "SIGNER_UNTRUSTED"]);
  });

  it("Google Cloud Build signs no envelope that stands alone, and no bundle", async () => {
    const { envelope } = record(statement, [paeSignature(statement, PAE_V01_KEY_ID, PAE_V01_KEY)]);
    expect(await outcomes(envelope)).toEqual(["SIGNER_UNTRUSTED"]);
    expect(await outcomes(record(statement).envelope)).toEqual(["SIGNER_UNTRUSTED"]);
    const bundle = signedBytes(testKey(), bytesOf(statement), { hint: PAE_V01_KEY_ID });
    expect(await outcomes(JSON.parse(Buffer.from(bundle).toString()))).toEqual(["SIGNER_UNTRUSTED"]);
  });

  it("a signature over the bare payload is nobody's but a region's", async () => {
    const { envelope } = record(statement);
    expect(await outcomes(envelope, [cloudBuildTrust(), keyTrust(REGION_KEY)])).toEqual(["SIGNER_UNTRUSTED"]);
  });
});

describe("what stands beside", () => {
  type Record = ReturnType<typeof record>;
  const beside = async (edit: (one: Record) => unknown, statement: StatementV01 | StatementV1 = statementV01()) => {
    const one = record(statement);
    edit(one);
    return (await outcomes(description(one))).join();
  };

  it.each([
    ["another kind", (one) => (one.kind = "DISCOVERY")],
    ["another image", (one) => (one.resourceUri = `https://x/y@sha256:${"0".repeat(64)}`)],
    ["no text", (one) => (one.build = {})],
    ["another text", (one) => Object.assign(one.build["intotoStatement"] as object, { subject: [] })],
    ["a text with more", (one) => Object.assign(one.build["intotoStatement"] as object, { extra: 1 })],
    ["a second predicate", (one) => Object.assign(one.build["intotoStatement"] as object, { predicate: {} })],
  ] satisfies [string, (one: Record) => unknown][])("%s", async (_what, edit) => {
    expect(await beside(edit)).toBe("EVIDENCE_MISMATCH");
  });

  it("of v1 the text is all that is signed", async () => {
    const edit = (one: Record) => Object.assign(one.build["inTotoSlsaProvenanceV1"] as object, { predicate: {} });
    expect(await beside(edit, statementV1())).toBe("EVIDENCE_MISMATCH");
  });

  it.each(["digest", "fully_qualified_digest"])("another %s of the image", async (name) => {
    const one = description(record(statementV01()));
    Object.assign(one.image_summary, { [name]: `x@sha256:${"0".repeat(64)}` });
    expect(await outcomes(one)).toEqual(["EVIDENCE_MISMATCH"]);
  });

  it("what is signed may name the predicate twice, as Google's does", async () => {
    const statement = statementV01();
    const twice = { ...statement, slsaProvenance: statement.predicate };
    expect(await outcomes(description(record(twice)))).toEqual(["trusted"]);
  });
});

describe("what is refused is shown beside what was expected", () => {
  const shown = async (document: unknown, trust: readonly Trust[] = [cloudBuildTrust()]) => {
    const { pieces, findings } = await readPieces(bytesOf(document), "image.json");
    const examined = pieces.map(({ name, piece }) => examine(name, piece, { trust }));
    const found = [...examined.flatMap((one) => ("findings" in one ? one.findings : [])), ...findings];
    return found.map(({ expected, actual }) => [expected, actual]);
  };
  const ofV01 = (edit: (one: StatementV01) => unknown) => {
    const one = statementV01();
    edit(one);
    return description(record(one));
  };
  const ofV1 = (edit: (one: StatementV1) => unknown) => {
    const one = statementV1();
    edit(one);
    return description(record(one));
  };
  const beside = (edit: (one: ReturnType<typeof record>) => unknown) => {
    const one = record(statementV01());
    edit(one);
    return description(one);
  };
  const BUILD_TYPE = "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1";
  const YAML = "https://cloudbuild.googleapis.com/CloudBuildYaml@";
  const digest = `sha256:${IMAGE_DIGEST}`;
  const nowhere = "a source that is no repository, or none";

  it.each<[string, unknown, string, string, string?]>([
    [
      "version",
      description(record(statementV01(), [paeSignature(statementV01(), PAE_V1_KEY_ID, PAE_V1_KEY)])),
      "SLSA provenance v1",
      "https://slsa.dev/provenance/v0.1",
    ],
    [
      "worker",
      ofV01((one) => (one.predicate.builder.id = "https://x.example")),
      `${WORKER}@v0.3 or @v0.2`,
      "https://x.example",
    ],
    ["v1's worker", ofV1((one) => (one.predicate.runDetails.builder.id = "a:b")), WORKER, "a:b"],
    ["recipe", ofV01((one) => (one.predicate.recipe.type = "a:b")), YAML, "a:b"],
    [
      "older recipe",
      ofV01((one) => {
        one.predicate.builder.id = `${WORKER}@v0.2`;
        one.predicate.recipe.type = "a:b";
      }),
      `${WORKER}@v0.2`,
      "a:b",
    ],
    [
      "arguments",
      ofV01((one) => (one.predicate.recipe.arguments["@type"] = "x")),
      "type.googleapis.com/google.devtools.cloudbuild.v1.Build",
      "arguments of another type",
    ],
    ["build type", ofV1((one) => (one.predicate.buildDefinition.buildType = "a:b")), BUILD_TYPE, "a:b"],
    [
      "source",
      description(record(statementV1())),
      "https://github.com/octo/widget",
      "https://github.com/octo/widgets@refs/tags/v1.2.0",
      "octo/widget",
    ],
    [
      "ref",
      description(record(statementV01())),
      "https://github.com/octo/widgets@refs/tags/v1",
      "https://github.com/octo/widgets@refs/tags/v1.2.0",
      "octo/widgets@refs/tags/v1",
    ],
    [
      "no ref",
      ofV01((one) => (one.predicate.recipe.arguments.substitutions = {})),
      "https://github.com/octo/widgets@refs/tags/v1",
      "https://github.com/octo/widgets",
      "octo/widgets@refs/tags/v1",
    ],
    [
      "no repository",
      ofV01((one) => (one.predicate.materials = [{ uri: "gs://bucket/o#1", digest: {} }])),
      "https://github.com/octo/widgets",
      nowhere,
    ],
    [
      "archive",
      ofV01((one) => (one.predicate.materials = [{ uri: "gs://bucket/o#1", digest: {} }])),
      "gs://bucket/p",
      "gs://bucket/o#1",
      "gs://bucket/p",
    ],
    ["no archive", ofV01((one) => (one.predicate.materials = [])), "gs://bucket/p", nowhere, "gs://bucket/p"],
    [
      "steps",
      ofV01((one) => (one.predicate.recipe.type = "https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1")),
      "steps in a file of https://github.com/octo/widgets",
      "steps that whoever started the build gave",
    ],
    ["kind", beside((one) => (one.kind = "DISCOVERY")), "BUILD", "DISCOVERY"],
    ["no kind", beside((one) => Object.assign(one, { kind: null })), "BUILD", "nothing"],
    ["image", beside((one) => (one.resourceUri = "https://x/y@sha256:00")), `${digest}, ${digest}`, "sha256:00"],
    ["no image", beside((one) => Object.assign(one, { resourceUri: undefined })), `${digest}, ${digest}`, "nothing"],
    [
      "images",
      ofV01(
        (one) =>
          (one.subject = Array.from({ length: 4 }, (_, index) => ({
            name: "x",
            digest: { sha256: `${index}`.repeat(64) },
          }))),
      ),
      [0, 1, 2].map((index) => `sha256:${`${index}`.repeat(64)}`).join(", "),
      digest,
    ],
    ["no text", beside((one) => (one.build = {})), "build.intotoStatement or inTotoSlsaProvenanceV1", "nothing"],
    [
      "text",
      beside((one) => Object.assign(one.build["intotoStatement"] as object, { extra: 1 })),
      "the signed one",
      "another",
    ],
    [
      "key",
      description(record(statementV01(), [bareSignature(statementV01(), REGION_KEY, "k")])),
      "a key of Google Cloud Build (gcb-keys)",
      'a key with the name "k"',
    ],
    [
      "no key",
      description(record(statementV01(), [bareSignature(statementV01(), REGION_KEY, "")])),
      "a key of Google Cloud Build (gcb-keys)",
      "a key without a name",
    ],
    [
      "signature",
      description(record(statementV01(), [paeSignature(statementV01(), REGION_KEY_ID, REGION_KEY)])),
      `a signature by ${REGION_KEY_ID}`,
      "one that does not verify",
    ],
    [
      "text of two versions",
      beside((one) => (one.build["inTotoSlsaProvenanceV1"] = {})),
      "what gcloud artifacts docker images describe --show-provenance --format json prints",
      "a text of each version",
    ],
  ])("%s", async (_what, document, expected, actual, source = "octo/widgets") => {
    expect(await shown(document, [cloudBuildTrust(source)])).toEqual([[expected, actual]]);
  });

  it("a key in the place of a region is not known, also where keys have such a name", async () => {
    const { keys, ...rest } = cloudBuildTrust();
    for (const region of ["us-west2/x", "US-west2", "us-west", "us2", ""]) {
      const keyid = REGION_KEY_ID.replace("us-west2", region);
      const trust = { ...rest, keys: new Map([...keys, [region, REGION_KEY.publicKey]]) } as Trust;
      const document = description(record(statementV01(), [bareSignature(statementV01(), REGION_KEY, keyid)]));
      expect([region, await outcomes(document, [trust])]).toEqual([region, ["SIGNER_UNTRUSTED"]]);
    }
  });

  it.each(["global", "europe-west12"])("a key of %s is one of the regions'", async (region) => {
    const { keys, ...rest } = cloudBuildTrust();
    const keyid = REGION_KEY_ID.replace("us-west2", region);
    const trust = { ...rest, keys: new Map([...keys, [region, REGION_KEY.publicKey]]) } as Trust;
    const document = description(record(statementV01(), [bareSignature(statementV01(), REGION_KEY, keyid)]));
    expect(await outcomes(document, [trust])).toEqual(["trusted"]);
  });
});

describe("the text that people read", () => {
  const compared = (shown: unknown, signed: unknown) => {
    const place = `x@sha256:${IMAGE_DIGEST}`;
    const around = { kind: "BUILD", resourceUri: place, imageDigest: `sha256:${IMAGE_DIGEST}`, imageName: place };
    const statement = { subject: [{ digest: { sha256: IMAGE_DIGEST } }] } as unknown as StatedStatement;
    try {
      checkRecord({ ...around, shown: shown as Json }, signed as Json, statement);
      return true;
    } catch {
      return false;
    }
  };

  it.each<[unknown, unknown, boolean]>([
    [{ a: [1, 2], b: { c: null } }, { b: { c: null }, a: [1, 2] }, true],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
    [{ a: [1, 2] }, { a: [1] }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
    [{ a: [] }, { a: {} }, false],
    [{ a: {} }, { a: [] }, false],
    [{ a: [1] }, { a: { 0: 1, length: 1 } }, false],
    [{ a: { 0: 1, length: 1 } }, { a: [1] }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ a: 1, b: 1 }, { a: 1 }, false],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: "1" }, { a: 1 }, false],
    [{ a: 0 }, { a: -0 }, false],
    [{ a: null }, { a: false }, false],
    [{ toString: 1 }, { a: 1 }, false],
    [{ predicate: { a: 1 } }, { slsaProvenance: { a: 1 } }, true],
    [{ predicate: { a: 1 } }, { predicate: { a: 1 }, slsaProvenance: { a: 1 } }, true],
    [{ predicate: { a: 1 } }, { predicate: { a: 1 }, slsaProvenance: { a: 2 } }, false],
    [{ predicate: { a: 1 } }, { predicate: { a: 2 }, slsaProvenance: { a: 1 } }, false],
    [{}, { predicate: null }, true],
    [[{ a: 1 }], [{ a: 1 }], true],
    [[{ predicate: 1 }], [{ slsaProvenance: 1 }], false],
    ["a", "a", true],
    ["a", "b", false],
    ["a", null, false],
    ["a", { a: 1 }, false],
  ])("%j is what was signed as %j: %s", (shown, signed, expected) => {
    expect(compared(shown, signed)).toBe(expected);
  });
});

describe("the image", () => {
  const REPOSITORY = "us-docker.pkg.dev/octo/images/widgets";
  const verdict = async (repository: string, digest = IMAGE_DIGEST) => {
    const { pieces } = await readPieces(bytesOf(description(record(statementV01()))), "image.json");
    const evidence = pieces.map(({ name, piece }) => examine(name, piece, { trust: [cloudBuildTrust()] }));
    const image = {
      kind: "image",
      name: repository,
      repository,
      layout: null,
      digests: { sha256: digest },
      platform: null,
      gaps: [],
    } as const;
    const { verdicts, absent } = await judge([{ ...image, obstacle: null }], evidence, { anyName: false });
    return [verdicts[0]?.status, absent.count];
  };

  it("is known by its repository and its digest, with a tag and without", async () => {
    expect(await verdict(REPOSITORY)).toEqual(["verified", 0]);
    expect((await verdict(`${REPOSITORY}2`))[0]).not.toBe("verified");
    expect((await verdict(REPOSITORY, "0".repeat(64)))[0]).not.toBe("verified");
  });
});

describe("the document", () => {
  it.each([
    ["no summary", { provenance_summary: null }],
    ["no record", description()],
    ["too many records", description(...Array.from({ length: 1001 }, () => 1))],
    ["records that are none", { provenance_summary: { provenance: {} } }],
  ])("%s", async (_what, document) => {
    expect(await outcomes(document)).toEqual(["BUNDLE_MALFORMED"]);
  });

  it.each<[unknown, boolean]>([
    [{ provenance_summary: null }, true],
    [{ provenance: {} }, false],
    [null, false],
    ["provenance_summary", false],
  ])("%j looks like one: %s", (json, expected) => {
    expect(cloudBuildFormat.recognises(json as Json)).toBe(expected);
  });

  type Envelope = ReturnType<typeof record>["envelope"];
  it.each<[string, (envelope: Envelope) => unknown, boolean]>([
    ["an empty payload", (one) => (one.payload = ""), false],
    ["no signature", (one) => (one.signatures = []), false],
    ["32 signatures", (one) => (one.signatures = Array(32).fill(one.signatures[0])), true],
    ["33 signatures", (one) => (one.signatures = Array(33).fill(one.signatures[0])), false],
    ["the longest name of a key", (one) => one.signatures.push({ keyid: "x".repeat(1_024), sig: "" }), true],
    ["a longer name of a key", (one) => one.signatures.push({ keyid: "x".repeat(1_025), sig: "" }), false],
    ["the longest signature", (one) => one.signatures.push({ keyid: "x", sig: "x".repeat(4_096) }), true],
    ["a longer signature", (one) => one.signatures.push({ keyid: "x", sig: "x".repeat(4_097) }), false],
    ["nothing of a signature", (one) => one.signatures.push({} as never), true],
  ])("an envelope with %s", async (_what, edit, isRead) => {
    const one = record(statementV01());
    edit(one.envelope);
    const { pieces, findings } = await readPieces(bytesOf(description(one)), "image.json");
    expect([pieces.length > 0, findings.map(({ code }) => code)]).toEqual([isRead, isRead ? [] : ["BUNDLE_MALFORMED"]]);
  });

  it.each<[string, object, string]>([
    ["no image", { image_summary: null }, "EVIDENCE_MISMATCH"],
    ["an image that nobody names", { image_summary: {} }, "EVIDENCE_MISMATCH"],
    ["a long name", { image_summary: { digest: "x".repeat(4_097) } }, "BUNDLE_MALFORMED"],
    ["the longest name", { image_summary: { digest: "x".repeat(4_096) } }, "EVIDENCE_MISMATCH"],
  ])("about %s", async (_what, change, code) => {
    expect(await outcomes({ ...description(record(statementV01())), ...change })).toEqual([code]);
  });

  it("a record without a text of either version agrees with nothing", async () => {
    for (const build of [null, undefined, { intotoStatement: null }]) {
      expect(await outcomes(description({ ...record(statementV01()), build }))).toEqual(["EVIDENCE_MISMATCH"]);
    }
  });

  it("a record that is none spoils no other", async () => {
    const broken = { ...record(statementV01()), envelope: null };
    const noBase64 = record(statementV01());
    noBase64.envelope.payload = "?";
    const both = record(statementV01());
    both.build["inTotoSlsaProvenanceV1"] = {};
    expect(await outcomes(description(broken, noBase64, both, record(statementV01()), record(statementV1())))).toEqual([
      "trusted",
      "trusted",
      "BUNDLE_MALFORMED",
      "BUNDLE_MALFORMED",
      "BUNDLE_MALFORMED",
    ]);
  });

  it("no change of one character is trusted, but in what nobody reads", async () => {
    const text = JSON.stringify(description(record(statementV01())));
    const { payload } = record(statementV01()).envelope;
    const [start, end] = [text.indexOf(payload), text.indexOf(payload) + payload.length];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: end - 1 }), fc.constantFrom("A", "b", "7"), async (at, letter) => {
        fc.pre(text[at] !== letter);
        const { pieces } = await readPieces(Buffer.from(`${text.slice(0, at)}${letter}${text.slice(at + 1)}`), "f");
        return pieces.every(
          ({ name, piece }) => examine(name, piece, { trust: [cloudBuildTrust()] }).kind !== "trusted",
        );
      }),
      { numRuns: 50 },
    );
  });
});
