import { encodeKeyBundle, parseBundle, parseMessageBundle, preAuthEncoding } from "@touchmark/core";
import { type BundleJson, type BundleOptions, newTestKey, RELEASE_RUN, signBundle } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { bytesOf, githubPredicate, PAYLOAD, SUBJECT, sign, sigstore } from "../test/certificate-cases.ts";
import { pieceOf, statementBytes } from "../test/signed-bundles.ts";
import { describeConsistency } from "./describe-consistency.ts";

type Edit = (bundle: BundleJson) => void;

/** What is not consistent, as `what: result`. */
async function faults(bundle: BundleJson): Promise<readonly string[]> {
  const all = await describeConsistency(pieceOf(parseBundle(bytesOf(bundle))));
  return all.filter(({ result }) => result !== "consistent").map(({ what, result }) => `${what}: ${result}`);
}

function edited(edit: Edit, options: BundleOptions = {}, payload = PAYLOAD): BundleJson {
  const bundle = structuredClone(sign(options, {}, payload));
  edit(bundle);
  return bundle;
}

/** Those of another bundle, in the place of this one's. */
const swapped =
  (part: "certificate" | "tlogEntries" | "timestampVerificationData"): Edit =>
  ({ verificationMaterial }) =>
    Object.assign(verificationMaterial, { [part]: sign({}, {}, OTHER).verificationMaterial[part] });

const OTHER = statementBytes({ subject: [{ ...SUBJECT, name: "other" }], predicate: githubPredicate() });
const V1 = { entry: "dsse-0.0.1", timestamp: null } as const;

