import { readFile } from "node:fs/promises";
import { preAuthEncoding } from "@touchmark/core";
import { pemOf, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { sigstore } from "../../test/certificate-cases.ts";
import { PREDICATE, sha256, statementBytes, testKey } from "../../test/signed-bundles.ts";
import { examine } from "../examine.ts";
import { trustedKey } from "../trust.ts";
import { readPieces } from "./read-pieces.ts";

const key = testKey("P-256");
const UID = "0c4f";
const INTOTO = "application/vnd.in-toto+json";
const DIGEST = sha256("image");
const PAYLOAD = statementBytes({ subject: [{ name: "gcr.io/octo/app", digest: { sha256: DIGEST } }] });
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");

function envelope(payload: Uint8Array = PAYLOAD, by = key) {
  return {
    payloadType: INTOTO,
    payload: base64(payload),
    signatures: [{ keyid: "SHA256:x", sig: base64(by.sign(preAuthEncoding(INTOTO, payload))) }],
  };
}

/** As Chains stores it: everything in base64, certificate and chain empty where a key signed. */
function annotations(under = `taskrun-${UID}`, signed: unknown = envelope(), payload: Uint8Array | string = PAYLOAD) {
  return {
    [`chains.tekton.dev/payload-${under}`]: base64(payload),
    [`chains.tekton.dev/signature-${under}`]: base64(typeof signed === "string" ? signed : JSON.stringify(signed)),
    [`chains.tekton.dev/cert-${under}`]: "",
    [`chains.tekton.dev/chain-${under}`]: "",
    "chains.tekton.dev/signed": "true",
  } as Record<string, unknown>;
}

function run(edit: (one: Record<string, unknown>) => unknown = () => null, kind = "TaskRun") {
  const noted = annotations();
  edit(noted);
  return { apiVersion: "tekton.dev/v1", kind, metadata: { name: "build", uid: UID, annotations: noted }, spec: {} };
}

async function outcomes(document: unknown): Promise<readonly string[]> {
  const { pieces, findings } = await readPieces(Buffer.from(JSON.stringify(document)), "run.json");
  return [
    ...pieces
      .map(({ name, piece }) => examine(name, piece, { trust: [key.trust] }))
      .map((one) => ("findings" in one ? one.findings[0]?.code : null) ?? one.kind),
    ...findings.map(({ code }) => code),
  ];
}

describe("a run", () => {
  it.each(["TaskRun", "PipelineRun"])("%s that a key signed", async (kind) => {
    expect(await outcomes(run(undefined, kind))).toEqual(["trusted"]);
  });

  it("stored under its uid alone, and of the older API", async () => {
    const one = { ...run(), apiVersion: "tekton.dev/v1beta1" };
    expect(await outcomes({ ...one, metadata: { annotations: annotations(UID) } })).toEqual(["trusted"]);
  });

  it.each([
    [
      "by another key",
      (one) => Object.assign(one, annotations(undefined, envelope(PAYLOAD, testKey("P-256")))),
      "SIGNER_UNTRUSTED",
    ],
    [
      "with another payload in its annotation",
      (one) => Object.assign(one, annotations(undefined, envelope(), `${Buffer.from(PAYLOAD)} `)),
      "EVIDENCE_MISMATCH",
    ],
    ["without its payload", (one) => delete one[`chains.tekton.dev/payload-taskrun-${UID}`], "BUNDLE_MALFORMED"],
    ["without a signature", (one) => delete one[`chains.tekton.dev/signature-taskrun-${UID}`], "BUNDLE_MALFORMED"],
    [
      "with a signature that is no base64",
      (one) => (one[`chains.tekton.dev/signature-taskrun-${UID}`] = "?"),
      "BUNDLE_MALFORMED",
    ],
    ["with half an envelope", (one) => Object.assign(one, annotations(undefined, "{")), "BUNDLE_MALFORMED"],
    [
      "with an envelope that has more",
      (one) => Object.assign(one, annotations(undefined, { ...envelope(), more: 1 })),
      "BUNDLE_MALFORMED",
    ],
    [
      "with a certificate that is none",
      (one) => (one[`chains.tekton.dev/cert-taskrun-${UID}`] = base64("x")),
      "BUNDLE_MALFORMED",
    ],
    ["with an annotation that is no text", (one) => (one["x"] = 1), "BUNDLE_MALFORMED"],
    ["with more annotations than Kubernetes keeps", (one) => (one["x"] = "x".repeat(256 * 1024)), "EVIDENCE_TOO_LARGE"],
  ] satisfies [string, (one: Record<string, unknown>) => unknown, string][])("%s", async (_what, edit, code) => {
    expect(await outcomes(run(edit))).toEqual([code]);
  });

  it.each([
    ["nothing", {}],
    ["nothing, since it failed", { "chains.tekton.dev/signed": "failed" }],
  ])("for which Chains signed %s", async (_what, noted) => {
    expect(await outcomes({ ...run(), metadata: { annotations: noted } })).toEqual(["BUNDLE_MALFORMED"]);
    expect(await outcomes({ ...run(), metadata: {} })).toEqual(["BUNDLE_MALFORMED"]);
  });

  it("the size that Kubernetes keeps is read", async () => {
    const used = Object.entries(annotations()).reduce(
      (sum, [name, value]) => sum + name.length + String(value).length,
      0,
    );
    expect(await outcomes(run((one) => (one["x"] = "x".repeat(256 * 1024 - used - 1))))).toEqual(["trusted"]);
    expect(await outcomes(run((one) => (one["x"] = "x".repeat(256 * 1024 - used))))).toEqual(["EVIDENCE_TOO_LARGE"]);
  });

  it("with a certificate is somebody's whom a certificate names", async () => {
    const { leaf } = signBundle(sigstore, PAYLOAD);
    const noted = { ...annotations(), [`chains.tekton.dev/cert-taskrun-${UID}`]: base64(pemOf(leaf)) };
    const { pieces } = await readPieces(
      Buffer.from(JSON.stringify({ ...run(), metadata: { annotations: noted } })),
      "f",
    );
    expect(pieces.map(({ piece }) => piece.kind === "statement" && piece.bundle.signer.kind)).toEqual(["certificate"]);
  });
});

describe("what is no signed run", () => {
  const name = (what: string, under = `taskrun-${UID}`) => `chains.tekton.dev/${what}-${under}`;
  const shown = async (document: unknown) => {
    const { pieces, findings } = await readPieces(Buffer.from(JSON.stringify(document)), "run.json");
    expect(pieces).toEqual([]);
    return findings.map(({ expected, actual }) => [expected, actual]);
  };
  const EXPECTED =
    "a TaskRun or PipelineRun with the annotations chains.tekton.dev/payload-… and chains.tekton.dev/signature-…";

  it.each<[string, object, string]>([
    ["nothing signed", { ...run(), metadata: {} }, "no signature"],
    [
      "a signature that failed",
      { ...run(), metadata: { annotations: { "chains.tekton.dev/signed": "failed" } } },
      "no signature, and chains.tekton.dev/signed is failed",
    ],
    [
      "an annotation that is no text",
      run((one) => (one["x".repeat(200)] = 1)),
      `the annotation ${JSON.stringify("x".repeat(120))} is no text`,
    ],
    ["no payload", run((one) => delete one[name("payload")]), `under taskrun-${UID} a signature without its payload`],
    ["no signature", run((one) => delete one[name("signature")]), `under taskrun-${UID} a payload without a signature`],
    [
      "a certificate that is none",
      run((one) => (one[name("cert")] = base64("x"))),
      "a certificate that cannot be read",
    ],
  ])("says what it is: %s", async (_what, document, actual) => {
    expect(await shown(document)).toEqual([[EXPECTED, actual]]);
  });

  it("says that two payloads stand under one name, and that there is too much", async () => {
    const other = run((one) => Object.assign(one, annotations(undefined, envelope(), "{}")));
    expect(await shown(other)).toEqual([["the payload that is signed", "another one in the annotation"]]);
    const long = run((one) => (one["x"] = "x".repeat(256 * 1024)));
    expect(await shown(long)).toEqual([["at most 262144 bytes in all", "more"]]);
  });

  it.each<[string, object]>([
    ["another group of the API", { ...run(), apiVersion: "tekton.dev.evil/v1" }],
    ["another version of the API", { ...run(), apiVersion: "tekton.dev/v2" }],
    ["a longer version of the API", { ...run(), apiVersion: "tekton.dev/v1x" }],
    ["a version of the API that is no text", { ...run(), apiVersion: 1 }],
    ["another kind", { ...run(), kind: "Task" }],
    ["no metadata", { ...run(), metadata: null }],
    ["annotations in a list", { ...run(), metadata: { annotations: [] } }],
    ["a list of another kind", { kind: "PodList", items: [run()] }],
    ["a list that is none", { kind: "List", items: { 0: run() } }],
    [
      "names of annotations that only hold those of Chains",
      run((one) => {
        for (const [key, value] of Object.entries(one)) {
          delete one[key];
          one[`x${key}`] = value;
        }
      }),
    ],
  ])("is %s", async (_what, document) => {
    expect(await outcomes(document)).toEqual(["BUNDLE_MALFORMED"]);
  });

  const signedBy = (signatures: readonly object[]) =>
    run((one) => Object.assign(one, annotations(undefined, { ...envelope(), signatures })));

  it("has 32 signatures at most, each of a key with a name of 1,024 characters at most", async () => {
    const [one] = envelope().signatures;
    expect(await outcomes(signedBy(Array(32).fill(one)))).toEqual(Array(32).fill("trusted"));
    expect(await outcomes(signedBy([{ ...one, keyid: "x".repeat(1_024) }]))).toEqual(["trusted"]);
    expect(await outcomes(signedBy([{ sig: one?.sig }]))).toEqual(["trusted"]);
    for (const wrong of [[], Array(33).fill(one), [{ ...one, keyid: "x".repeat(1_025) }], [{ ...one, cert: "" }]]) {
      expect(await outcomes(signedBy(wrong))).toEqual(["BUNDLE_MALFORMED"]);
    }
  });

  it("may be in a list of 1,000", async () => {
    const items = [run(), ...Array.from({ length: 999 }, () => ({ kind: "Pod" }))];
    expect((await outcomes({ kind: "PipelineRunList", items }))[0]).toBe("trusted");
  });
});

describe("signatures without provenance", () => {
  it("of an image, beside provenance", async () => {
    const image = {
      critical: { type: "cosign container image signature", image: { "docker-manifest-digest": `sha256:${DIGEST}` } },
    };
    const edit = (one: Record<string, unknown>) =>
      Object.assign(one, annotations(DIGEST.slice(0, 12), "MEUCIQ", JSON.stringify(image)));
    expect([...(await outcomes(run(edit)))].sort()).toEqual(["NOT_PROVENANCE", "trusted"]);
    const { pieces } = await readPieces(Buffer.from(JSON.stringify(run(edit))), "f");
    const [signature] = pieces.flatMap(({ piece }) => (piece.kind === "signature" ? [piece.signature] : []));
    expect(Buffer.from(signature?.messageDigest?.bytes ?? []).toString("hex")).toBe(DIGEST);
  });

  it("of the run itself", async () => {
    const edit = (one: Record<string, unknown>) =>
      Object.assign(one, annotations(undefined, "MEUCIQ", JSON.stringify({ spec: {} })));
    expect(await outcomes(run(edit))).toEqual(["NOT_PROVENANCE"]);
  });
});

describe("what a run turns into", () => {
  const piecesOf = async (document: unknown) => {
    const { pieces } = await readPieces(Buffer.from(JSON.stringify(document)), "f");
    return pieces.map(({ piece }) => piece);
  };
  const { leaf } = signBundle(sigstore, PAYLOAD);
  const certified = (one: Record<string, unknown>) =>
    (one[`chains.tekton.dev/cert-taskrun-${UID}`] = base64(pemOf(leaf)));

  it("is an envelope that lies in no log, with the name of its key or its certificate", async () => {
    const alone = { tlogEntries: [], timestamps: [] };
    expect(await piecesOf(run())).toMatchObject([{ bundle: { signer: { kind: "key", hint: "SHA256:x" }, ...alone } }]);
    expect(await piecesOf(run(certified))).toMatchObject([
      { bundle: { signer: { kind: "certificate", chain: [Buffer.from(leaf.der)] }, ...alone } },
    ]);
    const nameless = { ...envelope(), signatures: envelope().signatures.map(({ sig }) => ({ keyid: "", sig })) };
    expect(await piecesOf(run((one) => Object.assign(one, annotations(undefined, nameless))))).toMatchObject([
      { bundle: { signer: { kind: "key", hint: null } } },
    ]);
  });

  it.each<[string, string | null]>([
    [`sha256:${DIGEST}`, DIGEST],
    [`xsha256:${DIGEST}`, null],
    [`sha256:${DIGEST}0`, null],
  ])("is a signature about the image %s", async (digest, hex) => {
    const image = { critical: { image: { "docker-manifest-digest": digest } } };
    const edit = (one: Record<string, unknown>) =>
      Object.assign(one, annotations(undefined, "MEUCIQ", JSON.stringify(image)));
    const messageDigest = hex === null ? null : { algorithm: "SHA2_256", bytes: Buffer.from(hex, "hex") };
    const signer = { kind: "key", hint: null };
    expect(await piecesOf(run(edit))).toMatchObject([
      { kind: "signature", signature: { messageDigest, signer, tlogEntries: [], timestamps: [] } },
    ]);
  });
});

describe("a list", () => {
  it.each(["List", "TaskRunList"])("%s, in which a broken run spoils no other", async (kind) => {
    const broken = run((one) => (one[`chains.tekton.dev/signature-taskrun-${UID}`] = "?"));
    const unsigned = { ...run(), metadata: {} };
    expect(await outcomes({ apiVersion: "v1", kind, items: [broken, run(), unsigned, { kind: "Pod" }] })).toEqual([
      "trusted",
      "BUNDLE_MALFORMED",
      "BUNDLE_MALFORMED",
      "BUNDLE_MALFORMED",
    ]);
  });

  it("with too many is not read", async () => {
    expect(await outcomes({ kind: "List", items: Array.from({ length: 1001 }, () => run()) })).toEqual([
      "BUNDLE_MALFORMED",
    ]);
  });

  it("without a run is no evidence", async () => {
    expect(await outcomes({ kind: "List", items: [{ kind: "Pod", apiVersion: "v1" }] })).toEqual(["BUNDLE_MALFORMED"]);
    expect(await outcomes({ kind: "TaskRun", apiVersion: "example.com/v1" })).toEqual(["BUNDLE_MALFORMED"]);
  });
});

it("what Chains calls its builder covers an image", async () => {
  const predicate = { ...PREDICATE, runDetails: { builder: { id: "https://tekton.dev/chains/v2" } } };
  const payload = statementBytes({ subject: [{ name: "gcr.io/octo/app", digest: { sha256: DIGEST } }], predicate });
  const { pieces } = await readPieces(
    Buffer.from(JSON.stringify(run((one) => Object.assign(one, annotations(undefined, envelope(payload), payload))))),
    "f",
  );
  const examined = pieces.map(({ name, piece }) => examine(name, piece, { trust: [key.trust] }));
  expect(examined).toMatchObject([{ verified: { predicate: { builderId: "https://tekton.dev/chains/v2" } } }]);
});

describe("as Tekton Chains 0.22 wrote it", () => {
  const fixture = (name: string) => readFile(new URL(`../../fixtures/tekton-chains/${name}`, import.meta.url));
  const BUILT = { repository: "https://github.com/octo/widgets", ref: null, commit: "c0".repeat(20) };

  it.each([
    ["taskrun-v1.json", "tekton.dev/v1beta1/TaskRun"],
    ["taskrun-v2alpha3.json", "https://tekton.dev/chains/v2/slsa"],
    ["taskrun-v2alpha4.json", "https://tekton.dev/chains/v2/slsa"],
    ["taskrun-slsa-tekton.json", "https://tekton.dev/chains/v2/slsa-tekton"],
    ["pipelinerun-v1.json", "tekton.dev/v1beta1/PipelineRun"],
    ["pipelinerun-v2alpha4.json", "https://tekton.dev/chains/v2/slsa"],
  ])("%s", async (name, buildType) => {
    const trust = [trustedKey(await fixture("cosign.pub"), "cosign.pub")];
    const { whole, pieces } = await readPieces(await fixture(name), name);
    expect(whole).toBe(true);
    expect(pieces.map((one) => examine(one.name, one.piece, { trust }))).toMatchObject([
      {
        kind: "trusted",
        verified: { predicate: { buildType, builderId: "https://tekton.dev/chains/v2", source: BUILT } },
      },
    ]);
  });

  it("the signature of an image says nothing of where it came from", async () => {
    const { pieces } = await readPieces(await fixture("taskrun-image-signature.json"), "run.json");
    expect(pieces.map(({ name, piece }) => examine(name, piece, { trust: [] }))).toMatchObject([
      { kind: "signature", digests: { sha256: "5e".repeat(32) }, findings: [{ code: "NOT_PROVENANCE" }] },
    ]);
  });
});
