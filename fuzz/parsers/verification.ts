import { parseBundle, parseStatement, readProvenance } from "../../packages/core/src/index.ts";
import { RELEASE_RUN, signBundle } from "../../packages/testkit/src/sigstore/index.ts";
import { authenticate } from "../../packages/verify/src/authenticate.ts";
import { checkAgreement } from "../../packages/verify/src/certificate/agreement.ts";
import { readLeaf } from "../../packages/verify/src/certificate/leaf.ts";
import { verifyOne } from "../../packages/verify/src/verify-one.ts";
import {
  bytesOf,
  githubPredicate,
  IDENTITY,
  ISSUER,
  PAYLOAD,
  roots,
  SUBJECT,
  sign,
  sigstore,
  trusting,
} from "../../packages/verify/test/certificate-cases.ts";
import { statementBytes } from "../../packages/verify/test/signed-bundles.ts";
import type { Parser } from "../parser.ts";
import { base64 } from "./sound-inputs.ts";

const FILE = new TextEncoder().encode("tool");
const file = bytesOf(signBundle(sigstore, FILE, { content: "message" }).bundle);
const leaf = readLeaf(base64(sign().verificationMaterial.certificate?.rawBytes));
const trusted = trusting();

/** Those of the table in docs/verification.md that are v1, and one that is in no table. */
const BUILD_TYPES = [
  "https://actions.github.io/buildtypes/workflow/v1",
  "https://touchmark.dev/buildtypes/github-actions/v1",
  "https://touchmark.dev/buildtypes/gitlab-ci/v1",
  "https://slsa.dev/container-based-build/v0.1?draft",
  "https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0",
  "https://builder.example/unknown/v1",
];

/** Everything together: what is accepted says what was signed, whatever stands around it. */
export const verificationParsers: readonly Parser[] = [
  {
    name: "predicate",
    sound: BUILD_TYPES.map((buildType) => statementBytes({ subject: [SUBJECT], predicate: predicateOf(buildType) })),
    codes: ["PREDICATE_MISMATCH", "STATEMENT_MALFORMED"],
    read(payload) {
      const statement = parseStatement(payload);
      const provenance = readProvenance(statement);
      if (provenance !== null) checkAgreement(statement, provenance, leaf);
    },
  },
  {
    name: "signed-statement",
    sound: (["dsse-0.0.1", "intoto-0.0.2", "hashedrekord-0.0.2"] as const).map((entry) => bytesOf(sign({ entry }))),
    codes: ["BUNDLE_MALFORMED", "EVIDENCE_TOO_LARGE"],
    read(bytes) {
      const bundle = parseBundle(bytes);
      if (authenticate(bundle, [trusted]).kind === "refused" || Buffer.compare(bundle.payload, PAYLOAD) === 0) return;
      throw new Error("a payload that nobody signed is verified");
    },
  },
  ...(["bytes", "digest"] as const).map((kind): Parser => {
    const artifact = kind === "bytes" ? { kind, bytes: FILE } : { kind, sha256: SUBJECT.digest.sha256 };
    return {
      name: `signed-file-by-${kind}`,
      sound: [file, bytesOf(sign())],
      codes: [
        "BUNDLE_MALFORMED",
        "CERTIFICATE_INVALID",
        "DIGEST_MISMATCH",
        "EVIDENCE_TOO_LARGE",
        "LOG_ENTRY_INVALID",
        "NOT_COVERED",
        "SIGNATURE_INVALID",
        "SIGNER_UNTRUSTED",
        "STATEMENT_MALFORMED",
        "TIMESTAMP_INVALID",
      ],
      read: (bytes) => verifyOne(bytes, artifact, { kind: "identity", identity: IDENTITY, issuer: ISSUER }, roots),
    };
  }),
];

/** What any of the build types may say, all of it true of the run. */
function predicateOf(buildType: string) {
  const { buildDefinition, runDetails } = githubPredicate();
  const { sourceRepositoryUri: repository, sourceRepositoryRef: ref, buildConfigUri, buildConfigDigest } = RELEASE_RUN;
  return {
    buildDefinition: {
      ...buildDefinition,
      buildType,
      externalParameters: {
        ...buildDefinition.externalParameters,
        trigger: RELEASE_RUN.buildTrigger,
        config: buildConfigUri,
        source: { repository, ref },
      },
      internalParameters: {
        ...buildDefinition.internalParameters,
        config_sha: buildConfigDigest,
        project_id: RELEASE_RUN.sourceRepositoryId,
        GITHUB_RUN_ID: 42,
        GITHUB_REF: ref,
        GITHUB_EVENT_PAYLOAD: { ref, repository: { id: 1001, owner: { login: "octo" } } },
      },
    },
    runDetails,
  };
}
