import {
  parseBundle,
  parseBundleFile,
  parseChecksumText,
  parseJson,
  parseMessageBundle,
  parseStatement,
  parseSubjectsFile,
  readProvenance,
  readVerificationSummary,
  VSA_V1,
} from "../../packages/core/src/index.ts";
import { signBundle } from "../../packages/testkit/src/sigstore/index.ts";
import type { Format } from "../../packages/verify/src/formats/format.ts";
import { npmFormat } from "../../packages/verify/src/formats/format-npm.ts";
import { pypiFormat } from "../../packages/verify/src/formats/format-pypi.ts";
import { readNpmKeys } from "../../packages/verify/src/npm/npm-keys.ts";
import { NPM_REGISTRY_KEYS } from "../../packages/verify/src/npm/npm-registry-keys.ts";
import { bytesOf, PAYLOAD, sign, sigstore } from "../../packages/verify/test/certificate-cases.ts";
import { keysJson, npmDocument } from "../../packages/verify/test/npm-cases.ts";
import { statementBytes } from "../../packages/verify/test/signed-bundles.ts";
import type { Parser } from "../parser.ts";
import { golden, text, vectorBundles } from "./sound-inputs.ts";

const bundles = [
  bytesOf(sign()),
  bytesOf(sign({ version: "0.1", entry: "intoto-0.0.2" })),
  ...vectorBundles().filter(isBundle),
];
const attestation = (() => {
  const { verificationMaterial: material, dsseEnvelope } = sign({ entry: "dsse-0.0.1", timestamp: null });
  return {
    version: 1,
    verification_material: {
      certificate: material.certificate?.rawBytes,
      transparency_entries: material.tlogEntries,
    },
    envelope: { statement: dsseEnvelope?.payload, signature: dsseEnvelope?.signatures[0]?.sig },
  };
})();
const COMMIT = "1f".repeat(20);
const hex = "ab".repeat(32);

const BUNDLE_CODES = ["BUNDLE_MALFORMED", "EVIDENCE_TOO_LARGE"] as const;

/** Files that lie beside artifacts, before anybody asks who signed them. */
export const evidenceParsers: readonly Parser[] = [
  { name: "bundle", sound: bundles, codes: ["BUNDLE_MALFORMED", "EVIDENCE_TOO_LARGE"], read: parseBundle },
  {
    name: "bundle-file",
    sound: [text(...bundles.slice(0, 3).map((bytes) => Buffer.from(bytes).toString().replaceAll("\n", "")))],
    codes: ["EVIDENCE_TOO_LARGE"],
    read: parseBundleFile,
  },
  {
    name: "message-bundle",
    sound: [bytesOf(signBundle(sigstore, PAYLOAD, { content: "message" }).bundle)],
    codes: ["BUNDLE_MALFORMED", "EVIDENCE_TOO_LARGE"],
    read: parseMessageBundle,
  },
  {
    name: "npm-document",
    sound: [bytesOf(npmDocument())],
    codes: ["INPUT_INVALID", ...BUNDLE_CODES],
    read: (bytes) => readAs(npmFormat, bytes),
  },
  {
    name: "npm-keys",
    sound: [bytesOf(keysJson()), new TextEncoder().encode(NPM_REGISTRY_KEYS)],
    codes: ["KEY_INVALID"],
    read: readNpmKeys,
  },
  {
    name: "pypi-attestation",
    sound: [
      bytesOf(attestation),
      bytesOf({ version: 1, attestation_bundles: [{ publisher: {}, attestations: [attestation, attestation] }] }),
    ],
    codes: ["INPUT_INVALID", ...BUNDLE_CODES],
    read: (bytes) => readAs(pypiFormat, bytes),
  },
  {
    name: "statement",
    sound: [
      PAYLOAD,
      golden("release.statement.golden"),
      statementBytes({
        subject: [{ digest: { sha256: hex } }],
        predicateType: "https://slsa.dev/provenance/v0.2",
        predicate: {
          builder: { id: "https://builder.example" },
          buildType: "https://builder.example/type",
          invocation: { configSource: { uri: "git+https://github.com/o/r@refs/heads/main", digest: { sha1: COMMIT } } },
          materials: [{ uri: "git+https://github.com/o/r", digest: { sha1: COMMIT } }],
        },
      }),
    ],
    codes: ["STATEMENT_MALFORMED"],
    read: (bytes) => readProvenance(parseStatement(bytes)),
  },
  {
    name: "verification-summary",
    sound: [
      statementBytes({
        subject: [{ digest: { sha256: hex } }],
        predicateType: VSA_V1,
        predicate: {
          verifier: { id: "https://verifier.example" },
          timeVerified: "2026-01-15T12:00:00Z",
          resourceUri: "pkg:generic/widgets@1.0.0",
          policy: { uri: "https://verifier.example/policy" },
          verificationResult: "PASSED",
          verifiedLevels: ["SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_UNEVALUATED"],
        },
      }),
    ],
    codes: ["STATEMENT_MALFORMED"],
    read: (bytes) => readVerificationSummary(parseStatement(bytes)),
  },
  {
    name: "subjects-file",
    sound: [golden("release.subjects.golden")],
    codes: [
      "INPUT_INVALID",
      "INPUT_TOO_LARGE",
      "LIMIT_EXCEEDED",
      "NAME_REFUSED",
      "RESERVED_ANNOTATION",
      "SUBJECT_CONFLICT",
    ],
    read: (bytes) => parseSubjectsFile(bytes, "subjects.json"),
  },
  {
    name: "checksum-text",
    sound: [text(`${hex}  a`, `${hex} *dist/b`, `\\${hex}  c\\nd`), text(`SHA256 (a) = ${hex}`, `SHA2-256(b)= ${hex}`)],
    codes: ["INPUT_INVALID", "INPUT_TOO_LARGE", "LIMIT_EXCEEDED"],
    read: (bytes) => parseChecksumText(bytes, "checksums.txt"),
  },
];

/** Of a value that the format does not recognise, whoever asks it all the same gets a typed answer too. */
function readAs(format: Format, bytes: Uint8Array): unknown {
  return format.read(parseJson(bytes, { what: "the evidence", maxBytes: bytes.byteLength }), bytes);
}

/** Some vectors hold broken bundles beside good ones. */
function isBundle(bytes: Uint8Array): boolean {
  try {
    parseBundle(bytes);
    return true;
  } catch {
    return false;
  }
}
