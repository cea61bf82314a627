import { describe, expect, expectTypeOf, test } from "vitest";
import type * as z from "zod";
import type {
  AcceptableAlgorithm,
  BuildClaim,
  BuildOutput,
  Bundle,
  BundleLine,
  Checkout,
  ChecksumEntry,
  Code,
  DigestAlgorithm,
  DigestComparison,
  DigestSet,
  EvidenceLine,
  Json,
  NameParts,
  Origin,
  Part,
  Provenance,
  Reported,
  ResourceDescriptor,
  SignerMaterial,
  Source,
  StatedStatement,
  Statement,
  Subject,
  SubjectsFile,
  TouchmarkError,
  TreeAlgorithm,
} from "./index.ts";
import * as core from "./index.ts";

// What other packages and plugin authors compile against: a change here is a change of the public API.
describe("types", () => {
  test("outputs cannot name a builder, claims cannot name an output", () => {
    expectTypeOf<keyof BuildOutput>().toEqualTypeOf<"subjects" | "resolvedDependencies" | "byproducts">();
    expectTypeOf<keyof BuildClaim>().toEqualTypeOf<
      | "buildType"
      | "externalParameters"
      | "internalParameters"
      | "source"
      | "builder"
      | "invocationId"
      | "startedOn"
      | "finishedOn"
    >();
  });

  test("data is read-only", () => {
    expectTypeOf<Subject["digest"]>().toEqualTypeOf<DigestSet>();
    expectTypeOf<DigestSet>().toEqualTypeOf<Readonly<Record<string, string>>>();
    expectTypeOf<BuildOutput["subjects"]>().toEqualTypeOf<readonly Subject[]>();
    expectTypeOf<SubjectsFile["parts"]>().toEqualTypeOf<readonly Part[]>();
    expectTypeOf<Part["checkouts"]>().toEqualTypeOf<readonly Checkout[]>();
    expectTypeOf<Part["origin"]>().toEqualTypeOf<Origin | null>();
    // @ts-expect-error a subject's name is not written to
    const rename = (subject: Subject) => (subject.name = "x");
    expect(rename({ name: "y", digest: {} })).toBe("x");
  });

  test("functions over statements", () => {
    expectTypeOf(core.generate).parameter(0).toEqualTypeOf<BuildClaim>();
    expectTypeOf(core.generate).parameter(1).toEqualTypeOf<SubjectsFile>();
    expectTypeOf(core.generate).returns.toEqualTypeOf<Statement>();
    expectTypeOf(core.combine).toEqualTypeOf<(files: readonly SubjectsFile[]) => SubjectsFile>();
    expectTypeOf(core.encodeStatement).toEqualTypeOf<(statement: Statement) => Uint8Array>();
    expectTypeOf(core.parseStatement).toEqualTypeOf<(payload: Uint8Array) => StatedStatement>();
    expectTypeOf(core.splitStatement).returns.toEqualTypeOf<readonly Statement[]>();
    expectTypeOf(core.readProvenance).toEqualTypeOf<(statement: StatedStatement) => Provenance | null>();
    expectTypeOf(core.readSource).returns.toEqualTypeOf<Source | null>();
    expectTypeOf(core.mergeSubjects).toEqualTypeOf<(subjects: readonly Subject[]) => readonly Subject[]>();
    // @ts-expect-error what was found is not what we write: it is never encoded again
    const again = (found: StatedStatement) => core.encodeStatement(found);
    expectTypeOf(again).returns.toEqualTypeOf<Uint8Array>();
  });

  test("functions over bytes", () => {
    expectTypeOf(core.parseBundle).toEqualTypeOf<(bytes: Uint8Array) => Bundle>();
    expectTypeOf(core.parseBundleFile).toEqualTypeOf<(bytes: Uint8Array) => readonly BundleLine[]>();
    expectTypeOf(core.splitEvidenceFile).toEqualTypeOf<
      (bytes: Uint8Array, maxLines?: number) => readonly EvidenceLine[]
    >();
    expectTypeOf<BundleLine["bundle"]>().toEqualTypeOf<Bundle | TouchmarkError>();
    expectTypeOf<SignerMaterial["kind"]>().toEqualTypeOf<"key" | "certificate">();
    expectTypeOf(core.parseSubjectsFile).toEqualTypeOf<(bytes: Uint8Array, what: string) => SubjectsFile>();
    expectTypeOf(core.encodeSubjectsFile).toEqualTypeOf<(file: SubjectsFile) => Uint8Array>();
    expectTypeOf(core.parseJson).returns.toEqualTypeOf<Json>();
    expectTypeOf(core.parseChecksumText).returns.toEqualTypeOf<readonly ChecksumEntry[]>();
    expectTypeOf(core.preAuthEncoding).toEqualTypeOf<(payloadType: string, payload: Uint8Array) => Uint8Array>();
    expectTypeOf(core.decodeBase64).toEqualTypeOf<(text: string, what: string) => Uint8Array>();
  });

  test("digests", () => {
    expectTypeOf<AcceptableAlgorithm>().toExtend<DigestAlgorithm>();
    expectTypeOf<"md5">().toExtend<DigestAlgorithm>();
    expectTypeOf<"md5">().not.toExtend<AcceptableAlgorithm>();
    expectTypeOf<"narSha256">().not.toExtend<AcceptableAlgorithm>();
    expectTypeOf<DigestComparison["kind"]>().toEqualTypeOf<"match" | "differ" | "conflict" | "incomparable">();
    expectTypeOf(core.isDigestAlgorithm).guards.toEqualTypeOf<DigestAlgorithm>();
    expectTypeOf(core.isAcceptableAlgorithm).guards.toEqualTypeOf<AcceptableAlgorithm>();
    expectTypeOf(core.isTreeAlgorithm).guards.toEqualTypeOf<TreeAlgorithm>();
    expectTypeOf<TreeAlgorithm>().toEqualTypeOf<AcceptableAlgorithm | "narSha256">();
    expectTypeOf(core.isTouchmarkError).guards.toEqualTypeOf<TouchmarkError>();
  });

  test("schemas and their types have one name", () => {
    expectTypeOf<z.output<typeof core.Subject>>().toEqualTypeOf<Subject>();
    expectTypeOf<z.output<typeof core.ResourceDescriptor>>().toEqualTypeOf<ResourceDescriptor>();
    expectTypeOf<z.output<typeof core.DigestSet>>().toEqualTypeOf<DigestSet>();
    expectTypeOf<Reported>().toExtend<ResourceDescriptor>();
    expectTypeOf<Reported["reportedBy"]>().toEqualTypeOf<string>();
    expectTypeOf(core.fillNameTemplate).parameter(1).toEqualTypeOf<NameParts>();
    expectTypeOf<Code>().toEqualTypeOf<keyof typeof core.EXIT_BY_CODE>();
  });
});

