import { parseBundle } from "@touchmark/core";
import { newTestKey, pae, signBundle } from "@touchmark/testkit/sigstore";
import { readNpmKeys } from "@touchmark/verify";
import fc from "fast-check";
import { expect, it } from "vitest";
import { containerBasedStatement, delegatedStatement, workflowStatement } from "../test/delegated-cases.ts";
import { EXPECTED_IMAGE, GCB_KEYS, gcbDescription, gcbProvenance, workerStatement } from "../test/gcb-cases.ts";
import { bytesOf, EXPECTED, genericStatement, RUN, roots, sigstore } from "../test/github-cases.ts";
import { EXPECTED_PACKAGE, keysJson, npmStatementV1, npmStatementV02, packageDocument } from "../test/npm-cases.ts";
import { checkCommon } from "./github-provenance.ts";
import { outcomeOf } from "./outcome.ts";
import { readKnownProvenance } from "./provenance.ts";
import { verifyArtifact, verifyGcbImage, verifyNpmPackage, verifyVsa } from "./verify.ts";

// Whatever the bytes: an answer, never an error that nobody expects.

const KEYS = readNpmKeys(bytesOf(keysJson()));
const VSA_KEY = newTestKey();
const SUMMARY = {
  digests: ["sha256:x"],
  verifierId: "x",
  resourceUri: "x",
  levels: [],
  key: VSA_KEY.publicKey,
  keyId: "",
};

/** JSON of any shape, with the names that the rules look at among its names. */
const NAMES = [
  "attestations",
  "bundle",
  "predicateType",
  "payload",
  "payloadType",
  "signatures",
  "predicate",
  "__proto__",
];
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, 0, "", "x", "refs/tags/v1"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** A statement with one of its values replaced by anything. */
function mutated(statement: object): fc.Arbitrary<unknown> {
  const places = placesIn(statement);
  return fc.tuple(fc.constantFrom(...places), anyJson).map(([place, value]) => {
    const copy = structuredClone(statement) as Record<string, unknown>;
    const parent = place.slice(0, -1).reduce<Record<string, unknown>>((one, key) => one[key] as never, copy);
    parent[place.at(-1) ?? ""] = value;
    return copy;
  });
}

function placesIn(json: unknown, place: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof json !== "object" || json === null) return [place];
  const inner = Object.entries(json).flatMap(([key, value]) => placesIn(value, [...place, key]));
  return place.length === 0 ? inner : [place, ...inner];
}

it("bytes of any kind", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    anyJson.map(bytesOf),
  );
  fc.assert(
    fc.property(bytes, (document) => {
      expect(verifyNpmPackage(document, EXPECTED_PACKAGE, roots, KEYS).passed).toBe(false);
      expect(verifyGcbImage(document, EXPECTED_IMAGE, GCB_KEYS).passed).toBe(false);
      expect(verifyVsa(document, SUMMARY).passed).toBe(false);
    }),
  );
});

it("any payload that a trusted builder signed", () => {
  fc.assert(
    fc.property(fc.oneof(mutated(genericStatement()), anyJson), (statement) => {
      const { bundle } = signBundle(sigstore, bytesOf(statement), { leaf: { claims: RUN } });
      const outcome = verifyArtifact(parseBundle(bytesOf(bundle)), { ...EXPECTED, tag: "v13.0.30" }, roots);
      expect(typeof outcome.passed).toBe("boolean");
    }),
    { numRuns: 50 },
  );
});

const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows";
const BY_BUILDER = [
  [`${GENERATOR}/generator_generic_slsa3.yml`, genericStatement()],
  [`${GENERATOR}/delegator_generic_slsa3.yml`, delegatedStatement()],
  [`${GENERATOR}/builder_container-based_slsa3.yml`, containerBasedStatement()],
  ["https://github.com/bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml", workflowStatement()],
  ["https://github.com/actions/runner/github-hosted", npmStatementV1()],
  ["https://github.com/actions/runner", npmStatementV02()],
] as const;

it.each(BY_BUILDER)("the rules for %s", (builder, statement) => {
  const expected = { ...EXPECTED, branch: "main", tag: "v13.0.30", inputs: new Map([["a", "b"]]) };
  fc.assert(
    fc.property(mutated(statement), (changed) => {
      const payload = bytesOf(changed);
      const outcome = outcomeOf(() => {
        const known = readKnownProvenance(builder, { payloadType: "application/vnd.in-toto+json", payload });
        checkCommon(known, expected);
        return { passed: true, builderId: known.builderId, commit: null, statement: payload };
      });
      expect(typeof outcome.passed).toBe("boolean");
    }),
  );
});

it("any description of an image, around a statement that holds", () => {
  fc.assert(
    fc.property(mutated(gcbDescription(gcbProvenance(workerStatement()))), (description) => {
      expect(typeof verifyGcbImage(bytesOf(description), EXPECTED_IMAGE, GCB_KEYS).passed).toBe("boolean");
    }),
  );
});

it("any document of npm's, around attestations that hold", () => {
  fc.assert(
    fc.property(mutated(packageDocument({})), (document) => {
      expect(typeof verifyNpmPackage(bytesOf(document), EXPECTED_PACKAGE, roots, KEYS).passed).toBe("boolean");
    }),
    { numRuns: 50 },
  );
});

it("any summary that the key signed", () => {
  fc.assert(
    fc.property(anyJson, (statement) => {
      const payload = bytesOf(statement);
      const sig = Buffer.from(VSA_KEY.sign(pae("application/vnd.in-toto+json", payload))).toString("base64");
      const envelope = {
        payloadType: "application/vnd.in-toto+json",
        payload: Buffer.from(payload).toString("base64"),
        signatures: [{ sig }],
      };
      expect(verifyVsa(bytesOf(envelope), SUMMARY).passed).toBe(false);
    }),
  );
});
