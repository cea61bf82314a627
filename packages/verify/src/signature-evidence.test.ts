import { BUNDLE_V03, type MessageBundle } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { digest, evidence, file, image, subject } from "../test/judge-cases.ts";
import { sha256, sha512, testKey } from "../test/signed-bundles.ts";
import type { Artifact } from "./artifact.ts";
import { acceptableAlgorithms, type Evidence } from "./evidence.ts";
import { judge } from "./judge.ts";
import { signatureEvidence } from "./signature-evidence.ts";

const key = testKey();
const stranger = testKey();

function signature(content: string, algorithm: "SHA2_256" | "SHA2_512" | null = "SHA2_256") {
  const hex = algorithm === "SHA2_512" ? sha512(content) : sha256(content);
  return signatureEvidence("tool.sigstore.json", {
    mediaType: BUNDLE_V03,
    signer: { kind: "key", hint: null },
    tlogEntries: [],
    timestamps: [],
    signature: new Uint8Array(1),
    messageDigest: algorithm === null ? null : { algorithm, bytes: Buffer.from(hex, "hex") },
  } satisfies MessageBundle);
}

async function judged(artifact: Artifact, ...all: readonly Evidence[]) {
  const [verdict] = (await judge([artifact], all, { anyName: false })).verdicts;
  return verdict;
}

describe("a signature over a file", () => {
  const tool = file("tool", "tool");

  it.each<[string, Artifact, "SHA2_256" | "SHA2_512"]>([
    ["a file", tool, "SHA2_256"],
    ["a digest", digest(sha256("tool")), "SHA2_256"],
    ["an image", image("tool"), "SHA2_256"],
    ["a file by sha512", tool, "SHA2_512"],
  ])("covers nothing, and says so of %s", async (_, artifact, algorithm) => {
    expect(await judged(artifact, signature("tool", algorithm))).toMatchObject({
      status: "not-covered",
      statements: [],
      findings: [
        {
          code: "NOT_PROVENANCE",
          message: `only tool.sigstore.json mentions ${artifact.name}: it is a signature without a statement, which does not say where a file came from`,
        },
      ],
    });
  });

  it("says nothing of other files, and nothing without the digest of what was signed", async () => {
    expect(await judged(file("tool", "other"), signature("tool"))).toMatchObject({
      findings: [{ code: "NOT_COVERED" }],
    });
    expect(await judged(tool, signature("tool", null))).toMatchObject({ findings: [{ code: "NOT_COVERED" }] });
  });

  it("changes nothing where a statement holds, or where one was refused", async () => {
    const statement = { subject: [subject("tool", "tool")] };
    expect(await judged(tool, signature("tool"), evidence("z", key, key, statement))).toMatchObject({
      status: "verified",
    });
    expect(await judged(tool, signature("tool"), evidence("z", stranger, key, statement))).toMatchObject({
      status: "untrusted",
      findings: [{ code: "SIGNER_UNTRUSTED" }],
    });
    expect(acceptableAlgorithms([signature("tool", "SHA2_512")])).toEqual(["sha256"]);
  });
});