describe("describeConsistency", () => {
  it("says of a sound bundle what belongs together, and of nothing that it is verified", async () => {
    const all = await describeConsistency(pieceOf(parseBundle(bytesOf(sign()))));
    expect(all.map(({ what, result, why }) => [what, result, why])).toEqual([
      ["the signature, and the certificate's key", "consistent", null],
      ["the log entry, and the same content, signature and certificate", "consistent", null],
      ["the log entry, and the root of its proof", "consistent", null],
      ["the timestamp, and the signature", "consistent", null],
      ["the time of the timestamp, and the certificate's validity", "consistent", null],
      [
        expect.stringMatching(/^the provenance, and the certificate \(source repository, .*workflow path/),
        "consistent",
        null,
      ],
    ]);
  });

  it.each(["intoto-0.0.1", "intoto-0.0.2", "hashedrekord-0.0.1"] as const)("knows the entry %s", async (entry) => {
    expect(await faults(sign({ entry }))).toEqual([]);
  });

  it.each<[string, BundleJson, readonly string[]]>([
    [
      "another payload",
      edited(({ dsseEnvelope }) =>
        Object.assign(dsseEnvelope ?? {}, { payload: Buffer.from(OTHER).toString("base64") }),
      ),
      [
        "the signature, and the certificate's key: differs",
        "the log entry, and the same content, signature and certificate: differs",
      ],
    ],
    [
      "another certificate",
      edited(swapped("certificate")),
      [
        "the signature, and the certificate's key: differs",
        "the log entry, and the same content, signature and certificate: differs",
      ],
    ],
    [
      "the entry of another",
      edited(swapped("tlogEntries")),
      ["the log entry, and the same content, signature and certificate: differs"],
    ],
    [
      "the timestamp of another",
      edited(swapped("timestampVerificationData")),
      ["the timestamp, and the signature: differs"],
    ],
    [
      "a proof of another entry",
      edited(({ verificationMaterial: { tlogEntries } }) => {
        for (const { inclusionProof } of tlogEntries) Object.assign(inclusionProof ?? {}, { logIndex: "0" });
      }),
      ["the log entry, and the root of its proof: differs"],
    ],
    [
      "a checkpoint of another size",
      edited(({ verificationMaterial: { tlogEntries } }) => {
        const { checkpoint } = tlogEntries[0]?.inclusionProof ?? {};
        if (checkpoint !== undefined) checkpoint.envelope = checkpoint.envelope.replace(/\n\d+\n/, "\n99999\n");
      }),
      ["the log entry, and the root of its proof: differs"],
    ],
    [
      "a timestamp after the certificate",
      sign({ timestamp: { time: new Date("2026-01-15T12:30:00Z") } }),
      ["the time of the timestamp, and the certificate's validity: differs"],
    ],
    [
      "an entry before the certificate",
      sign({ ...V1, entryOptions: { time: new Date("2026-01-15T11:00:00Z") } }),
      ["the time of the log entry, and the certificate's validity: differs"],
    ],
    [
      "a log's body that is none",
      edited(({ verificationMaterial: { tlogEntries } }) => {
        for (const entry of tlogEntries) entry.canonicalizedBody = Buffer.from("{}").toString("base64");
      }),
      [
        "the log entry, and the same content, signature and certificate: incomparable",
        "the log entry, and the root of its proof: differs",
      ],
    ],
  ])("%s", async (_what, bundle, expected) => {
    expect(await faults(bundle)).toEqual(expected);
  });

  it("names each field in which provenance and certificate differ, and says both", async () => {
    const claims = { ...RELEASE_RUN, sourceRepositoryRef: "refs/tags/v9", buildTrigger: "schedule" };
    const payload = statementBytes({ subject: [SUBJECT], predicate: githubPredicate(claims) });
    const all = await describeConsistency(pieceOf(parseBundle(bytesOf(sign({}, {}, payload)))));
    expect(all.filter(({ result }) => result === "differs").map(({ why }) => why)).toEqual([
      "the provenance says refs/tags/v9, the certificate refs/tags/v1.2.3",
      "the provenance says refs/tags/v9, the certificate refs/tags/v1.2.3",
      "the provenance says schedule, the certificate push",
    ]);
  });

  it("has nothing to compare in a predicate that is no provenance, and says so of one that says nothing", async () => {
    const sbom = statementBytes({ subject: [SUBJECT], predicateType: "https://spdx.dev/Document", predicate: {} });
    expect(await faults(sign({}, {}, sbom))).toEqual([]);
    const predicate = {
      buildDefinition: { buildType: "https://example.com/x", externalParameters: {} },
      runDetails: { builder: { id: "https://example.com/b" } },
    };
    const silent = statementBytes({ subject: [SUBJECT], predicate });
    expect(await faults(sign({}, {}, silent))).toEqual(["the provenance, and the certificate: incomparable"]);
    const odd = {
      ...predicate,
      buildDefinition: { ...predicate.buildDefinition, buildType: GITHUB, internalParameters: { github: [] } },
    };
    expect(await faults(sign({}, {}, statementBytes({ subject: [SUBJECT], predicate: odd })))).toEqual([
      "the provenance, and the certificate: differs",
    ]);
  });

  it("compares the log's key with the signature, where a key signed", async () => {
    const key = newTestKey();
    const { bundle } = signBundle(sigstore, PAYLOAD, { key, keyHint: "x" });
    expect(await faults(bundle)).toEqual([]);
    const other = signBundle(sigstore, OTHER, { keyHint: "x" }).bundle;
    Object.assign(bundle.verificationMaterial, { tlogEntries: other.verificationMaterial.tlogEntries });
    expect(await faults(bundle)).toEqual([
      "the log entry, and the same content and signature: differs",
      "the signature, and the key in the log entry: differs",
    ]);
    const encoded = { payloadType: "a/b", payload: PAYLOAD, signature: preAuthEncoding("a/b", PAYLOAD), hint: "x" };
    expect(await describeConsistency(pieceOf(parseBundle(encodeKeyBundle(encoded))))).toEqual([]);
  });

  it("compares a signature over a file by the digest that it names", async () => {
    const { bundle } = signBundle(sigstore, PAYLOAD, { content: "message" });
    const piece = (json: unknown) => ({
      kind: "signature" as const,
      format: "sigstore-bundle" as const,
      signature: parseMessageBundle(bytesOf(json)),
    });
    const results = async (json: unknown) => (await describeConsistency(piece(json))).map(({ result }) => result);
    expect(await results(bundle)).toEqual(Array.from({ length: 5 }, () => "consistent"));
    const { messageDigest, ...silent } = bundle.messageSignature ?? {};
    const other = { ...messageDigest, digest: Buffer.alloc(32).toString("base64") };
    expect(await results({ ...bundle, messageSignature: { ...silent, messageDigest: other } })).toEqual([
      "differs",
      "differs",
      "consistent",
      "consistent",
      "consistent",
    ]);
    expect(await results({ ...bundle, messageSignature: silent })).toHaveLength(3);
  });
});

const GITHUB = "https://actions.github.io/buildtypes/workflow/v1";