test("the exported values, each on purpose", () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "ACCEPTABLE_ALGORITHMS",
      "AnyObject",
      "BUNDLE_V03",
      "DECLARED",
      "DIRTY",
      "DigestSet",
      "EMPTY_SUBJECTS_FILE",
      "EXIT_BY_CODE",
      "GITHUB_ISSUER",
      "INTOTO_PAYLOAD_TYPE",
      "LOCAL_BUILDER",
      "MAX_BUNDLE_LINES",
      "MAX_DESCRIPTORS",
      "MAX_EVIDENCE_BYTES",
      "MAX_EVIDENCE_LINES",
      "MAX_JSON_DEPTH",
      "MAX_JSON_MEMBERS",
      "MAX_JSON_VALUES",
      "MAX_METADATA_BYTES",
      "MAX_NAME_LENGTH",
      "MAX_SMALL_FILE_BYTES",
      "MAX_SUBJECTS",
      "MAX_TAG",
      "MAX_VERSION",
      "PEER_MAX_SUBJECTS",
      "PROVENANCE_V01",
      "PROVENANCE_V02",
      "PROVENANCE_V1",
      "PayloadType",
      "ProvenanceV01",
      "ProvenanceV02",
      "ProvenanceV1",
      "RELEASE_PREDECESSOR",
      "RELEASE_V01",
      "RELEASE_V02",
      "REPORTED_BY",
      "RESERVED_ANNOTATION_PREFIX",
      "ResourceDescriptor",
      "STATEMENT_V01",
      "STATEMENT_V1",
      "SUBJECTS_FILE_TYPE",
      "Subject",
      "TREE_ALGORITHMS",
      "TouchmarkError",
      "VSA_V1",
      "algorithmByName",
      "attempt",
      "attemptOrNull",
      "boundedArray",
      "boundedText",
      "checkParts",
      "checkSubjectName",
      "combine",
      "comparableRepository",
      "compareReleases",
      "compareSubjects",
      "compareText",
      "compareVersionedTag",
      "compareVersions",
      "compareWithBytes",
      "compareWithDigest",
      "compareWithTree",
      "decodeBase64",
      "decodeUtf8",
      "decodedText",
      "encodeBase64",
      "encodeBundle",
      "encodeJson",
      "encodeKeyBundle",
      "encodeMessageBundle",
      "encodeStatement",
      "encodeSubjectsFile",
      "fillNameTemplate",
      "finding",
      "findingOf",
      "generate",
      "gitHubServer",
      "hostedRepository",
      "isAcceptableAlgorithm",
      "isDigestAlgorithm",
      "isJsonObject",
      "isProvenance",
      "isPurl",
      "isReleaseList",
      "isTouchmarkError",
      "isTreeAlgorithm",
      "isWellFormedDigest",
      "issueText",
      "lastSegment",
      "mergeSubjects",
      "messageBundleIn",
      "namePartsOf",
      "namedCurve",
      "nearest",
      "nullishAs",
      "parseAttachedStatement",
      "parseBundle",
      "parseBundleFile",
      "parseChecksumText",
      "parseDigest",
      "parseIntegrity",
      "parseJson",
      "parseJsonText",
      "parseMessageBundle",
      "parseStatement",
      "parseSubjectsFile",
      "preAuthEncoding",
      "readDependencies",
      "readGoVersion",
      "readProvenance",
      "readRelease",
      "readSlsaResult",
      "readSource",
      "readVerificationSummary",
      "readWith",
      "refuseEnvelope",
      "refuseValue",
      "releaseOf",
      "sameDigests",
      "sameRepository",
      "showDigest",
      "splitEvidenceFile",
      "splitStatement",
      "stableText",
      "stateRelease",
      "stateSummary",
      "subjectKey",
      "subjectsFileOf",
    ]
  `);
});
