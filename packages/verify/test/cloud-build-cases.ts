import { preAuthEncoding } from "@touchmark/core";
import { newTestKey, type TestKey } from "@touchmark/testkit/sigstore";
import { trustedCloudBuild } from "../src/cloud-build/trust-cloud-build.ts";
import type { CloudBuildTrust } from "../src/cloud-build/trusted.ts";
import { sha256 } from "./signed-bundles.ts";

/** Provenance as Google Cloud Build makes it, signed with keys of the tests' own. */
export const WORKER = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
const RING = "projects/verified-builder/locations";
export const REGION_KEY_ID = `${RING}/us-west2/keyRings/attestor/cryptoKeys/builtByGCB/cryptoKeyVersions/1`;
export const PAE_V1_KEY_ID = `${RING}/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1`;
export const PAE_V01_KEY_ID = `${RING}/global/keyRings/attestor/cryptoKeys/provenanceSigner/cryptoKeyVersions/1`;

const INTOTO = "application/vnd.in-toto+json";
export const IMAGE_DIGEST = sha256("image");
const COMMIT = "1f".repeat(20);
const NAME = "us-docker.pkg.dev/octo/images/widgets";

export const REGION_KEY = newTestKey();
export const PAE_V1_KEY = newTestKey();
export const PAE_V01_KEY = newTestKey();
export const CLOUD_BUILD_TEST_KEYS = new Map([
  ["us-west2", REGION_KEY.publicKey],
  ["global-pae-google-hosted-worker_1", PAE_V1_KEY.publicKey],
  ["global-pae-provenanceSigner_1", PAE_V01_KEY.publicKey],
]);

export function cloudBuildTrust(source: string | null = "octo/widgets"): CloudBuildTrust {
  return trustedCloudBuild({ keys: CLOUD_BUILD_TEST_KEYS, label: "gcb-keys", date: null, source });
}

const SUBJECT = [
  { name: `https://${NAME}`, digest: { sha256: IMAGE_DIGEST } },
  { name: `https://${NAME}:v1.2.0`, digest: { sha256: IMAGE_DIGEST } },
];

/** v0.1, by the worker v0.3. */
export function statementV01() {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v0.1",
    subject: structuredClone(SUBJECT),
    predicate: {
      builder: { id: `${WORKER}@v0.3` },
      recipe: {
        type: "https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1",
        entryPoint: "cloudbuild.yaml",
        arguments: {
          "@type": "type.googleapis.com/google.devtools.cloudbuild.v1.Build",
          substitutions: { TAG_NAME: "v1.2.0" } as Record<string, string>,
        },
      },
      metadata: { buildInvocationId: "11f6", buildStartedOn: "2026-01-15T12:00:00Z" },
      materials: [{ uri: "https://github.com/octo/widgets", digest: { sha1: COMMIT } as Record<string, string> }],
    },
  };
}

export function statementV1() {
  return {
    _type: "https://in-toto.io/Statement/v1",
    predicateType: "https://slsa.dev/provenance/v1",
    subject: structuredClone(SUBJECT),
    predicate: {
      buildDefinition: {
        buildType: "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
        externalParameters: {
          buildConfigSource: {
            repository: "git+https://github.com/octo/widgets",
            ref: "refs/tags/v1.2.0",
            path: "cloudbuild.yaml",
          },
        } as Record<string, unknown>,
        internalParameters: { systemSubstitutions: { TAG_NAME: "v1.2.0" } as Record<string, string> },
        resolvedDependencies: [
          { uri: "git+https://github.com/octo/widgets@refs/tags/v1.2.0", digest: { gitCommit: COMMIT } },
        ],
      },
      runDetails: { builder: { id: WORKER } },
    },
  };
}

export type StatementV01 = ReturnType<typeof statementV01>;
export type StatementV1 = ReturnType<typeof statementV1>;

interface Signature {
  keyid: string;
  sig: string;
}

/** Over the payload alone, as the keys of regions sign. */
export function bareSignature(statement: unknown, key: TestKey = REGION_KEY, keyid = REGION_KEY_ID): Signature {
  return { keyid, sig: Buffer.from(key.sign(bytesOf(statement))).toString("base64") };
}

/** As DSSE says. */
export function paeSignature(statement: unknown, keyid: string, key: TestKey): Signature {
  return { keyid, sig: Buffer.from(key.sign(preAuthEncoding(INTOTO, bytesOf(statement)))).toString("base64") };
}

/** One record of a description; the text for people says what is signed. */
export function record(
  statement: StatementV01 | StatementV1,
  signatures: readonly Signature[] = "recipe" in statement.predicate
    ? [bareSignature(statement)]
    : [paeSignature(statement, PAE_V1_KEY_ID, PAE_V1_KEY)],
) {
  const { predicate, ...head } = structuredClone(statement);
  return {
    kind: "BUILD",
    resourceUri: `https://${NAME}@sha256:${IMAGE_DIGEST}`,
    build: ("recipe" in predicate
      ? { intotoStatement: { ...head, slsaProvenance: predicate } }
      : { inTotoSlsaProvenanceV1: { ...head, predicate } }) as Record<string, unknown>,
    envelope: {
      payloadType: INTOTO,
      payload: Buffer.from(bytesOf(statement)).toString("base64"),
      signatures: [...signatures],
    },
  };
}

export function description(...provenance: unknown[]) {
  return {
    image_summary: {
      digest: `sha256:${IMAGE_DIGEST}`,
      fully_qualified_digest: `${NAME}@sha256:${IMAGE_DIGEST}`,
    },
    provenance_summary: { provenance },
  };
}

export function bytesOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}
